// SPDX-License-Identifier: Apache-2.0
// pthread_create and what goes with it: a thread of the component is one more
// task. Its handle is ours, and never a place in memory: the C library's
// functions that are not here must not be given it.
#include <array>
#include <cerrno>

#include "framework/schedule/posix/real.h"
#include "framework/schedule/posix/run_or.h"
#include "framework/schedule/posix/run_table.h"

namespace formfuzz {
namespace {

constexpr YieldSite kStart("thread.start");
constexpr YieldSite kOnce("once");
constexpr YieldSite kYield("thread.yield");

// What pthread_exit unwinds a thread with.
struct ThreadExit {
  void* result;
};

struct PosixThread {
  void* (*entry)(void*) = nullptr;
  void* argument = nullptr;
  void* result = nullptr;
  bool joinable = false;
};

struct PosixOnce {
  SyncObject object{"once"};
  bool under_way = false;
};

// By task. Written before the task begins, so what is of another run is never
// looked at but for `joinable` of tasks that do not exist.
std::array<PosixThread, kRunningTasksMax> threads;
constinit RunTable<PosixOnce, 256> onces;

// Not an address on any x86-64: whoever follows it dies at once.
constexpr pthread_t kHandles = 0x7461736b00000000;

pthread_t HandleOf(uint8_t task) { return kHandles + task; }

// The task that the handle is of, kNobody if it is none that was started.
uint8_t TaskOf(const Scheduler& scheduler, pthread_t handle) {
  const pthread_t task = handle - kHandles;
  const bool known = handle >= kHandles && task < kRunningTasksMax &&
                     scheduler.WasSpawned(static_cast<uint8_t>(task));
  return known ? static_cast<uint8_t>(task) : kNobody;
}

void Play(PosixThread& thread) {
  try {
    thread.result = thread.entry(thread.argument);
  } catch (const ThreadExit& exit) {
    thread.result = exit.result;
  }
}

int Create(Scheduler& scheduler, pthread_t* handle,
           const pthread_attr_t* attributes, void* (*entry)(void*),
           void* argument) {
  if (!scheduler.HasRoom()) return EAGAIN;
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  const uint8_t task = scheduler.NextSpawned();
  PosixThread& thread = threads[task];
  thread = {entry, argument, nullptr, state == PTHREAD_CREATE_JOINABLE};
  scheduler.Spawn([&thread] { Play(thread); });
  *handle = HandleOf(task);
  scheduler.Yield(kStart);
  return 0;
}

int Join(Scheduler& scheduler, pthread_t handle, void** result) {
  const uint8_t task = TaskOf(scheduler, handle);
  if (task == kNobody) return ESRCH;
  if (task == scheduler.current()) return EDEADLK;
  if (!threads[task].joinable) return EINVAL;
  threads[task].joinable = false;
  scheduler.Join(task);
  if (result != nullptr) *result = threads[task].result;
  return 0;
}

int Detach(Scheduler& scheduler, pthread_t handle) {
  const uint8_t task = TaskOf(scheduler, handle);
  if (task == kNobody) return ESRCH;
  if (!threads[task].joinable) return EINVAL;
  threads[task].joinable = false;
  return 0;
}

pthread_t Self(Scheduler& scheduler) { return HandleOf(scheduler.current()); }

void Exit(Scheduler&, void* result) { throw ThreadExit{result}; }

bool once_is_due = false;
void NoteOnce() { once_is_due = true; }

// The C library remembers whether it was done: in this run, or in another.
int Once(Scheduler& scheduler, pthread_once_t* control, void (*routine)()) {
  PosixOnce& once = onces.Of(control, scheduler.run());
  scheduler.Meet(once.object);
  scheduler.Yield(kOnce);
  while (once.under_way) scheduler.WaitOn(once.object, kOnce);
  scheduler.Acquire(once.object);
  once_is_due = false;
  __real_pthread_once(control, NoteOnce);
  if (!once_is_due) return 0;
  once.under_way = true;
  once.object.owner = scheduler.current();
  routine();
  once.under_way = false;
  once.object.owner = kNobody;
  scheduler.Release(once.object);
  scheduler.WakeAll(once.object);
  return 0;
}

int SetName(Scheduler&, pthread_t, const char*) { return 0; }

// Of whoever asks: there is no thread behind a handle.
int GetAttributes(Scheduler&, pthread_t, pthread_attr_t* attributes) {
  return __real_pthread_getattr_np(__real_pthread_self(), attributes);
}

int Kill(Scheduler& scheduler, pthread_t handle, int signal) {
  const uint8_t task = TaskOf(scheduler, handle);
  if (task == kNobody || scheduler.HasEnded(task)) return ESRCH;
  return signal == 0 ? 0 : ENOSYS;
}

int Cancel(Scheduler&, pthread_t) { return ENOSYS; }

int Yield(Scheduler& scheduler) {
  scheduler.GiveWay(kYield);
  return 0;
}

}  // namespace

extern "C" {

int __wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                          void* (*entry)(void*), void* argument) {
  return RunOr(Create, __real_pthread_create, thread, attributes, entry,
               argument);
}
int __wrap_pthread_join(pthread_t thread, void** result) {
  return RunOr(Join, __real_pthread_join, thread, result);
}
int __wrap_pthread_detach(pthread_t thread) {
  return RunOr(Detach, __real_pthread_detach, thread);
}
pthread_t __wrap_pthread_self() { return RunOr(Self, __real_pthread_self); }
void __wrap_pthread_exit(void* result) {
  return RunOr(Exit, __real_pthread_exit, result);
}
int __wrap_pthread_once(pthread_once_t* control, void (*routine)()) {
  return RunOr(Once, __real_pthread_once, control, routine);
}
int __wrap_pthread_setname_np(pthread_t thread, const char* name) {
  return RunOr(SetName, __real_pthread_setname_np, thread, name);
}
int __wrap_pthread_getattr_np(pthread_t thread, pthread_attr_t* attributes) {
  return RunOr(GetAttributes, __real_pthread_getattr_np, thread, attributes);
}
int __wrap_pthread_kill(pthread_t thread, int signal) {
  return RunOr(Kill, __real_pthread_kill, thread, signal);
}
int __wrap_pthread_cancel(pthread_t thread) {
  return RunOr(Cancel, __real_pthread_cancel, thread);
}
int __wrap_sched_yield() { return RunOr(Yield, __real_sched_yield); }

}  // extern "C"
}  // namespace formfuzz
