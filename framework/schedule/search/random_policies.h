// SPDX-License-Identifier: Apache-2.0
// Schedules drawn at random. Equal seeds, equal schedules; what was chosen is
// in the run's passages, so that a schedule found becomes an input.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_RANDOM_POLICIES_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_RANDOM_POLICIES_H_

#include <array>
#include <cstdint>

#include "framework/base/random.h"
#include "framework/schedule/policy.h"
#include "framework/schedule/vector_clock.h"

namespace formfuzz {

// At every yield point any ready task, all alike.
class RandomWalk final : public Policy {
 public:
  explicit RandomWalk(uint64_t seed) : random_(seed) {}

  uint8_t Choose(const Choice& choice) override;

 private:
  Random random_;
};

// Probabilistic concurrency testing (Burckhardt et al., ASPLOS 2010): tasks
// have random priorities, and the highest that is ready runs; at depth - 1
// random yield points the running task becomes the lowest. Finds a defect
// that needs `depth` ordered events among n tasks and k yield points with a
// chance of at least 1 / (n * k^(depth - 1)) a run.
class PriorityPolicy final : public Policy {
 public:
  static constexpr size_t kDepthMax = 8;

  // `yields`: how many yield points a run has, as far as known.
  PriorityPolicy(uint64_t seed, size_t depth, uint32_t yields);

  void Begin() override;
  uint8_t Choose(const Choice& choice) override;

 private:
  Random random_;
  size_t depth_;
  uint32_t yields_;
  std::array<uint32_t, kDepthMax> changes_{};  // where priorities change
  std::array<uint32_t, kRunningTasksMax> priorities_{};
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SEARCH_RANDOM_POLICIES_H_
