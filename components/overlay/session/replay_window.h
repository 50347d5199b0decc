// SPDX-License-Identifier: Apache-2.0
// Which counters of an epoch were seen: each is let through once, and none
// that is further behind the highest than the window is wide (RFC 6479's
// purpose; 64 counters suffice for what networks reorder).
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_SESSION_REPLAY_WINDOW_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_SESSION_REPLAY_WINDOW_H_

#include <cstdint>

namespace overlay {

class ReplayWindow {
 public:
  static constexpr uint64_t kWidth = 64;

  bool WouldAccept(uint64_t counter) const;
  // To be called for authentic packets only.
  void Note(uint64_t counter);
  // One above the highest that was noted.
  uint64_t next() const { return next_; }

 private:
  uint64_t next_ = 0;
  uint64_t seen_ = 0;  // bit i: next_ - 1 - i
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_SESSION_REPLAY_WINDOW_H_
