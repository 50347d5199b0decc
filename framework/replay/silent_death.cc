// SPDX-License-Identifier: Apache-2.0
// Beginnings of a scenario, played until one dies.
#include "framework/replay/silent_death.h"

#include "framework/change/scenario_edit.h"
#include "framework/form/scenario_codec.h"

namespace formfuzz {

// The shortest beginning that ends in the same way tells the step. What comes
// before it passes, so that it is played here, for its trace.
Finding FindingOfSilentDeath(Session& session, Isolation& isolation,
                             const IsolatedResult& death) {
  const Recipe& recipe = session.recipe();
  const std::string input = session.Encoded();
  Arena arena;
  const Scenario whole = CloneScenario(recipe, session.scenario(), arena);
  const auto beginning = [&](size_t steps) {
    Scenario scenario = CloneScenario(recipe, whole, arena);
    EraseSteps(recipe, scenario, steps, whole.steps.size() - steps);
    return scenario;
  };
  size_t steps = 0;
  for (; steps < whole.steps.size(); ++steps) {
    ByteSink bytes;
    EncodeScenario(recipe, beginning(steps), bytes);
    if (isolation.Play(bytes.bytes(), true).IsSameFailureAs(death)) break;
  }
  const size_t step = steps == 0 ? 0 : steps - 1;
  if (steps > 0) {
    session.LoadScenario(beginning(step));
    session.PlayLoaded();
  }
  session.Load(AsBytes(input));
  return session.MakeFinding({VerdictKind::kCrashed, death.ending, "", step});
}

}  // namespace formfuzz
