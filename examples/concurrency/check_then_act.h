// SPDX-License-Identifier: Apache-2.0
// Check, then act: every access is under the lock, and yet the last seat is
// sold twice, because the lock is dropped between looking and taking.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_CHECK_THEN_ACT_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_CHECK_THEN_ACT_H_

#include <mutex>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class SeatPlan {
 public:
  explicit SeatPlan(int seats) : left_(seats) {}

  bool Reserve() {
    std::unique_lock lock(mutex_);
    if (left_ == 0) return false;
    if constexpr (kDefective) {
      lock.unlock();
      lock.lock();
    }
    --left_;
    return true;
  }
  int left() const {
    const std::lock_guard lock(mutex_);
    return left_;
  }

 private:
  mutable typename Sync::mutex mutex_;
  int left_;
};

template <bool kDefective>
class CheckThenAct {
 public:
  bool Reserve() { return plan_.Reserve(); }
  bool NoSeatIsSoldTwice() const { return plan_.left() >= 0; }

  static void Describe(HarnessBuilder<CheckThenAct> harness) {
    harness.Step("reserve", &CheckThenAct::Reserve)
        .Strategy("race", {"reserve"}, Tasks(2))
        .Invariant("NoSeatIsSoldTwice", &CheckThenAct::NoSeatIsSoldTwice);
  }

 private:
  SeatPlan<TaskSync, kDefective> plan_{1};
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_CHECK_THEN_ACT_H_
