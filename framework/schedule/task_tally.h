// SPDX-License-Identifier: Apache-2.0
// A count that knows which task it comes from: how often a mock failed, asked
// by the step that it failed for while others fail as well.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_TASK_TALLY_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_TASK_TALLY_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "framework/schedule/scheduler.h"

namespace formfuzz {

class TaskTally {
 public:
  void Add(uint32_t count = 1) { of_[Place()] += count; }
  // Of the current task; outside of a run, what was counted outside.
  size_t mine() const { return of_[Place()]; }
  size_t total() const {
    size_t sum = 0;
    for (const uint32_t count : of_) sum += count;
    return sum;
  }

 private:
  static size_t Place() {
    const Scheduler* scheduler = Scheduler::Current();
    return scheduler == nullptr ? kOutside : scheduler->current();
  }

  std::array<uint32_t, kRunningTasksMax + 1> of_{};
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_TASK_TALLY_H_
