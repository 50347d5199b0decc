// SPDX-License-Identifier: Apache-2.0
// Moments of POSIX in the time of a run, which every clock of it shows.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_TIME_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_TIME_H_

#include <cstdint>
#include <ctime>

#include "framework/schedule/sync/clock.h"

namespace formfuzz {

inline constexpr int64_t kNsPerMs = 1'000'000;
inline constexpr int64_t kNsPerSecond = 1'000'000'000;

inline bool IsTime(const timespec& time) {
  return time.tv_nsec >= 0 && time.tv_nsec < kNsPerSecond;
}

// Rounded up; a moment before the first is the first.
inline uint64_t MsOf(const timespec& time) {
  if (time.tv_sec < 0) return 0;
  return static_cast<uint64_t>(time.tv_sec) * 1000 +
         static_cast<uint64_t>((time.tv_nsec + kNsPerMs - 1) / kNsPerMs);
}

inline timespec TimeOf(uint64_t ms) {
  return {static_cast<time_t>(ms / 1000),
          static_cast<long>(ms % 1000) * kNsPerMs};
}

inline sync::clock::time_point MomentOf(const timespec& time) {
  return sync::clock::time_point(
      sync::clock::duration(static_cast<sync::clock::rep>(MsOf(time))));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_TIME_H_
