// SPDX-License-Identifier: Apache-2.0
// What a harness may expect beyond invariants: goals to reach, recovery once
// faults stop, costs that follow sizes, scenarios that come to the same, a
// twin that behaves alike, and that a run leaves nothing behind.
//
// Declared once by the builder in framework/scenario/rule_builder.h; judged by
// framework/validate. `subject` is the harness's object.
#ifndef FORMFUZZ_FRAMEWORK_SCENARIO_EXPECTATIONS_H_
#define FORMFUZZ_FRAMEWORK_SCENARIO_EXPECTATIONS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace formfuzz {

struct Recipe;
struct Scenario;

inline constexpr size_t kGoalsMax = 64;     // of one harness; a bit each
inline constexpr size_t kGoalNameMax = 47;  // bytes; shown in one line

// Something that a campaign must have seen: whatever is never reached was
// never tested.
struct Goal {
  std::string name;
  std::function<bool(const void* subject)> reached;
};

// After the last step faults stop and time passes; at some instant within
// `within_ms` it must hold. It may poke the subject, as its users would.
struct Recovery {
  std::string name;
  uint64_t within_ms;
  std::function<bool(void* subject)> recovered;
};

// What a step costs grows at most as size to the power of `exponent_max`.
struct CostRule {
  std::string name;
  size_t kind;  // of the step
  std::function<uint64_t(const void* subject)> size;
  double exponent_max;
};

// A way to change a scenario so that it must come to the same.
struct Relation {
  std::string name;
  // Changes `related`, a copy, and says for each of its steps which of the
  // original's must come to the same. Of several ways it takes the one that
  // `choice` picks. False if there is none.
  std::function<bool(const Recipe& recipe, uint64_t choice, Scenario& related,
                     std::vector<size_t>& same_as)>
      relate;
};

// What a run must leave as it was. Growth that stops is a cache; growth by
// every run of the same scenario is a leak.
struct LeakWatch {
  bool memory = true;  // that is allocated, also where it is referred to
  bool descriptors = true;
  bool threads = true;
  std::string folder;  // whose entries are counted; "": of none
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCENARIO_EXPECTATIONS_H_
