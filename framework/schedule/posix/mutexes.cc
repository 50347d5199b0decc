// SPDX-License-Identifier: Apache-2.0
// pthread_mutex_* and pthread_spin_*. In a run with tasks the C library's
// object is not locked at all: it says of which kind it is.
#include <cerrno>

#include "framework/schedule/posix/mutex.h"
#include "framework/schedule/posix/real.h"
#include "framework/schedule/posix/run_or.h"
#include "framework/schedule/posix/run_table.h"
#include "framework/schedule/posix/time.h"

namespace formfuzz {
namespace {

constinit RunTable<PosixMutex> mutexes;

// glibc keeps the kind in the low bits, for static initialisers as well.
int KindOf(const pthread_mutex_t* mutex) { return mutex->__data.__kind & 3; }

bool KnowsOwner(int kind) {
  return kind == PTHREAD_MUTEX_RECURSIVE || kind == PTHREAD_MUTEX_ERRORCHECK;
}

int Own(Scheduler& scheduler, PosixMutex& mutex) {
  mutex.owner = scheduler.current();
  mutex.depth = 1;
  return 0;
}

int Init(Scheduler& scheduler, pthread_mutex_t* object,
         const pthread_mutexattr_t* attributes) {
  mutexes.Forget(object, scheduler.run());
  return __real_pthread_mutex_init(object, attributes);
}

int Destroy(Scheduler& scheduler, pthread_mutex_t* object) {
  if (MutexOf(scheduler, object).owner != kNobody) return EBUSY;
  return __real_pthread_mutex_destroy(object);
}

// `take` gets the lock from whoever has it, and gives 0, or why not.
template <class Take>
int LockBy(Scheduler& scheduler, pthread_mutex_t* object, int if_own,
           const Take& take) {
  PosixMutex& mutex = MutexOf(scheduler, object);
  const int kind = KindOf(object);
  if (KnowsOwner(kind) && mutex.owner == scheduler.current()) {
    if (kind != PTHREAD_MUTEX_RECURSIVE) return if_own;
    ++mutex.depth;
    return 0;
  }
  const int failed = take(mutex.mutex);
  return failed != 0 ? failed : Own(scheduler, mutex);
}

int Lock(Scheduler& scheduler, pthread_mutex_t* object) {
  return LockBy(scheduler, object, EDEADLK, [](sync::timed_mutex& mutex) {
    mutex.lock();
    return 0;
  });
}

int LockUntil(Scheduler& scheduler, pthread_mutex_t* object,
              const timespec* deadline) {
  return LockBy(scheduler, object, EDEADLK, [=](sync::timed_mutex& mutex) {
    if (!IsTime(*deadline)) return EINVAL;
    return mutex.try_lock_until(MomentOf(*deadline)) ? 0 : ETIMEDOUT;
  });
}

int LockUntilOf(Scheduler& scheduler, pthread_mutex_t* object, clockid_t,
                const timespec* deadline) {
  return LockUntil(scheduler, object, deadline);
}

int TryLock(Scheduler& scheduler, pthread_mutex_t* object) {
  return LockBy(scheduler, object, EBUSY, [](sync::timed_mutex& mutex) {
    return mutex.try_lock() ? 0 : EBUSY;
  });
}

int Unlock(Scheduler& scheduler, pthread_mutex_t* object) {
  PosixMutex& mutex = MutexOf(scheduler, object);
  if (KnowsOwner(KindOf(object)) && mutex.owner != scheduler.current()) {
    return EPERM;
  }
  if (mutex.depth > 1) {
    --mutex.depth;
  } else {
    PosixMutexHold(scheduler, mutex).unlock();
  }
  return 0;
}

// A spinning lock is a mutex, to tasks of which one runs.
PosixMutex& SpinOf(Scheduler& scheduler, pthread_spinlock_t* lock) {
  return mutexes.Of(lock, scheduler.run());
}

int SpinInit(Scheduler& scheduler, pthread_spinlock_t* lock, int shared) {
  mutexes.Forget(lock, scheduler.run());
  return __real_pthread_spin_init(lock, shared);
}

int SpinLock(Scheduler& scheduler, pthread_spinlock_t* lock) {
  PosixMutex& spin = SpinOf(scheduler, lock);
  spin.mutex.lock();
  return Own(scheduler, spin);
}

int SpinTryLock(Scheduler& scheduler, pthread_spinlock_t* lock) {
  PosixMutex& spin = SpinOf(scheduler, lock);
  return spin.mutex.try_lock() ? Own(scheduler, spin) : EBUSY;
}

int SpinUnlock(Scheduler& scheduler, pthread_spinlock_t* lock) {
  PosixMutexHold(scheduler, SpinOf(scheduler, lock)).unlock();
  return 0;
}

}  // namespace

PosixMutex& MutexOf(Scheduler& scheduler, const pthread_mutex_t* mutex) {
  return mutexes.Of(mutex, scheduler.run());
}

extern "C" {

int __wrap_pthread_mutex_init(pthread_mutex_t* mutex,
                              const pthread_mutexattr_t* attributes) {
  return RunOr(Init, __real_pthread_mutex_init, mutex, attributes);
}
int __wrap_pthread_mutex_destroy(pthread_mutex_t* mutex) {
  return RunOr(Destroy, __real_pthread_mutex_destroy, mutex);
}
int __wrap_pthread_mutex_lock(pthread_mutex_t* mutex) {
  return RunOr(Lock, __real_pthread_mutex_lock, mutex);
}
int __wrap_pthread_mutex_trylock(pthread_mutex_t* mutex) {
  return RunOr(TryLock, __real_pthread_mutex_trylock, mutex);
}
int __wrap_pthread_mutex_timedlock(pthread_mutex_t* mutex,
                                   const timespec* deadline) {
  return RunOr(LockUntil, __real_pthread_mutex_timedlock, mutex, deadline);
}
int __wrap_pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock,
                                   const timespec* deadline) {
  return RunOr(LockUntilOf, __real_pthread_mutex_clocklock, mutex, clock,
               deadline);
}
int __wrap_pthread_mutex_unlock(pthread_mutex_t* mutex) {
  return RunOr(Unlock, __real_pthread_mutex_unlock, mutex);
}
int __wrap_pthread_spin_init(pthread_spinlock_t* lock, int shared) {
  return RunOr(SpinInit, __real_pthread_spin_init, lock, shared);
}
int __wrap_pthread_spin_lock(pthread_spinlock_t* lock) {
  return RunOr(SpinLock, __real_pthread_spin_lock, lock);
}
int __wrap_pthread_spin_trylock(pthread_spinlock_t* lock) {
  return RunOr(SpinTryLock, __real_pthread_spin_trylock, lock);
}
int __wrap_pthread_spin_unlock(pthread_spinlock_t* lock) {
  return RunOr(SpinUnlock, __real_pthread_spin_unlock, lock);
}

}  // extern "C"
}  // namespace formfuzz
