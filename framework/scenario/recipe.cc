// SPDX-License-Identifier: Apache-2.0
// What can be asked of a recipe once it is declared.
#include "framework/scenario/recipe.h"

#include <algorithm>

#include "framework/base/check.h"
#include "framework/base/text.h"
#include "framework/fault/injection.h"
#include "framework/input/text_source.h"

namespace formfuzz {

namespace {

// What begins a line of the text form that is no step.
constexpr std::string_view kLineWords[] = {"off", "fault", "switch", "wait"};

bool IsWord(std::string_view name) {
  Arena arena;
  TextSource text(name, arena);
  return !name.empty() && text.TryWord() == name;
}

// Scenarios are written and read by these names.
void CheckStepName(const Recipe& recipe, size_t kind) {
  const std::string_view name = recipe.kinds[kind]->name();
  FORMFUZZ_CHECK(IsWord(name), Concat("a step's name is one word, not '", name,
                                      "': letters, digits and '_'"));
  FORMFUZZ_CHECK(
      std::ranges::find(kLineWords, name) == std::end(kLineWords),
      Concat("a step cannot be named '", name,
             "', which says something else in the text of a scenario"));
  FORMFUZZ_CHECK(recipe.KindNamed(name) == kind,
                 Concat("two steps are named '", name, "'"));
}

}  // namespace

void Recipe::Finish() {
  FORMFUZZ_CHECK(kinds.size() <= kStepKindsMax,
                 "more than 64 kinds of steps in one harness");
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    CheckStepName(*this, kind);
  }
  for (const std::string_view point : InjectedPoints()) {
    if (std::find(fault_points.begin(), fault_points.end(), point) ==
        fault_points.end()) {
      fault_points.emplace_back(point);
    }
  }
  for (const Strategy& strategy : strategies) {
    FORMFUZZ_CHECK(strategy.tasks == 1 || (restoring != Restoring::kSnapshot &&
                                           restoring != Restoring::kFork),
                   "Restore(kSnapshot) and Restore(kFork) are for strategies "
                   "of one task");
  }
  if (!strategies.empty()) return;
  Strategy all{.name = "all"};
  for (size_t i = 0; i < kinds.size(); ++i) all.kinds |= uint64_t{1} << i;
  strategies.push_back(std::move(all));
}

Schema Recipe::Describe() const {
  Schema schema{.kind = "scenario", .name = name};
  schema.lowest = kScenarioFormatVersion;
  schema.highest = steps_max;
  for (const Strategy& strategy : strategies) {
    schema.options.push_back(strategy.name);
  }
  for (const auto& kind : kinds) schema.children.push_back(kind->Describe());
  schema.children.push_back(Schema{.kind = "faults", .options = fault_points});
  if (!fault_scopes.empty()) {
    schema.children.push_back(
        Schema{.kind = "fault_scopes", .options = fault_scopes});
  }
  return schema;
}

uint64_t Recipe::SchemaDigest() const {
  return formfuzz::SchemaDigest(Describe());
}

size_t Recipe::KindNamed(std::string_view kind) const {
  const auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [&](auto& k) { return k->name() == kind; });
  return static_cast<size_t>(found - kinds.begin());
}

size_t Recipe::StrategyNamed(std::string_view strategy) const {
  const auto found = std::find_if(strategies.begin(), strategies.end(),
                                  [&](auto& s) { return s.name == strategy; });
  return static_cast<size_t>(found - strategies.begin());
}

}  // namespace formfuzz
