// SPDX-License-Identifier: Apache-2.0
// Missed wake-up: who sets the event does not take the lock, so it may notify
// after the waiter has looked and before it waits. Nobody notifies again.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_MISSED_WAKEUP_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_MISSED_WAKEUP_H_

#include <mutex>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class Event {
 public:
  void Wait() {
    if constexpr (kDefective) {
      if (is_set_.load()) return;  // looked, and the lock is not held yet
      std::unique_lock lock(mutex_);
      changed_.wait(lock);
    } else {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return is_set_.load(); });
    }
  }
  void Set() {
    const std::lock_guard lock(mutex_);
    is_set_.store(true);
    changed_.notify_all();
  }

 private:
  typename Sync::mutex mutex_;
  typename Sync::condition_variable changed_;
  typename Sync::template atomic<bool> is_set_{false};
};

template <bool kDefective>
class MissedWakeup {
 public:
  void Wait() { event_.Wait(); }
  void Set() { event_.Set(); }

  static void Describe(HarnessBuilder<MissedWakeup> harness) {
    harness.Step("await", &MissedWakeup::Wait)
        .Step("set", &MissedWakeup::Set)
        .Strategy("race", {"await", "set"}, Tasks(2));
  }

 private:
  Event<TaskSync, kDefective> event_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_MISSED_WAKEUP_H_
