// SPDX-License-Identifier: Apache-2.0
// std::condition_variable(_any) for tasks. notify_one wakes whoever has waited
// longest; there are no spurious wake-ups; a time-out comes only when nobody
// else can go on.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CONDITION_VARIABLE_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CONDITION_VARIABLE_H_

#include <condition_variable>

#include "framework/schedule/sync/clock.h"
#include "framework/schedule/sync_object.h"

namespace formfuzz::sync {

class condition_variable_any {
 public:
  constexpr condition_variable_any() noexcept = default;

  void notify_one();
  void notify_all();

  template <class Lock>
  void wait(Lock& lock) {
    WaitUntilMs(lock, kNever);
  }
  template <class Lock, class Predicate>
  void wait(Lock& lock, Predicate holds) {
    while (!holds()) wait(lock);
  }

  template <class Lock>
  std::cv_status wait_until(Lock& lock, clock::time_point time) {
    return WaitUntilMs(lock, clock::to_ms(time)) ? std::cv_status::no_timeout
                                                 : std::cv_status::timeout;
  }
  template <class Lock, class Predicate>
  bool wait_until(Lock& lock, clock::time_point time, Predicate holds) {
    while (!holds()) {
      if (wait_until(lock, time) == std::cv_status::timeout) return holds();
    }
    return true;
  }
  template <class Lock, class Rep, class Period>
  std::cv_status wait_for(Lock& lock,
                          const std::chrono::duration<Rep, Period>& time) {
    return wait_until(lock,
                      clock::now() + std::chrono::ceil<clock::duration>(time));
  }
  template <class Lock, class Rep, class Period, class Predicate>
  bool wait_for(Lock& lock, const std::chrono::duration<Rep, Period>& time,
                Predicate holds) {
    return wait_until(lock,
                      clock::now() + std::chrono::ceil<clock::duration>(time),
                      std::move(holds));
  }

 private:
  static constexpr uint64_t kNever = UINT64_MAX;

  // Nothing comes between leaving the lock and waiting.
  template <class Lock>
  bool WaitUntilMs(Lock& lock, uint64_t deadline_ms) {
    lock.unlock();
    const bool in_time = Park(deadline_ms);
    lock.lock();
    return in_time;
  }
  bool Park(uint64_t deadline_ms);

  SyncObject object_{"condition_variable"};
};

using condition_variable = condition_variable_any;

}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CONDITION_VARIABLE_H_
