// SPDX-License-Identifier: Apache-2.0
// sem_*, unnamed and named. A semaphore that was made outside of a run begins
// every run with what it had there.
#include <cerrno>

#include "framework/schedule/posix/real.h"
#include "framework/schedule/posix/run_or.h"
#include "framework/schedule/posix/run_table.h"
#include "framework/schedule/posix/time.h"

namespace formfuzz {
namespace {

constexpr YieldSite kWait("semaphore.acquire");
constexpr YieldSite kPost("semaphore.release");

struct PosixSemaphore {
  SyncObject object{"semaphore"};
  int left = -1;  // not looked up yet
};

constinit RunTable<PosixSemaphore> semaphores;

PosixSemaphore& Of(Scheduler& scheduler, sem_t* object) {
  PosixSemaphore& semaphore = semaphores.Of(object, scheduler.run());
  scheduler.Meet(semaphore.object);
  if (semaphore.left < 0) __real_sem_getvalue(object, &semaphore.left);
  return semaphore;
}

int Fail(int error) {
  errno = error;
  return -1;
}

int Init(Scheduler& scheduler, sem_t* object, int shared, unsigned value) {
  semaphores.Forget(object, scheduler.run());
  return __real_sem_init(object, shared, value);
}

int WaitUntilMs(Scheduler& scheduler, sem_t* object, uint64_t deadline_ms) {
  PosixSemaphore& semaphore = Of(scheduler, object);
  scheduler.Yield(kWait);
  while (semaphore.left == 0) {
    if (!scheduler.WaitOn(semaphore.object, kWait, deadline_ms)) {
      return Fail(ETIMEDOUT);
    }
  }
  --semaphore.left;
  scheduler.Acquire(semaphore.object);
  return 0;
}

int Wait(Scheduler& scheduler, sem_t* object) {
  return WaitUntilMs(scheduler, object, Scheduler::kNoDeadline);
}

int WaitUntil(Scheduler& scheduler, sem_t* object, const timespec* deadline) {
  if (!IsTime(*deadline)) return Fail(EINVAL);
  return WaitUntilMs(scheduler, object, MsOf(*deadline));
}

int WaitUntilOf(Scheduler& scheduler, sem_t* object, clockid_t,
                const timespec* deadline) {
  return WaitUntil(scheduler, object, deadline);
}

int TryWait(Scheduler& scheduler, sem_t* object) {
  PosixSemaphore& semaphore = Of(scheduler, object);
  scheduler.Yield(kWait);
  if (semaphore.left == 0) return Fail(EAGAIN);
  --semaphore.left;
  scheduler.Acquire(semaphore.object);
  return 0;
}

int Post(Scheduler& scheduler, sem_t* object) {
  PosixSemaphore& semaphore = Of(scheduler, object);
  scheduler.Yield(kPost);
  scheduler.Release(semaphore.object);
  scheduler.WakeAll(semaphore.object);
  ++semaphore.left;
  return 0;
}

int GetValue(Scheduler& scheduler, sem_t* object, int* value) {
  *value = Of(scheduler, object).left;
  return 0;
}

}  // namespace

extern "C" {

int __wrap_sem_init(sem_t* semaphore, int shared, unsigned value) {
  return RunOr(Init, __real_sem_init, semaphore, shared, value);
}
int __wrap_sem_wait(sem_t* semaphore) {
  return RunOr(Wait, __real_sem_wait, semaphore);
}
int __wrap_sem_trywait(sem_t* semaphore) {
  return RunOr(TryWait, __real_sem_trywait, semaphore);
}
int __wrap_sem_timedwait(sem_t* semaphore, const timespec* deadline) {
  return RunOr(WaitUntil, __real_sem_timedwait, semaphore, deadline);
}
int __wrap_sem_clockwait(sem_t* semaphore, clockid_t clock,
                         const timespec* deadline) {
  return RunOr(WaitUntilOf, __real_sem_clockwait, semaphore, clock, deadline);
}
int __wrap_sem_post(sem_t* semaphore) {
  return RunOr(Post, __real_sem_post, semaphore);
}
int __wrap_sem_getvalue(sem_t* semaphore, int* value) {
  return RunOr(GetValue, __real_sem_getvalue, semaphore, value);
}

}  // extern "C"
}  // namespace formfuzz
