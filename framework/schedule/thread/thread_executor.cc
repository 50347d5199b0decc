// SPDX-License-Identifier: Apache-2.0
// A semaphore a thread; the baton is the one that was raised.
#include "framework/schedule/thread/thread_executor.h"

#include <utility>
#include <vector>

#include "framework/schedule/yield.h"

namespace formfuzz {

// A thread parked in the middle of a task refers to its place for ever.
void ThreadExecutor::Abandon(uint8_t task) {
  static auto* const abandoned = new std::vector<std::unique_ptr<Place>>();
  abandoned->push_back(std::move(places_[task]));
  abandoned->back()->thread.detach();
}

void ThreadExecutor::EndRun() {
  for (std::unique_ptr<Place>& place : places_) {
    if (place == nullptr) continue;
    place->quits = true;
    place->baton.release();
    place->thread.join();
    place.reset();
  }
}

// The first baton begins a task; those after it are taken in Switch, until
// the task has ended and Switch waits for the next to begin.
void ThreadExecutor::Play(Place& place, uint8_t task) {
  place.baton.acquire();
  while (!place.quits) entry_->RunTask(task);
  internal::yield_listener = nullptr;  // thread_local is destroyed after it
}

ThreadExecutor::Place& ThreadExecutor::PlaceOf(uint8_t task) {
  if (task == kOutside) return outside_;
  std::unique_ptr<Place>& place = places_[task];
  if (place == nullptr) {
    place = std::make_unique<Place>();
    place->thread =
        std::thread([this, own = place.get(), task] { Play(*own, task); });
  }
  return *place;
}

// What it waits by is not the component's, and no yield point.
void ThreadExecutor::Switch(uint8_t from, uint8_t to) {
  const OutsideTasks own_work;
  Place& own = PlaceOf(from);
  PlaceOf(to).baton.release();
  own.baton.acquire();
}

}  // namespace formfuzz
