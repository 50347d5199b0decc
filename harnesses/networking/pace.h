// SPDX-License-Identifier: Apache-2.0
// How fast a member may talk.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_PACE_H_
#define FORMFUZZ_HARNESSES_NETWORKING_PACE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "components/overlay/node/settings.h"

namespace formfuzz {

// What is sent of one kind, and may be so often in ten seconds.
template <uint32_t kMax>
class Pace {
 public:
  bool IsTooFast(int64_t now_ms) {
    if (now_ms - since_ms_ >= 10'000) {
      since_ms_ = now_ms;
      count_ = 0;
    }
    return ++count_ > kMax;
  }

 private:
  int64_t since_ms_ = 0;
  uint32_t count_ = 0;
};

// STUN requests and registrations: every candidate, as often as pauses that
// double let it, and not as fast as answers come.
using PaceOfQuestions = Pace<200>;
// Packets that are to say that somebody is there, or where: a few for each
// session that begins, and for each change, which steps may ask for.
using PaceOfSigns = Pace<100>;

// What is said again while it is not answered, after pauses that double from
// the first to the longest.
struct Repetition {
  int64_t due_ms = overlay::kNever;
  int64_t pause_ms = 0;

  void Said(int64_t now_ms, int64_t first_ms, int64_t last_ms) {
    pause_ms = pause_ms == 0 ? first_ms : std::min(2 * pause_ms, last_ms);
    due_ms = now_ms + pause_ms;
  }
  bool IsLate(int64_t now_ms) const { return due_ms < now_ms; }
};

// What is sent while nothing comes back.
struct Silence {
  int64_t since_ms = 0;
  uint32_t renewals = 0;    // handshakes for a new key of a session
  uint32_t beginnings = 0;  // for a new session
  size_t sealed = 0;        // packets
};
// A handshake is repeated after 0.5, 1, 2, 4, 8 s: six of either kind. Who
// asks for a new key may take the other for gone meanwhile, and begin anew.
// A message is repeated after 0.3, 0.6, 1.2, 2.4, 4.8, 5 s, and from the
// beginning once where a path is lost.
inline constexpr int64_t kSilenceMs = 20'000;
inline constexpr uint32_t kHandshakesMax = 6;
inline constexpr size_t kRepetitionsMax = 16;

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_PACE_H_
