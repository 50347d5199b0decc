// SPDX-License-Identifier: Apache-2.0
// Everything that waits and is not a lock: conditions, semaphores, atomics,
// threads and time.
#include "framework/base/check.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/sync/atomic.h"
#include "framework/schedule/sync/clock.h"
#include "framework/schedule/sync/condition_variable.h"
#include "framework/schedule/sync/semaphore.h"
#include "framework/schedule/sync/thread.h"

namespace formfuzz::sync {
namespace {

constexpr YieldSite kNotify("condition_variable.notify");
constexpr YieldSite kWait("condition_variable.wait");
constexpr YieldSite kAcquire("semaphore.acquire");
constexpr YieldSite kRelease("semaphore.release");
constexpr YieldSite kLoad("atomic.load");
constexpr YieldSite kStore("atomic.store");
constexpr YieldSite kUpdate("atomic.update");
constexpr YieldSite kNotifyAtomic("atomic.notify");
constexpr YieldSite kStart("thread.start");
constexpr YieldSite kYield("thread.yield");
constexpr YieldSite kSleep("thread.sleep");

constexpr char kNeedsTasks[] =
    "a wait or a thread of the component outside of a run with tasks: give "
    "the strategy Tasks(2) or more";

Scheduler& NeedScheduler() {
  Scheduler* const scheduler = Scheduler::Current();
  FORMFUZZ_CHECK(scheduler != nullptr, kNeedsTasks);
  return *scheduler;
}

}  // namespace

void condition_variable_any::notify_one() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return;
  scheduler->Meet(object_);
  scheduler->Yield(kNotify);
  scheduler->WakeOne(object_);
}

void condition_variable_any::notify_all() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return;
  scheduler->Meet(object_);
  scheduler->Yield(kNotify);
  scheduler->WakeAll(object_);
}

bool condition_variable_any::Park(uint64_t deadline_ms) {
  Scheduler& scheduler = NeedScheduler();
  scheduler.Meet(object_);
  return scheduler.WaitOn(object_, kWait, deadline_ms);
}

bool semaphore_base::acquire_until_ms(uint64_t deadline_ms) {
  Scheduler& scheduler = NeedScheduler();
  scheduler.Meet(object_);
  scheduler.Yield(kAcquire);
  while (left_ == 0) {
    if (!scheduler.WaitOn(object_, kAcquire, deadline_ms)) return false;
  }
  --left_;
  scheduler.Acquire(object_);
  return true;
}

void semaphore_base::acquire() { acquire_until_ms(Scheduler::kNoDeadline); }

bool semaphore_base::try_acquire_until(clock::time_point time) {
  return acquire_until_ms(clock::to_ms(time));
}

bool semaphore_base::try_acquire() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) {
    scheduler->Meet(object_);
    scheduler->Yield(kAcquire);
  }
  if (left_ == 0) return false;
  --left_;
  if (scheduler != nullptr) scheduler->Acquire(object_);
  return true;
}

void semaphore_base::release(std::ptrdiff_t update) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) {
    scheduler->Meet(object_);
    scheduler->Yield(kRelease);
    scheduler->Release(object_);
    scheduler->WakeAll(object_);
  }
  left_ += update;
}

void atomic_base::Order(bool acquires, bool releases) const {
  Scheduler& scheduler = *Scheduler::Current();
  scheduler.Meet(object_);
  if (acquires) scheduler.Acquire(object_);
  if (releases) scheduler.Release(object_);
}

void atomic_base::BeforeLoad(std::memory_order order) const {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return;
  scheduler->Yield(kLoad);
  Order(order != std::memory_order_relaxed, false);
}

void atomic_base::BeforeStore(std::memory_order order) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return;
  scheduler->Yield(kStore);
  Order(false, order != std::memory_order_relaxed);
}

void atomic_base::BeforeUpdate(std::memory_order order) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return;
  scheduler->Yield(kUpdate);
  Order(
      order != std::memory_order_relaxed && order != std::memory_order_release,
      order != std::memory_order_relaxed && order != std::memory_order_acquire);
}

void atomic_base::Park(const YieldSite& site) const {
  NeedScheduler().WaitOn(object_, site);
}

void atomic_base::Wake(bool all) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return;
  scheduler->Meet(object_);
  scheduler->Yield(kNotifyAtomic);
  if (all) {
    scheduler->WakeAll(object_);
  } else {
    scheduler->WakeOne(object_);
  }
}

void thread::start(std::function<void()> body) {
  Scheduler& scheduler = NeedScheduler();
  task_ = scheduler.Spawn(std::move(body));
  scheduler.Yield(kStart);
}

void thread::join() {
  if (!joinable()) ComponentBroken("it joins a thread that is not joinable");
  NeedScheduler().Join(static_cast<uint8_t>(std::exchange(task_, -1)));
}

clock::time_point clock::now() {
  Scheduler* const scheduler = Scheduler::Current();
  const uint64_t now_ms = scheduler == nullptr ? 0 : scheduler->NowMs();
  return time_point(duration(static_cast<rep>(now_ms)));
}

thread::id this_thread::get_id() { return NeedScheduler().current(); }

void this_thread::yield() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) scheduler->GiveWay(kYield);
}

void this_thread::sleep_until(clock::time_point time) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) scheduler->SleepUntilMs(clock::to_ms(time), kSleep);
}

}  // namespace formfuzz::sync
