// SPDX-License-Identifier: Apache-2.0
// One input, decoded: operations, faults, schedule and clock.
//
// A scenario points into the arena it was made in and is worth nothing after
// that arena's Reset.
#ifndef FORMFUZZ_FRAMEWORK_SCENARIO_SCENARIO_H_
#define FORMFUZZ_FRAMEWORK_SCENARIO_SCENARIO_H_

#include <cstdint>
#include <vector>

#include "framework/domain/handle.h"
#include "framework/fault/fault_plan.h"
#include "framework/scenario/recipe.h"
#include "framework/schedule/schedule.h"

namespace formfuzz {

inline constexpr size_t kAdvancesMax = 32;  // movements of the clock

struct Step {
  uint8_t kind;     // index into Recipe::kinds
  uint8_t task;     // below the strategy's tasks
  void* arguments;  // of that kind
};

// Before step `before` runs, the clock moves by `ms`.
struct ClockAdvance {
  uint8_t before;
  uint32_t ms;

  friend bool operator==(const ClockAdvance&, const ClockAdvance&) = default;
};

struct Scenario {
  uint8_t strategy = 0;  // index into Recipe::strategies
  // Swarm mask: bit i set = the i-th kind is off in this scenario. Kinds from
  // the 33rd on cannot be switched off.
  uint32_t off = 0;
  std::vector<Step> steps;
  std::vector<Fault> faults;
  std::vector<Switch> switches;  // none where they are drawn
  Draw draw;
  std::vector<ClockAdvance> advances;

  void Clear();
};

// The kinds a scenario may use: its strategy's, less those switched off; the
// strategy's if that leaves none. Bit i: the i-th kind.
uint64_t AllowedKinds(const Recipe& recipe, const Scenario& scenario);

// What the steps before the current one make and take away. Feed it step by
// step, in order.
class HandleTracker {
 public:
  const HandleCounts& counts() const { return counts_; }
  // Returns the ordinal of what the step makes, or kNoHandle.
  uint16_t Pass(const Recipe& recipe, const Step& step);

 private:
  HandleCounts counts_;
};

// Points every handle that an edit left dangling (its maker gone, or later
// than its use) to nothing.
void DropDanglingHandles(const Recipe& recipe, std::vector<Step>& steps);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCENARIO_SCENARIO_H_
