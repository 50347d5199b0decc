// SPDX-License-Identifier: Apache-2.0
// Renumbering of handles and waits around an edit.
#include "framework/change/scenario_edit.h"

#include <algorithm>
#include <array>

namespace formfuzz {
namespace {

// How many of each kind the steps before `end` make.
std::array<uint16_t, kHandleKindsMax> MadeBefore(const Recipe& recipe,
                                                 std::span<const Step> steps) {
  std::array<uint16_t, kHandleKindsMax> made{};
  for (const Step& step : steps) {
    const auto makes = recipe.kinds[step.kind]->makes();
    if (makes.has_value()) ++made[*makes];
  }
  return made;
}

// Applies `renumber(kind, index)` to every handle of the steps.
template <class Renumber>
void RenumberHandles(const Recipe& recipe, std::span<Step> steps,
                     Renumber&& renumber) {
  for (Step& step : steps) {
    recipe.kinds[step.kind]->VisitHandles(
        step.arguments, [&](HandleKind kind, uint16_t& index) {
          index = renumber(kind, index);
        });
  }
}

}  // namespace

void EraseSteps(const Recipe& recipe, Scenario& scenario, size_t first,
                size_t count) {
  std::vector<Step>& steps = scenario.steps;
  const std::span<Step> all(steps);
  const auto before = MadeBefore(recipe, all.first(first));
  const auto gone = MadeBefore(recipe, all.subspan(first, count));
  RenumberHandles(recipe, all.subspan(first + count),
                  [&](HandleKind kind, uint16_t index) -> uint16_t {
                    const int offset = index - before[kind];
                    if (offset < 0) return index;
                    if (offset < gone[kind]) return kNoHandle;
                    return static_cast<uint16_t>(index - gone[kind]);
                  });
  const auto at = steps.begin() + static_cast<ptrdiff_t>(first);
  steps.erase(at, at + static_cast<ptrdiff_t>(count));
  for (ClockAdvance& advance : scenario.advances) {
    if (advance.before <= first) continue;
    const size_t shift = std::min<size_t>(count, advance.before - first);
    advance.before = static_cast<uint8_t>(advance.before - shift);
  }
}

void InsertSteps(const Recipe& recipe, Scenario& scenario, size_t at,
                 std::span<const Step> inserted) {
  std::vector<Step>& steps = scenario.steps;
  const auto before = MadeBefore(recipe, std::span(steps).first(at));
  const auto added = MadeBefore(recipe, inserted);
  RenumberHandles(recipe, std::span(steps).subspan(at),
                  [&](HandleKind kind, uint16_t index) -> uint16_t {
                    if (index < before[kind]) return index;
                    return static_cast<uint16_t>(std::min<size_t>(
                        index + size_t{added[kind]}, kNoHandle));
                  });
  steps.insert(steps.begin() + static_cast<ptrdiff_t>(at), inserted.begin(),
               inserted.end());
  for (ClockAdvance& advance : scenario.advances) {
    if (advance.before <= at) continue;
    advance.before = static_cast<uint8_t>(
        std::min<size_t>(advance.before + inserted.size(), UINT8_MAX));
  }
}

void MoveHandles(const Recipe& recipe, std::span<Step> steps, size_t first,
                 std::span<const Step> before) {
  const auto from = MadeBefore(recipe, steps.first(first));
  const auto to = MadeBefore(recipe, before);
  RenumberHandles(recipe, steps.subspan(first),
                  [&](HandleKind kind, uint16_t index) -> uint16_t {
                    if (index < from[kind]) return index;
                    return static_cast<uint16_t>(std::min<size_t>(
                        size_t{index} - from[kind] + to[kind], kNoHandle));
                  });
}

void RenumberTasks(Scenario& scenario) {
  std::array<uint8_t, kTasksMax> numbers;
  numbers.fill(kTasksMax);
  uint8_t count = 0;
  const auto renumber = [&](uint8_t& task) {
    uint8_t& number = numbers[task];
    if (number == kTasksMax) number = count++;
    task = number;
  };
  for (Step& step : scenario.steps) renumber(step.task);
  for (Switch& entry : scenario.switches) renumber(entry.task);
}

Scenario CloneScenario(const Recipe& recipe, const Scenario& scenario,
                       Arena& arena) {
  Scenario clone = scenario;
  for (Step& step : clone.steps) {
    step.arguments = recipe.kinds[step.kind]->Clone(step.arguments, arena);
  }
  return clone;
}

}  // namespace formfuzz
