// SPDX-License-Identifier: Apache-2.0
// What one member was asked to send to the other, and what of it arrived: the
// model of an ordered, reliable stream that may be cut off by a new beginning.
//
// Every message is told by its number and its size, which its bytes follow
// from.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_MESSAGE_LEDGER_H_
#define FORMFUZZ_HARNESSES_NETWORKING_MESSAGE_LEDGER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "components/overlay/wire/bytes.h"

namespace formfuzz {

class MessageLedger {
 public:
  // What every message of 16 bytes or more holds: nothing that is on a wire
  // may.
  static constexpr uint64_t kMark = 0x736563726574e29c;
  static bool IsMarked(overlay::Bytes bytes);

  explicit MessageLedger(uint8_t direction) : direction_(direction) {}

  // The next message, which Sent then says was taken.
  std::vector<uint8_t> Next(size_t size) const;
  void Sent(size_t size) { messages_.push_back({size, false}); }
  // Something sealed left the sender: any message may have been in it.
  void MayBeOut() { out_end_ = messages_.size(); }

  // What is wrong with this arriving now; empty if nothing is.
  std::string Arrived(overlay::Bytes message);
  // The sender gave up `count` messages, and holds `queued` younger ones.
  // False where there are not as many, or where it must not give up what never
  // left and does.
  enum class MayGiveUp : uint8_t { kAll, kWhatLeft };
  bool GivenUp(size_t count, size_t queued, MayGiveUp what);

  // Of those not given up, that did not arrive.
  size_t missing() const;
  size_t sent_count() const { return messages_.size(); }
  size_t arrived_count() const { return arrived_; }

 private:
  struct Message {
    size_t size;
    bool given_up;
  };

  std::vector<uint8_t> BytesOf(size_t number, size_t size) const;

  uint8_t direction_;
  std::vector<Message> messages_;
  size_t next_ = 0;     // the first that may still arrive
  size_t out_end_ = 0;  // all below it may have left the sender
  size_t arrived_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_MESSAGE_LEDGER_H_
