// SPDX-License-Identifier: Apache-2.0
// What std:: does inside libstdc++, where the linker does not reach: starting
// and joining threads, waiting for conditions, asking the time. The rest of
// std::mutex, std::shared_mutex, std::this_thread and std::call_once is inline
// and calls pthreads. By their names in the Itanium ABI.
#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "framework/schedule/posix/run_or.h"
#include "framework/schedule/posix/time.h"

namespace formfuzz {
namespace {

using State = std::unique_ptr<std::thread::_State>;
using Condition = std::condition_variable;
using Lock = std::unique_lock<std::mutex>;
// A moment is handed over as its number: nanoseconds, for both clocks.
using Moment = std::chrono::nanoseconds::rep;

}  // namespace

int Create(pthread_t*, const pthread_attr_t*, void* (*)(void*),
           void*) asm("__wrap_pthread_create");
int JoinHandle(pthread_t, void**) asm("__wrap_pthread_join");
int DetachHandle(pthread_t) asm("__wrap_pthread_detach");
int WaitFor(pthread_cond_t*, pthread_mutex_t*) asm("__wrap_pthread_cond_wait");
int Signal(pthread_cond_t*) asm("__wrap_pthread_cond_signal");
int Broadcast(pthread_cond_t*) asm("__wrap_pthread_cond_broadcast");

void RealStart(std::thread*, State, void (*)()) asm(
    "__real__ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_State"
    "ESt14default_deleteIS1_EEPFvvE");
void RealJoin(std::thread*) asm("__real__ZNSt6thread4joinEv");
void RealDetach(std::thread*) asm("__real__ZNSt6thread6detachEv");
void RealWait(Condition*, Lock*) asm(
    "__real__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE");
void RealNotifyOne(Condition*) asm(
    "__real__ZNSt18condition_variable10notify_oneEv");
void RealNotifyAll(Condition*) asm(
    "__real__ZNSt18condition_variable10notify_allEv");
Moment RealSteadyNow() asm("__real__ZNSt6chrono3_V212steady_clock3nowEv");
Moment RealSystemNow() asm("__real__ZNSt6chrono3_V212system_clock3nowEv");

void WrapStart(std::thread*, State, void (*)()) asm(
    "__wrap__ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_State"
    "ESt14default_deleteIS1_EEPFvvE");
void WrapJoin(std::thread*) asm("__wrap__ZNSt6thread4joinEv");
void WrapDetach(std::thread*) asm("__wrap__ZNSt6thread6detachEv");
void WrapWait(Condition*, Lock*) asm(
    "__wrap__ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE");
void WrapNotifyOne(Condition*) asm(
    "__wrap__ZNSt18condition_variable10notify_oneEv");
void WrapNotifyAll(Condition*) asm(
    "__wrap__ZNSt18condition_variable10notify_allEv");
Moment WrapSteadyNow() asm("__wrap__ZNSt6chrono3_V212steady_clock3nowEv");
Moment WrapSystemNow() asm("__wrap__ZNSt6chrono3_V212system_clock3nowEv");

namespace {

// A std::thread is its handle, and nothing else.
static_assert(sizeof(std::thread) == sizeof(pthread_t));

void SetHandle(std::thread* thread, pthread_t handle) {
  std::memcpy(static_cast<void*>(thread), &handle, sizeof handle);
}

void* Play(void* state) {
  const State own(static_cast<std::thread::_State*>(state));
  own->_M_run();
  return nullptr;
}

[[noreturn]] void Fail(int error) {
  throw std::system_error(error, std::generic_category());
}

// The task owns its state, and may have ended before this returns.
void Start(std::thread* thread, State state) {
  pthread_t handle = 0;
  std::thread::_State* const own = state.release();
  const int failed = Create(&handle, nullptr, Play, own);
  if (failed != 0) delete own;
  if (failed != 0) Fail(failed);
  SetHandle(thread, handle);
}

void Join(Scheduler&, std::thread* thread) {
  const int failed = JoinHandle(thread->native_handle(), nullptr);
  if (failed != 0) Fail(failed);
  SetHandle(thread, 0);
}

void Detach(Scheduler&, std::thread* thread) {
  const int failed = DetachHandle(thread->native_handle());
  if (failed != 0) Fail(failed);
  SetHandle(thread, 0);
}

Moment Now(Scheduler& scheduler) {
  return static_cast<Moment>(scheduler.NowMs()) * kNsPerMs;
}

void Wait(Scheduler&, Condition* condition, Lock* lock) {
  WaitFor(condition->native_handle(), lock->mutex()->native_handle());
}

void NotifyOne(Scheduler&, Condition* condition) {
  Signal(condition->native_handle());
}

void NotifyAll(Scheduler&, Condition* condition) {
  Broadcast(condition->native_handle());
}

}  // namespace

void WrapStart(std::thread* thread, State state, void (*depend)()) {
  if (Scheduler::Current() != nullptr) return Start(thread, std::move(state));
  RealStart(thread, std::move(state), depend);
}
void WrapJoin(std::thread* thread) { return RunOr(Join, RealJoin, thread); }
void WrapDetach(std::thread* thread) {
  return RunOr(Detach, RealDetach, thread);
}
void WrapWait(Condition* condition, Lock* lock) {
  return RunOr(Wait, RealWait, condition, lock);
}
void WrapNotifyOne(Condition* condition) {
  return RunOr(NotifyOne, RealNotifyOne, condition);
}
void WrapNotifyAll(Condition* condition) {
  return RunOr(NotifyAll, RealNotifyAll, condition);
}
Moment WrapSteadyNow() { return RunOr(Now, RealSteadyNow); }
Moment WrapSystemNow() { return RunOr(Now, RealSystemNow); }

}  // namespace formfuzz
