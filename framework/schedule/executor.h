// SPDX-License-Identifier: Apache-2.0
// What tasks run on: fibers of one thread, or threads that hand on a baton.
//
// One task runs at a time, whatever the executor. A task's stack is made at the
// first Switch to it, and may serve run after run.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_EXECUTOR_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_EXECUTOR_H_

#include <cstdint>

#include "framework/schedule/vector_clock.h"

namespace formfuzz {

// Whoever called the scheduler, and is not a task.
inline constexpr uint8_t kOutside = kRunningTasksMax;

// What a stack calls, again and again: one call plays one task of one run.
class TaskEntry {
 public:
  virtual void RunTask(uint8_t task) noexcept = 0;

 protected:
  ~TaskEntry() = default;
};

class Executor {
 public:
  virtual ~Executor() = default;

  // Before anything else, once.
  virtual void Bind(TaskEntry& entry) = 0;
  // Stops `from`, which is running, and lets `to` go on (or begin). Returns
  // when something switches to `from` again.
  virtual void Switch(uint8_t from, uint8_t to) = 0;
  // The task stopped for ever in the middle of a run: its stack is not used
  // again, and kept, so that what it refers to is not taken for leaked.
  virtual void Abandon(uint8_t task) = 0;
  // All tasks have ended, or were abandoned.
  virtual void EndRun() {}
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_EXECUTOR_H_
