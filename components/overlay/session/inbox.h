// SPDX-License-Identifier: Apache-2.0
// Messages from the peer: put together from fragments that come in any order
// and any number of times, given out in the order in which they were sent.
//
// Holds what is at most kWindow messages ahead of the next; all else is
// dropped and will be repeated.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_SESSION_INBOX_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_SESSION_INBOX_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "components/overlay/session/outbox.h"
#include "components/overlay/wire/frame.h"

namespace overlay {

class Inbox {
 public:
  // False where the fragment contradicts itself or others of its message.
  bool Take(const FragmentFrame& fragment);
  // The next message where it is whole; it is then behind us.
  std::optional<std::vector<uint8_t>> Next();

  AckFrame Ack() const;
  void Restart();

  uint32_t next() const { return next_; }
  size_t held_bytes() const;

 private:
  struct Parts {
    std::vector<uint8_t> bytes;  // empty: nothing of it was seen
    uint32_t seen = 0;           // bit i: the i-th fragment
  };

  Parts& SlotOf(uint32_t message) { return slots_[message % kWindow]; }
  bool IsWhole(uint32_t message) const;

  uint32_t next_ = 0;
  std::array<Parts, kWindow> slots_;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_SESSION_INBOX_H_
