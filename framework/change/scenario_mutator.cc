// SPDX-License-Identifier: Apache-2.0
// One function a kind of change; the dice are in MutateOnce.
#include "framework/change/scenario_mutator.h"

#include <algorithm>

#include "framework/change/scenario_edit.h"
#include "framework/change/surroundings.h"
#include "framework/form/scenario_codec.h"

namespace formfuzz {
namespace {

constexpr size_t kAttempts = 8;    // at a change that changes something
constexpr size_t kShortSteps = 4;  // below it, a scenario had better grow
constexpr size_t kAnewOneIn = 8;   // mutations that begin anew
constexpr size_t kSequencesAnew = 4;
constexpr size_t kSwitchOneIn = 3;  // changes of scenarios of several tasks

// What the steps before `end` make and take away.
HandleTracker Track(const Recipe& recipe, std::span<const Step> steps) {
  HandleTracker tracker;
  for (const Step& step : steps) tracker.Pass(recipe, step);
  return tracker;
}

}  // namespace

void ScenarioMutator::Mutate(Scenario& scenario, Mutation& mutation,
                             const Run* played) {
  if (pinned_) scenario.strategy = strategy_;
  if (recipe_.draw_sequence && mutation.random().OneIn(kAnewOneIn)) {
    return BeginAnew(scenario, mutation);
  }
  do {
    size_t attempts = 0;
    while (!MutateOnce(scenario, mutation, played) && ++attempts < kAttempts) {
    }
  } while (mutation.random().OneIn(4));
  Settle(scenario);
}

void ScenarioMutator::MutateFrom(Bytes before, Scenario& scenario,
                                 Mutation& mutation, const Run* played,
                                 ByteSink& after) {
  for (size_t attempts = 0; attempts < kAttempts; ++attempts) {
    Mutate(scenario, mutation, played);
    after.Clear();
    EncodeScenario(recipe_, scenario, after);
    if (!AreSame(after.bytes(), before)) return;
  }
}

bool ScenarioMutator::GoBack(Scenario& scenario, Mutation& mutation) {
  const size_t count = scenario.steps.size();
  if (count <= kShortSteps) return false;
  const size_t at = 1 + mutation.random().Below(count - 1);
  std::erase_if(scenario.advances, [at](const ClockAdvance& advance) {
    return advance.before >= at;
  });
  EraseSteps(recipe_, scenario, at, count - at);
  return true;
}

// A corpus grows where coverage is rich; every strategy gets its turn here.
void ScenarioMutator::BeginAnew(Scenario& scenario, Mutation& mutation) {
  Random& random = mutation.random();
  scenario.Clear();
  scenario.strategy =
      pinned_ ? strategy_
              : static_cast<uint8_t>(random.Below(recipe_.strategies.size()));
  for (size_t left = 1 + random.Below(kSequencesAnew); left > 0; --left) {
    if (!InsertSequence(scenario, mutation)) InsertStep(scenario, mutation);
  }
  if (random.OneIn(3)) MutateAdvances(nullptr, random, scenario);
  if (random.OneIn(2))
    MutateSchedule(recipe_, nullptr, may_draw_, random, scenario);
  Settle(scenario);
}

bool ScenarioMutator::MutateOnce(Scenario& scenario, Mutation& mutation,
                                 const Run* played) {
  Random& random = mutation.random();
  const bool concurrent = recipe_.strategies[scenario.strategy].tasks > 1;
  if (concurrent && scenario.steps.size() > 1 && random.OneIn(kSwitchOneIn)) {
    return MutateSchedule(recipe_, played, may_draw_, random, scenario);
  }
  const size_t dice = random.Below(64);
  const bool grows = scenario.steps.size() < kShortSteps && random.OneIn(2);
  if (scenario.steps.empty() || grows || dice < 18) {
    return random.OneIn(2) && InsertSequence(scenario, mutation)
               ? true
               : InsertStep(scenario, mutation);
  }
  if (dice < 50) return MutateSteps(scenario, mutation, dice);
  if (dice < 56) return MutateFaults(recipe_, played, random, scenario);
  if (dice < 58)
    return MutateSchedule(recipe_, played, may_draw_, random, scenario);
  if (dice < 63) return MutateAdvances(played, random, scenario);
  return MutateStrategy(scenario, mutation);
}

bool ScenarioMutator::MutateSteps(Scenario& scenario, Mutation& mutation,
                                  size_t dice) {
  if (dice < 36) {
    MutateArguments(scenario, mutation);
    return true;
  }
  if (dice < 40) return RemoveSteps(scenario, mutation);
  if (dice < 44) return CopyStep(scenario, mutation);
  if (dice < 48) return MoveStep(scenario, mutation);
  return ChangeTask(scenario, mutation);
}

void ScenarioMutator::MutateArguments(Scenario& scenario, Mutation& mutation) {
  MutateStep(scenario, mutation.random().Below(scenario.steps.size()),
             mutation);
}

void ScenarioMutator::MutateStep(Scenario& scenario, size_t index,
                                 Mutation& mutation) {
  const Step& step = scenario.steps[index];
  const HandleTracker tracker =
      Track(recipe_, std::span(scenario.steps).first(index));
  mutation.set_handles(&tracker.counts());
  recipe_.kinds[step.kind]->Mutate(step.arguments, mutation);
  mutation.set_handles(nullptr);
}

bool ScenarioMutator::InsertStep(Scenario& scenario, Mutation& mutation) {
  const uint64_t allowed = AllowedKinds(recipe_, scenario);
  if (scenario.steps.size() >= recipe_.steps_max || allowed == 0) return false;
  Random& random = mutation.random();
  const size_t count = scenario.steps.size();
  const size_t at = random.OneIn(2) ? count : random.Below(count + 1);
  FreshSteps fresh(recipe_, std::span(scenario.steps).first(at),
                   recipe_.strategies[scenario.strategy].tasks, mutation);
  const Step step = fresh.Make(DrawKind(allowed, random), !random.OneIn(4));
  InsertSteps(recipe_, scenario, at, {&step, 1});
  return true;
}

bool ScenarioMutator::InsertSequence(Scenario& scenario, Mutation& mutation) {
  const std::vector<uint8_t> kinds =
      DrawSequence(recipe_, AllowedKinds(recipe_, scenario), mutation);
  const size_t count = scenario.steps.size();
  if (kinds.empty() || count + kinds.size() > recipe_.steps_max) return false;
  Random& random = mutation.random();
  const size_t at = random.OneIn(4) ? random.Below(count + 1) : count;
  FreshSteps fresh(recipe_, std::span(scenario.steps).first(at),
                   recipe_.strategies[scenario.strategy].tasks, mutation);
  std::vector<Step> steps;
  for (const uint8_t kind : kinds) steps.push_back(fresh.Make(kind, true));
  InsertSteps(recipe_, scenario, at, steps);
  return true;
}

bool ScenarioMutator::RemoveSteps(Scenario& scenario, Mutation& mutation) {
  Random& random = mutation.random();
  const size_t first = random.Below(scenario.steps.size());
  const size_t left = scenario.steps.size() - first;
  EraseSteps(recipe_, scenario, first,
             random.OneIn(4) ? 1 + random.Below(left) : 1);
  return true;
}

// Half of the copies come right behind, and half are then changed: the same
// by somebody else, the same again.
bool ScenarioMutator::CopyStep(Scenario& scenario, Mutation& mutation) {
  if (scenario.steps.size() >= recipe_.steps_max) return false;
  Random& random = mutation.random();
  const size_t from = random.Below(scenario.steps.size());
  Step copy = scenario.steps[from];
  copy.arguments =
      recipe_.kinds[copy.kind]->Clone(copy.arguments, mutation.arena());
  const size_t at =
      random.OneIn(2) ? from + 1 : random.Below(scenario.steps.size() + 1);
  InsertSteps(recipe_, scenario, at, {&copy, 1});
  if (random.OneIn(2)) MutateStep(scenario, at, mutation);
  return true;
}

bool ScenarioMutator::MoveStep(Scenario& scenario, Mutation& mutation) {
  if (scenario.steps.size() < 2) return false;
  Random& random = mutation.random();
  const size_t from = random.Below(scenario.steps.size());
  const size_t to = random.Below(scenario.steps.size());
  if (from == to) return false;
  const Step moved = scenario.steps[from];
  EraseSteps(recipe_, scenario, from, 1);
  InsertSteps(recipe_, scenario, to, {&moved, 1});
  return true;
}

bool ScenarioMutator::ChangeTask(Scenario& scenario, Mutation& mutation) {
  const uint8_t tasks = recipe_.strategies[scenario.strategy].tasks;
  if (tasks < 2) {
    MutateArguments(scenario, mutation);
    return true;
  }
  Random& random = mutation.random();
  Step& step = scenario.steps[random.Below(scenario.steps.size())];
  const auto task = static_cast<uint8_t>(random.Below(tasks));
  return std::exchange(step.task, task) != task;
}

bool ScenarioMutator::MutateStrategy(Scenario& scenario, Mutation& mutation) {
  Random& random = mutation.random();
  const uint8_t strategy = scenario.strategy;
  const uint32_t off = scenario.off;
  if (!pinned_ && random.OneIn(2)) {
    scenario.strategy =
        static_cast<uint8_t>(random.Below(recipe_.strategies.size()));
  } else if (off != 0 && random.OneIn(2)) {
    scenario.off = 0;
  } else if (!recipe_.kinds.empty()) {
    scenario.off ^=
        1u << random.Below(std::min<size_t>(32, recipe_.kinds.size()));
  }
  return scenario.strategy != strategy || scenario.off != off;
}

void ScenarioMutator::CrossOver(Scenario& scenario, const Scenario& other,
                                Mutation& mutation) {
  if (other.steps.empty()) return Mutate(scenario, mutation);
  Random& random = mutation.random();
  Scenario donor = CloneScenario(recipe_, other, mutation.arena());
  const size_t first = random.Below(donor.steps.size());
  const size_t count = 1 + random.Below(donor.steps.size() - first);
  const size_t at = random.Below(scenario.steps.size() + 1);
  if (random.OneIn(2)) {
    EraseSteps(recipe_, scenario, at, scenario.steps.size() - at);
  }
  MoveHandles(recipe_, donor.steps, first, std::span(scenario.steps).first(at));
  InsertSteps(recipe_, scenario, at,
              std::span(donor.steps).subspan(first, count));
  Settle(scenario);
}

void ScenarioMutator::Settle(Scenario& scenario) {
  const uint64_t allowed = AllowedKinds(recipe_, scenario);
  const uint8_t tasks = recipe_.strategies[scenario.strategy].tasks;
  for (size_t i = scenario.steps.size(); i-- > 0;) {
    if ((allowed >> scenario.steps[i].kind & 1) == 0) {
      EraseSteps(recipe_, scenario, i, 1);
    }
  }
  if (scenario.steps.size() > recipe_.steps_max) {
    scenario.steps.resize(recipe_.steps_max);
  }
  for (Step& step : scenario.steps) {
    step.task = static_cast<uint8_t>(step.task % tasks);
  }
  for (Switch& entry : scenario.switches) {
    entry.task = static_cast<uint8_t>(entry.task % tasks);
  }
  if (tasks < 2) {
    scenario.switches.clear();
    scenario.draw = Draw();
  }
  DropDanglingHandles(recipe_, scenario.steps);
}

}  // namespace formfuzz
