// SPDX-License-Identifier: Apache-2.0
// One fiber a task, made when first needed and used in every run.
#include "framework/schedule/fiber/fiber_executor.h"

#include <deque>

namespace formfuzz {
namespace {

// Stacks of abandoned tasks that a process keeps. Beyond it the oldest is
// given back, and what it alone referred to is lost.
constexpr size_t kAbandonedMax = 256;

std::deque<std::unique_ptr<Fiber>>& Abandoned() {
  static auto* const abandoned = new std::deque<std::unique_ptr<Fiber>>();
  return *abandoned;
}

}  // namespace

void FiberExecutor::Place::Play(void* place) {
  const auto& self = *static_cast<Place*>(place);
  for (;;) self.executor->entry_->RunTask(self.task);
}

Fiber& FiberExecutor::FiberOf(uint8_t task) {
  if (task == kOutside) return outside_;
  std::unique_ptr<Place>& place = places_[task];
  if (place == nullptr) place = std::make_unique<Place>(this, task);
  return *place->fiber;
}

void FiberExecutor::Switch(uint8_t from, uint8_t to) {
  FiberOf(from).SwitchTo(FiberOf(to));
}

void FiberExecutor::Abandon(uint8_t task) {
  std::unique_ptr<Place> place = std::move(places_[task]);
  place->fiber->KeepReachable();
  Abandoned().push_back(std::move(place->fiber));
  if (Abandoned().size() > kAbandonedMax) Abandoned().pop_front();
}

}  // namespace formfuzz
