// SPDX-License-Identifier: Apache-2.0
// Messages that are to reach the peer: numbered, cut into fragments, repeated
// with growing pauses until acknowledged.
//
// Holds at most kOutboxMessagesMax messages; of these the first kWindow are on
// their way at a time.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_SESSION_OUTBOX_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_SESSION_OUTBOX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "components/overlay/node/settings.h"
#include "components/overlay/wire/frame.h"

namespace overlay {

inline constexpr size_t kOutboxMessagesMax = 64;
inline constexpr uint32_t kWindow = 16;  // messages; AckFrame has 32 bits

class Outbox {
 public:
  // False where it is full.
  bool Add(Bytes message);

  // Passes every fragment that is to be sent now to `send`.
  template <class Send>
  void SendDue(const Settings& settings, int64_t now_ms, Send&& send) {
    while (Pending* const due = NextDue(now_ms)) {
      ForEachFragment(*due, send);
      NoteSent(*due, settings, now_ms);
    }
  }
  // When something is to be sent again; kNever where nothing is.
  int64_t DeadlineMs() const;

  // False, and nothing done, where it acknowledges what was never sent.
  bool Acknowledge(const AckFrame& ack, const Settings& settings,
                   int64_t now_ms);

  // The peer lost all it knew: what may have reached it is given up, the rest
  // is numbered anew. How many messages were given up.
  size_t Restart();
  size_t Clear();
  // All is due now: the way to the peer is another.
  void Hurry(const Settings& settings, int64_t now_ms);

  size_t size() const { return queue_.size(); }
  size_t held_bytes() const;
  uint32_t first() const { return first_; }
  // Of the queue, that were sent at least once.
  size_t on_the_way() const;

 private:
  struct Pending {
    uint32_t number = 0;
    std::vector<uint8_t> bytes;
    bool sent = false;
    bool acknowledged = false;
    int64_t due_ms = 0;
    int64_t pause_ms = 0;
  };

  Pending* NextDue(int64_t now_ms);
  static void NoteSent(Pending& message, const Settings& settings,
                       int64_t now_ms);
  template <class Send>
  static void ForEachFragment(const Pending& message, Send&& send) {
    const Bytes all(message.bytes);
    const auto total = static_cast<uint16_t>(all.size());
    for (size_t at = 0; at < all.size(); at += kFragmentBytes) {
      const size_t size = std::min(kFragmentBytes, all.size() - at);
      send(FragmentFrame{message.number, total, static_cast<uint16_t>(at),
                         all.subspan(at, size)});
    }
  }
  uint32_t WindowEnd() const;
  void DropAcknowledged();

  std::vector<Pending> queue_;
  uint32_t first_ = 0;  // the number of the first in the queue
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_SESSION_OUTBOX_H_
