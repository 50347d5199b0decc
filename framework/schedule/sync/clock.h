// SPDX-License-Identifier: Apache-2.0
// Time for tasks: it passes only while nobody can go on, and nothing sleeps.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CLOCK_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CLOCK_H_

#include <chrono>
#include <cstdint>

namespace formfuzz::sync {

// In place of a steady clock of std::chrono; counts milliseconds.
struct clock {
  using duration = std::chrono::milliseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<clock>;
  static constexpr bool is_steady = true;

  static time_point now();

  static uint64_t to_ms(time_point time) {
    return static_cast<uint64_t>(time.time_since_epoch().count());
  }
  // When `time` from now is over; what is shorter than a tick takes one.
  template <class Rep, class Period>
  static uint64_t deadline_ms(const std::chrono::duration<Rep, Period>& time) {
    return to_ms(now() + std::chrono::ceil<duration>(time));
  }
};

namespace this_thread {

// Lets the next task go on that can.
void yield();
void sleep_until(clock::time_point time);
template <class Rep, class Period>
void sleep_for(const std::chrono::duration<Rep, Period>& time) {
  sleep_until(clock::now() + std::chrono::ceil<clock::duration>(time));
}

}  // namespace this_thread
}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CLOCK_H_
