// SPDX-License-Identifier: Apache-2.0
// The keys that a session may use at a time: those it sends with, those
// before them, with which packets may still be on their way, and those it
// answered a handshake with but has not yet heard used.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_SESSION_EPOCH_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_SESSION_EPOCH_H_

#include <array>
#include <cstdint>
#include <optional>

#include "components/overlay/session/handshake.h"
#include "components/overlay/session/replay_window.h"

namespace overlay {

struct Epoch {
  SessionKeys keys;
  uint32_t local_index = 0;  // others write it into what they send us
  uint32_t remote_index = 0;
  uint64_t remote_stream = 0;
  uint64_t sent = 0;  // packets; the next one's counter
  ReplayWindow received;
  int64_t born_ms = 0;
  bool is_ours = false;  // this side began it, and renews it
};

class Epochs {
 public:
  // To send with; null where there is none.
  Epoch* current() { return Get(current_); }
  const Epoch* current() const { return Get(current_); }
  const Epoch* previous() const { return Get(previous_); }
  const Epoch* next() const { return Get(next_); }

  // The epoch that packets with this index are for, whichever it is.
  Epoch* Find(uint32_t local_index);
  bool Knows(uint32_t local_index) const;

  // The other side answered our handshake: it has the keys already.
  void Adopt(const Epoch& epoch);
  // We answered its handshake: it is yet to be seen to have the keys.
  void Propose(const Epoch& epoch) { next_ = epoch; }
  // A packet for this epoch was authentic; true if that made it the current.
  bool Confirm(uint32_t local_index);

  // The side that leads sent with this one: the other does so, too, and both
  // settle on the same where two handshakes crossed, or one was confirmed long
  // after it was answered. A packet of the leader's that was overtaken leads
  // back to the keys before, which both still have, until its next. Keys that
  // are new and not yet heard used are kept to: the leader may not know them.
  void Follow(uint32_t local_index, int64_t new_from_ms);

  // Leaves those alone that belong to this stream of the other side's.
  void ForgetOtherStreams(uint64_t stream);
  void Clear();
  // Drops those born at that time or before. One that is left is sent with.
  void DropOlder(int64_t born_ms);

 private:
  using Slot = std::optional<Epoch>;
  static Epoch* Get(Slot& slot) { return slot.has_value() ? &*slot : nullptr; }
  static const Epoch* Get(const Slot& slot) {
    return slot.has_value() ? &*slot : nullptr;
  }

  Slot current_;
  Slot previous_;
  Slot next_;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_SESSION_EPOCH_H_
