// SPDX-License-Identifier: Apache-2.0
// pthread_rwlock_*. Readers come in whenever there is no writer, as with
// glibc's default, so that a writer can starve.
#include <cerrno>

#include "framework/schedule/posix/real.h"
#include "framework/schedule/posix/run_or.h"
#include "framework/schedule/posix/run_table.h"
#include "framework/schedule/posix/time.h"
#include "framework/schedule/sync/shared_mutex.h"

namespace formfuzz {
namespace {

struct PosixRwlock {
  sync::shared_timed_mutex mutex;
  uint8_t writer = kNobody;
  // Of each task; a reader may take it again.
  std::array<uint16_t, kRunningTasksMax> reads{};
};

constinit RunTable<PosixRwlock> rwlocks;

PosixRwlock& Of(Scheduler& scheduler, pthread_rwlock_t* lock) {
  return rwlocks.Of(lock, scheduler.run());
}

int Init(Scheduler& scheduler, pthread_rwlock_t* object,
         const pthread_rwlockattr_t* attributes) {
  rwlocks.Forget(object, scheduler.run());
  return __real_pthread_rwlock_init(object, attributes);
}

// `take` gets a share from whoever writes, and gives 0, or why not.
template <class Take>
int ReadBy(Scheduler& scheduler, pthread_rwlock_t* object, int if_own,
           const Take& take) {
  PosixRwlock& lock = Of(scheduler, object);
  if (lock.writer == scheduler.current()) return if_own;
  uint16_t& reads = lock.reads[scheduler.current()];
  const int failed = reads > 0 ? 0 : take(lock.mutex);
  if (failed == 0) ++reads;
  return failed;
}

template <class Take>
int WriteBy(Scheduler& scheduler, pthread_rwlock_t* object, int if_own,
            const Take& take) {
  PosixRwlock& lock = Of(scheduler, object);
  if (lock.writer == scheduler.current()) return if_own;
  const int failed = take(lock.mutex);
  if (failed == 0) lock.writer = scheduler.current();
  return failed;
}

int Read(Scheduler& scheduler, pthread_rwlock_t* object) {
  return ReadBy(scheduler, object, EDEADLK, [](sync::shared_mutex& mutex) {
    mutex.lock_shared();
    return 0;
  });
}

int TryRead(Scheduler& scheduler, pthread_rwlock_t* object) {
  return ReadBy(scheduler, object, EBUSY, [](sync::shared_mutex& mutex) {
    return mutex.try_lock_shared() ? 0 : EBUSY;
  });
}

int ReadUntil(Scheduler& scheduler, pthread_rwlock_t* object,
              const timespec* deadline) {
  return ReadBy(
      scheduler, object, EDEADLK, [=](sync::shared_timed_mutex& mutex) {
        if (!IsTime(*deadline)) return EINVAL;
        return mutex.try_lock_shared_until(MomentOf(*deadline)) ? 0 : ETIMEDOUT;
      });
}

int Write(Scheduler& scheduler, pthread_rwlock_t* object) {
  return WriteBy(scheduler, object, EDEADLK, [](sync::shared_mutex& mutex) {
    mutex.lock();
    return 0;
  });
}

int TryWrite(Scheduler& scheduler, pthread_rwlock_t* object) {
  return WriteBy(scheduler, object, EBUSY, [](sync::shared_mutex& mutex) {
    return mutex.try_lock() ? 0 : EBUSY;
  });
}

int WriteUntil(Scheduler& scheduler, pthread_rwlock_t* object,
               const timespec* deadline) {
  return WriteBy(
      scheduler, object, EDEADLK, [=](sync::shared_timed_mutex& mutex) {
        if (!IsTime(*deadline)) return EINVAL;
        return mutex.try_lock_until(MomentOf(*deadline)) ? 0 : ETIMEDOUT;
      });
}

int Unlock(Scheduler& scheduler, pthread_rwlock_t* object) {
  PosixRwlock& lock = Of(scheduler, object);
  uint16_t& reads = lock.reads[scheduler.current()];
  if (lock.writer == scheduler.current()) {
    lock.writer = kNobody;
    lock.mutex.unlock();
  } else if (reads == 0) {
    return EPERM;
  } else if (--reads == 0) {
    lock.mutex.unlock_shared();
  }
  return 0;
}

int Destroy(Scheduler& scheduler, pthread_rwlock_t* object) {
  const PosixRwlock& lock = Of(scheduler, object);
  if (lock.writer != kNobody) return EBUSY;
  for (const uint16_t reads : lock.reads) {
    if (reads > 0) return EBUSY;
  }
  return __real_pthread_rwlock_destroy(object);
}

}  // namespace

extern "C" {

int __wrap_pthread_rwlock_init(pthread_rwlock_t* lock,
                               const pthread_rwlockattr_t* attributes) {
  return RunOr(Init, __real_pthread_rwlock_init, lock, attributes);
}
int __wrap_pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  return RunOr(Destroy, __real_pthread_rwlock_destroy, lock);
}
int __wrap_pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  return RunOr(Read, __real_pthread_rwlock_rdlock, lock);
}
int __wrap_pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  return RunOr(TryRead, __real_pthread_rwlock_tryrdlock, lock);
}
int __wrap_pthread_rwlock_timedrdlock(pthread_rwlock_t* lock,
                                      const timespec* deadline) {
  return RunOr(ReadUntil, __real_pthread_rwlock_timedrdlock, lock, deadline);
}
int __wrap_pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  return RunOr(Write, __real_pthread_rwlock_wrlock, lock);
}
int __wrap_pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  return RunOr(TryWrite, __real_pthread_rwlock_trywrlock, lock);
}
int __wrap_pthread_rwlock_timedwrlock(pthread_rwlock_t* lock,
                                      const timespec* deadline) {
  return RunOr(WriteUntil, __real_pthread_rwlock_timedwrlock, lock, deadline);
}
int __wrap_pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  return RunOr(Unlock, __real_pthread_rwlock_unlock, lock);
}

}  // extern "C"
}  // namespace formfuzz
