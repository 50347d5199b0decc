// SPDX-License-Identifier: Apache-2.0
// Everything a harness declares, with the types of the user's classes hidden:
// what engines, codecs and judges work on.
//
// Built once, before the first run, by the typed builder in
// framework/engine/harness.h; does not change afterwards.
#ifndef FORMFUZZ_FRAMEWORK_SCENARIO_RECIPE_H_
#define FORMFUZZ_FRAMEWORK_SCENARIO_RECIPE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "framework/restore/restoring.h"
#include "framework/scenario/expectations.h"
#include "framework/scenario/run.h"
#include "framework/scenario/step_kind.h"

namespace formfuzz {

inline constexpr uint8_t kScenarioFormatVersion = 1;  // of the binary form
inline constexpr size_t kStepKindsMax = 64;           // of one harness
inline constexpr size_t kStepsMaxDefault = 16;        // of one scenario

// A named set of steps: what one scenario draws from.
struct Strategy {
  std::string name;
  uint64_t kinds = 0;  // bit i: the i-th step kind
  uint8_t tasks = 1;   // concurrent tasks
};

// How to make and unmake one of the user's objects.
struct Maker {
  size_t size = 0;
  size_t alignment = 1;
  void (*construct)(void* place, Run& run) = nullptr;  // null: there is none
  void (*destroy)(void* object) = nullptr;
  // Back to the first state; null: the class has no Reset.
  void (*reset)(void* object, Run& run) = nullptr;
  // What judging concurrent histories takes; null: the class has none.
  void (*assign)(void* object, const void* from) = nullptr;
  uint64_t (*digest)(const void* object) = nullptr;  // its Digest()
};

// Which of several rules is broken, and what is wrong.
struct BrokenInvariant {
  size_t which;
  std::string message;
};

// Rules that are judged together; mostly it is one.
struct Invariant {
  enum class When : uint8_t { kEveryStep, kAtEnd };
  std::vector<std::string> names;
  When when;
  // None where all of them hold.
  std::function<std::optional<BrokenInvariant>(void* subject)> broken;
};

struct Recipe {
  std::string name;
  std::vector<std::unique_ptr<StepKind>> kinds;
  std::vector<Strategy> strategies;  // at least one once Finish was called
  Maker subject;
  Maker model;
  // Operations on different handles of this kind do not depend on each other,
  // as far as the model goes.
  std::optional<HandleKind> linearizable_per;
  std::vector<Invariant> invariants;
  std::vector<Goal> goals;
  std::vector<Recovery> recoveries;
  std::vector<CostRule> costs;
  std::vector<Relation> relations;
  Maker twin;
  std::optional<LeakWatch> leaks;
  // A digest of the observable state; a refused step must not change it.
  std::function<uint64_t(void* subject)> state;
  // Kinds of steps that make sense one after the other, drawn anew each time;
  // null where the harness declares none.
  std::function<std::vector<uint8_t>(Mutation&)> draw_sequence;
  std::vector<std::string> fault_points;
  std::vector<std::string> fault_scopes;  // names that faults may be below
  size_t steps_max = kStepsMaxDefault;
  Restoring restoring = Restoring::kRebuild;
  bool on_threads = false;  // tasks are threads, and not fibers
  // Steps in a row, each done or refused, that make a state besides pairs.
  uint8_t path_steps = 0;

  // Adds the strategy "all" if none was declared, and the fault points that
  // the binary injects below its components.
  void Finish();
  // Steps by name; the schema of every argument is in it.
  Schema Describe() const;
  uint64_t SchemaDigest() const;
  // The index of a kind or strategy, or the count if there is no such name.
  size_t KindNamed(std::string_view kind) const;
  size_t StrategyNamed(std::string_view strategy) const;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCENARIO_RECIPE_H_
