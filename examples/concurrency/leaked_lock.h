// SPDX-License-Identifier: Apache-2.0
// Leaked lock: a path that is taken only while another task is at work returns
// without releasing. Whoever comes next waits for ever.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_LEAKED_LOCK_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_LEAKED_LOCK_H_

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class Backup {
 public:
  // False when one is being made already.
  bool Make() {
    mutex_.lock();
    if (busy_) {
      if (!kDefective) mutex_.unlock();
      return false;
    }
    busy_ = true;
    mutex_.unlock();
    FORMFUZZ_YIELD("backup.copy");
    mutex_.lock();
    busy_ = false;
    mutex_.unlock();
    return true;
  }

 private:
  typename Sync::mutex mutex_;
  bool busy_ = false;
};

template <bool kDefective>
class LeakedLock {
 public:
  bool Make() { return backup_.Make(); }

  static void Describe(HarnessBuilder<LeakedLock> harness) {
    harness.Step("make", &LeakedLock::Make)
        .Strategy("race", {"make"}, Tasks(2));
  }

 private:
  Backup<TaskSync, kDefective> backup_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_LEAKED_LOCK_H_
