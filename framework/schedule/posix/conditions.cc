// SPDX-License-Identifier: Apache-2.0
// pthread_cond_* and pthread_barrier_*. There are no spurious wake-ups; a
// time-out comes only when nobody else can go on.
#include <cerrno>
#include <condition_variable>

#include "framework/schedule/posix/mutex.h"
#include "framework/schedule/posix/real.h"
#include "framework/schedule/posix/run_or.h"
#include "framework/schedule/posix/run_table.h"
#include "framework/schedule/posix/time.h"
#include "framework/schedule/sync/condition_variable.h"

namespace formfuzz {
namespace {

constexpr YieldSite kBarrier("barrier.wait");

struct PosixCondition {
  sync::condition_variable_any condition;
};

struct PosixBarrier {
  SyncObject object{"barrier"};
  unsigned wanted = 0;
  unsigned arrived = 0;
  uint64_t round = 0;
};

constinit RunTable<PosixCondition> conditions;
constinit RunTable<PosixBarrier, 64> barriers;

sync::condition_variable_any& Of(const Scheduler& scheduler,
                                 const pthread_cond_t* condition) {
  return conditions.Of(condition, scheduler.run()).condition;
}

int Init(Scheduler& scheduler, pthread_cond_t* condition,
         const pthread_condattr_t* attributes) {
  conditions.Forget(condition, scheduler.run());
  return __real_pthread_cond_init(condition, attributes);
}

int Wait(Scheduler& scheduler, pthread_cond_t* condition,
         pthread_mutex_t* mutex) {
  PosixMutexHold hold(scheduler, MutexOf(scheduler, mutex));
  Of(scheduler, condition).wait(hold);
  return 0;
}

int WaitUntil(Scheduler& scheduler, pthread_cond_t* condition,
              pthread_mutex_t* mutex, const timespec* deadline) {
  if (!IsTime(*deadline)) return EINVAL;
  PosixMutexHold hold(scheduler, MutexOf(scheduler, mutex));
  const std::cv_status status =
      Of(scheduler, condition).wait_until(hold, MomentOf(*deadline));
  return status == std::cv_status::timeout ? ETIMEDOUT : 0;
}

int WaitUntilOf(Scheduler& scheduler, pthread_cond_t* condition,
                pthread_mutex_t* mutex, clockid_t, const timespec* deadline) {
  return WaitUntil(scheduler, condition, mutex, deadline);
}

int Signal(Scheduler& scheduler, pthread_cond_t* condition) {
  Of(scheduler, condition).notify_one();
  return 0;
}

int Broadcast(Scheduler& scheduler, pthread_cond_t* condition) {
  Of(scheduler, condition).notify_all();
  return 0;
}

// glibc's blocks while somebody still waits; here it is too early to block.
int Destroy(Scheduler& scheduler, pthread_cond_t* condition) {
  conditions.Forget(condition, scheduler.run());
  return 0;
}

int InitBarrier(Scheduler& scheduler, pthread_barrier_t* object,
                const pthread_barrierattr_t* attributes, unsigned count) {
  barriers.Forget(object, scheduler.run());
  barriers.Of(object, scheduler.run()).wanted = count;
  return __real_pthread_barrier_init(object, attributes, count);
}

int WaitAtBarrier(Scheduler& scheduler, pthread_barrier_t* object) {
  PosixBarrier& barrier = barriers.Of(object, scheduler.run());
  FORMFUZZ_CHECK(barrier.wanted > 0,
                 "a barrier made outside of a run with tasks is waited at");
  scheduler.Meet(barrier.object);
  scheduler.Yield(kBarrier);
  scheduler.Release(barrier.object);
  const uint64_t round = barrier.round;
  if (++barrier.arrived == barrier.wanted) {
    barrier.arrived = 0;
    ++barrier.round;
    scheduler.WakeAll(barrier.object);
  }
  const bool last = barrier.round != round;
  while (barrier.round == round) scheduler.WaitOn(barrier.object, kBarrier);
  scheduler.Acquire(barrier.object);
  return last ? PTHREAD_BARRIER_SERIAL_THREAD : 0;
}

}  // namespace

extern "C" {

int __wrap_pthread_cond_init(pthread_cond_t* condition,
                             const pthread_condattr_t* attributes) {
  return RunOr(Init, __real_pthread_cond_init, condition, attributes);
}
int __wrap_pthread_cond_destroy(pthread_cond_t* condition) {
  return RunOr(Destroy, __real_pthread_cond_destroy, condition);
}
int __wrap_pthread_cond_wait(pthread_cond_t* condition,
                             pthread_mutex_t* mutex) {
  return RunOr(Wait, __real_pthread_cond_wait, condition, mutex);
}
int __wrap_pthread_cond_timedwait(pthread_cond_t* condition,
                                  pthread_mutex_t* mutex,
                                  const timespec* deadline) {
  return RunOr(WaitUntil, __real_pthread_cond_timedwait, condition, mutex,
               deadline);
}
int __wrap_pthread_cond_clockwait(pthread_cond_t* condition,
                                  pthread_mutex_t* mutex, clockid_t clock,
                                  const timespec* deadline) {
  return RunOr(WaitUntilOf, __real_pthread_cond_clockwait, condition, mutex,
               clock, deadline);
}
int __wrap_pthread_cond_signal(pthread_cond_t* condition) {
  return RunOr(Signal, __real_pthread_cond_signal, condition);
}
int __wrap_pthread_cond_broadcast(pthread_cond_t* condition) {
  return RunOr(Broadcast, __real_pthread_cond_broadcast, condition);
}
int __wrap_pthread_barrier_init(pthread_barrier_t* barrier,
                                const pthread_barrierattr_t* attributes,
                                unsigned count) {
  return RunOr(InitBarrier, __real_pthread_barrier_init, barrier, attributes,
               count);
}
int __wrap_pthread_barrier_wait(pthread_barrier_t* barrier) {
  return RunOr(WaitAtBarrier, __real_pthread_barrier_wait, barrier);
}

}  // extern "C"
}  // namespace formfuzz
