// SPDX-License-Identifier: Apache-2.0
// What a run leaves that was played in another process: plain bytes, to be
// left in shared memory. The labels in it are constants, which are at the same
// addresses in a forked child.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_REMAINS_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_REMAINS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "framework/scenario/run.h"
#include "framework/validate/trace.h"

namespace formfuzz {

struct Remains {
  static constexpr size_t kStepsMax = 255;  // of any harness

  uint64_t goals;
  size_t faults_fired;
  FaultPlan::Reached reached;
  size_t deadline_count;
  std::array<Deadline, Run::kDeadlinesMax> deadlines;
  size_t step_count;
  std::array<TraceStep, kStepsMax> steps;
};
static_assert(std::is_trivially_copyable_v<Remains>);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_REMAINS_H_
