// SPDX-License-Identifier: Apache-2.0
// What follows from a scenario's steps: allowed kinds, handles.
#include "framework/scenario/scenario.h"

namespace formfuzz {

void Scenario::Clear() {
  strategy = 0;
  off = 0;
  steps.clear();
  faults.clear();
  switches.clear();
  draw = Draw();
  advances.clear();
}

uint64_t AllowedKinds(const Recipe& recipe, const Scenario& scenario) {
  const uint64_t all = recipe.strategies[scenario.strategy].kinds;
  const uint64_t allowed = all & ~uint64_t{scenario.off};
  return allowed != 0 ? allowed : all;
}

uint16_t HandleTracker::Pass(const Recipe& recipe, const Step& step) {
  const StepKind& kind = *recipe.kinds[step.kind];
  if (kind.retires().has_value()) {
    bool first = true;
    kind.VisitHandles(step.arguments, [&](HandleKind of, uint16_t& index) {
      if (of != kind.retires() || !first) return;
      first = false;
      if (index < 64) counts_.of[of].retired |= uint64_t{1} << index;
    });
  }
  if (!kind.makes().has_value()) return kNoHandle;
  uint8_t& made = counts_.of[*kind.makes()].made;
  return made < kHandlesMax ? made++ : kNoHandle;
}

void DropDanglingHandles(const Recipe& recipe, std::vector<Step>& steps) {
  HandleTracker tracker;
  for (Step& step : steps) {
    recipe.kinds[step.kind]->VisitHandles(
        step.arguments, [&](HandleKind of, uint16_t& index) {
          if (index >= tracker.counts().of[of].made) index = kNoHandle;
        });
    tracker.Pass(recipe, step);
  }
}

}  // namespace formfuzz
