// SPDX-License-Identifier: Apache-2.0
// Tasks on fibers of the calling thread: what fuzzing uses. A switch costs
// tens of nanoseconds, and nothing else runs.
//
// thread_local variables are shared by all tasks: a component that keeps state
// of its callers in them needs the ThreadExecutor.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_FIBER_EXECUTOR_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_FIBER_EXECUTOR_H_

#include <array>
#include <memory>

#include "framework/schedule/executor.h"
#include "framework/schedule/fiber/fiber.h"

namespace formfuzz {

class FiberExecutor final : public Executor {
 public:
  FiberExecutor() = default;
  FiberExecutor(const FiberExecutor&) = delete;
  FiberExecutor& operator=(const FiberExecutor&) = delete;

  void Bind(TaskEntry& entry) override { entry_ = &entry; }
  void Switch(uint8_t from, uint8_t to) override;
  void Abandon(uint8_t task) override;

 private:
  struct Place {
    FiberExecutor* executor;
    uint8_t task;
    std::unique_ptr<Fiber> fiber;

    Place(FiberExecutor* owner, uint8_t number)
        : executor(owner),
          task(number),
          fiber(std::make_unique<Fiber>(&Play, this)) {}
    static void Play(void* place);
  };

  Fiber& FiberOf(uint8_t task);

  TaskEntry* entry_ = nullptr;
  Fiber outside_;
  std::array<std::unique_ptr<Place>, kRunningTasksMax> places_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_FIBER_FIBER_EXECUTOR_H_
