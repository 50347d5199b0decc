// SPDX-License-Identifier: Apache-2.0
// Mutexes: taking, and waiting for whoever holds them.
#include <bit>

#include "framework/base/check.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/sync/mutex.h"
#include "framework/schedule/sync/shared_mutex.h"
#include "framework/schedule/task_bit.h"

namespace formfuzz::sync {
namespace {

constexpr YieldSite kLock("mutex.lock");
constexpr YieldSite kTryLock("mutex.try_lock");
constexpr YieldSite kLockShared("shared_mutex.lock_shared");
constexpr YieldSite kLockUnique("shared_mutex.lock");

// Without tasks there is nobody else who would release it.
void WaitForEver() {
  ComponentBroken("it waits for a lock that it holds itself: a deadlock");
}

void TakeAlone(SyncObject& object) {
  if (object.owner != kNobody || object.sharers != 0) WaitForEver();
  object.owner = kOutside;
}

void Leave(Scheduler& scheduler, SyncObject& object) {
  object.owner = kNobody;
  scheduler.Release(object);
  scheduler.WakeAll(object);
}

// False once the deadline is over.
bool Take(Scheduler& scheduler, SyncObject& object, const YieldSite& site,
          uint64_t deadline_ms) {
  scheduler.Meet(object);
  scheduler.Yield(site);
  while (object.owner != kNobody) {
    if (!scheduler.WaitOn(object, site, deadline_ms)) return false;
  }
  object.owner = scheduler.current();
  scheduler.Acquire(object);
  return true;
}

}  // namespace

void mutex::lock() { lock_until_ms(Scheduler::kNoDeadline); }

bool mutex::lock_until_ms(uint64_t deadline_ms) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) {
    return Take(*scheduler, object_, kLock, deadline_ms);
  }
  TakeAlone(object_);
  return true;
}

bool mutex::try_lock() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) {
    if (object_.owner != kNobody) return false;
    object_.owner = kOutside;
    return true;
  }
  scheduler->Meet(object_);
  scheduler->Yield(kTryLock);
  if (object_.owner != kNobody) return false;
  object_.owner = scheduler->current();
  scheduler->Acquire(object_);
  return true;
}

void mutex::unlock() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) return Leave(*scheduler, object_);
  object_.owner = kNobody;
}

void recursive_mutex::lock() {
  Scheduler* const scheduler = Scheduler::Current();
  const uint8_t self = scheduler == nullptr ? kOutside : scheduler->current();
  if (scheduler != nullptr) scheduler->Meet(object_);
  if (object_.owner != self || depth_ == 0) {
    if (scheduler == nullptr) {
      TakeAlone(object_);
    } else {
      Take(*scheduler, object_, kLock, Scheduler::kNoDeadline);
    }
    depth_ = 0;
  }
  ++depth_;
}

bool recursive_mutex::try_lock() {
  Scheduler* const scheduler = Scheduler::Current();
  const uint8_t self = scheduler == nullptr ? kOutside : scheduler->current();
  if (scheduler != nullptr) {
    scheduler->Meet(object_);
    scheduler->Yield(kTryLock);
  }
  if (object_.owner != kNobody && object_.owner != self) return false;
  if (object_.owner == kNobody) depth_ = 0;
  object_.owner = self;
  if (scheduler != nullptr) scheduler->Acquire(object_);
  ++depth_;
  return true;
}

void recursive_mutex::unlock() {
  if (--depth_ > 0) return;
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) return Leave(*scheduler, object_);
  object_.owner = kNobody;
}

void shared_mutex::lock() { lock_until_ms(Scheduler::kNoDeadline); }

bool shared_mutex::lock_until_ms(uint64_t deadline_ms) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) {
    TakeAlone(object_);
    return true;
  }
  scheduler->Meet(object_);
  scheduler->Meet(reads_);
  scheduler->Yield(kLockUnique);
  while (object_.owner != kNobody || object_.sharers != 0) {
    if (!scheduler->WaitOn(object_, kLockUnique, deadline_ms)) return false;
  }
  object_.owner = scheduler->current();
  scheduler->Acquire(object_);
  scheduler->Acquire(reads_);
  return true;
}

bool shared_mutex::try_lock() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) {
    scheduler->Meet(object_);
    scheduler->Meet(reads_);
    scheduler->Yield(kTryLock);
  }
  if (object_.owner != kNobody || object_.sharers != 0) return false;
  if (scheduler == nullptr) {
    object_.owner = kOutside;
    return true;
  }
  object_.owner = scheduler->current();
  scheduler->Acquire(object_);
  scheduler->Acquire(reads_);
  return true;
}

void shared_mutex::unlock() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler != nullptr) return Leave(*scheduler, object_);
  object_.owner = kNobody;
}

void shared_mutex::lock_shared() {
  lock_shared_until_ms(Scheduler::kNoDeadline);
}

bool shared_mutex::lock_shared_until_ms(uint64_t deadline_ms) {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) {
    if (object_.owner != kNobody) WaitForEver();
    return true;
  }
  scheduler->Meet(object_);
  scheduler->Meet(reads_);
  scheduler->Yield(kLockShared);
  while (object_.owner != kNobody) {
    if (!scheduler->WaitOn(object_, kLockShared, deadline_ms)) return false;
  }
  object_.sharers |= Bit(scheduler->current());
  scheduler->Acquire(object_);
  return true;
}

bool shared_mutex::try_lock_shared() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return object_.owner == kNobody;
  scheduler->Meet(object_);
  scheduler->Meet(reads_);
  scheduler->Yield(kTryLock);
  if (object_.owner != kNobody) return false;
  object_.sharers |= Bit(scheduler->current());
  scheduler->Acquire(object_);
  return true;
}

void shared_mutex::unlock_shared() {
  Scheduler* const scheduler = Scheduler::Current();
  if (scheduler == nullptr) return;
  object_.sharers &= ~Bit(scheduler->current());
  scheduler->Release(reads_);
  if (object_.sharers == 0) scheduler->WakeAll(object_);
}

}  // namespace formfuzz::sync
