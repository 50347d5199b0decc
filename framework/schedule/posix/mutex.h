// SPDX-License-Identifier: Apache-2.0
// A pthread_mutex_t as the scheduler sees it; its kind stays in the object
// itself, where initialisers of every sort put it.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_MUTEX_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_MUTEX_H_

#include <pthread.h>

#include <cstdint>

#include "framework/schedule/scheduler.h"
#include "framework/schedule/sync/mutex.h"

namespace formfuzz {

struct PosixMutex {
  sync::timed_mutex mutex;
  uint8_t owner = kNobody;
  uint32_t depth = 0;  // how often its owner has taken it
};

// Of the run under way.
PosixMutex& MutexOf(Scheduler& scheduler, const pthread_mutex_t* mutex);

// What a condition leaves and takes again, however deep it is locked.
class PosixMutexHold {
 public:
  PosixMutexHold(Scheduler& scheduler, PosixMutex& mutex)
      : scheduler_(scheduler), mutex_(mutex), depth_(mutex.depth) {}

  void unlock() {
    mutex_.owner = kNobody;
    mutex_.depth = 0;
    mutex_.mutex.unlock();
  }
  void lock() {
    mutex_.mutex.lock();
    mutex_.owner = scheduler_.current();
    mutex_.depth = depth_;
  }

 private:
  Scheduler& scheduler_;
  PosixMutex& mutex_;
  uint32_t depth_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_POSIX_MUTEX_H_
