// SPDX-License-Identifier: Apache-2.0
// One function a kind of change; the dice are in MutateOnce.
#include "framework/change/scenario_mutator.h"

#include <algorithm>
#include <bit>

#include "framework/change/scenario_edit.h"

namespace formfuzz {
namespace {

constexpr size_t kFreshBytes = 64;  // random bytes that a new step is made of
constexpr uint32_t kWaits[] = {1,      999,     1'000,     30'000,
                               60'000, 300'000, 3'600'000, 86'400'000};

uint8_t PickKind(uint64_t allowed, Random& random) {
  size_t skip = random.Below(static_cast<size_t>(std::popcount(allowed)));
  while (skip-- > 0) allowed &= allowed - 1;
  return static_cast<uint8_t>(std::countr_zero(allowed));
}

// What the steps before `end` make and take away.
HandleTracker Track(const Recipe& recipe, std::span<const Step> steps) {
  HandleTracker tracker;
  for (const Step& step : steps) tracker.Pass(recipe, step);
  return tracker;
}

// Half the bytes are zero: small values, and large ones among them.
void FillFresh(std::span<uint8_t> bytes, Random& random) {
  for (uint8_t& byte : bytes) {
    const uint64_t bits = random.Next();
    byte = (bits & 0x100) != 0 ? static_cast<uint8_t>(bits) : 0;
  }
}

}  // namespace

void ScenarioMutator::Mutate(Scenario& scenario, Mutation& mutation) {
  if (pinned_) scenario.strategy = strategy_;
  do {
    MutateOnce(scenario, mutation);
  } while (mutation.random().OneIn(4));
  Settle(scenario);
}

void ScenarioMutator::MutateOnce(Scenario& scenario, Mutation& mutation) {
  const size_t dice = mutation.random().Below(64);
  if (scenario.steps.empty() || dice < 12) {
    InsertStep(scenario, mutation);
  } else if (dice < 36) {
    MutateArguments(scenario, mutation);
  } else if (dice < 42) {
    RemoveSteps(scenario, mutation);
  } else if (dice < 46) {
    CopyStep(scenario, mutation);
  } else if (dice < 51) {
    MoveStep(scenario, mutation);
  } else if (dice < 54) {
    ChangeTask(scenario, mutation);
  } else if (dice < 57) {
    MutateFaults(scenario, mutation);
  } else if (dice < 59) {
    MutateSwitches(scenario, mutation);
  } else if (dice < 62) {
    MutateAdvances(scenario, mutation);
  } else {
    MutateStrategy(scenario, mutation);
  }
}

void ScenarioMutator::MutateArguments(Scenario& scenario, Mutation& mutation) {
  const size_t index = mutation.random().Below(scenario.steps.size());
  const Step& step = scenario.steps[index];
  const HandleTracker before =
      Track(recipe_, std::span(scenario.steps).first(index));
  mutation.set_handles(&before.counts());
  recipe_.kinds[step.kind]->Mutate(step.arguments, mutation);
  mutation.set_handles(nullptr);
}

void ScenarioMutator::InsertStep(Scenario& scenario, Mutation& mutation) {
  const uint64_t allowed = AllowedKinds(recipe_, scenario);
  if (scenario.steps.size() >= recipe_.steps_max || allowed == 0) return;
  Random& random = mutation.random();
  const size_t count = scenario.steps.size();
  const size_t at = random.OneIn(2) ? count : random.Below(count + 1);
  const HandleTracker before =
      Track(recipe_, std::span(scenario.steps).first(at));
  const auto bytes = mutation.arena().NewArray<uint8_t>(kFreshBytes);
  FillFresh(bytes, random);
  ByteSource in(bytes, mutation.arena(), &before.counts());
  const uint8_t kind = PickKind(allowed, random);
  const uint8_t tasks = recipe_.strategies[scenario.strategy].tasks;
  const Step step{kind, static_cast<uint8_t>(random.Below(tasks)),
                  recipe_.kinds[kind]->Decode(in)};
  InsertSteps(recipe_, scenario, at, {&step, 1});
}

void ScenarioMutator::RemoveSteps(Scenario& scenario, Mutation& mutation) {
  Random& random = mutation.random();
  const size_t first = random.Below(scenario.steps.size());
  const size_t left = scenario.steps.size() - first;
  EraseSteps(recipe_, scenario, first,
             random.OneIn(4) ? 1 + random.Below(left) : 1);
}

void ScenarioMutator::CopyStep(Scenario& scenario, Mutation& mutation) {
  if (scenario.steps.size() >= recipe_.steps_max) return;
  Random& random = mutation.random();
  Step copy = scenario.steps[random.Below(scenario.steps.size())];
  copy.arguments =
      recipe_.kinds[copy.kind]->Clone(copy.arguments, mutation.arena());
  InsertSteps(recipe_, scenario, random.Below(scenario.steps.size() + 1),
              {&copy, 1});
}

void ScenarioMutator::MoveStep(Scenario& scenario, Mutation& mutation) {
  Random& random = mutation.random();
  const size_t from = random.Below(scenario.steps.size());
  const Step moved = scenario.steps[from];
  EraseSteps(recipe_, scenario, from, 1);
  InsertSteps(recipe_, scenario, random.Below(scenario.steps.size() + 1),
              {&moved, 1});
}

void ScenarioMutator::ChangeTask(Scenario& scenario, Mutation& mutation) {
  const uint8_t tasks = recipe_.strategies[scenario.strategy].tasks;
  if (tasks < 2) return MutateArguments(scenario, mutation);
  Step& step = scenario.steps[mutation.random().Below(scenario.steps.size())];
  step.task = static_cast<uint8_t>(mutation.random().Below(tasks));
}

void ScenarioMutator::MutateFaults(Scenario& scenario, Mutation& mutation) {
  if (recipe_.fault_points.empty()) {
    return MutateArguments(scenario, mutation);
  }
  Random& random = mutation.random();
  std::vector<Fault>& faults = scenario.faults;
  if (!faults.empty() && random.OneIn(3)) {
    faults.erase(faults.begin() +
                 static_cast<ptrdiff_t>(random.Below(faults.size())));
  } else if (random.OneIn(16)) {
    SwarmFaults(faults, random);
  } else if (faults.size() < kFaultsMax) {
    faults.push_back(RandomFault(random));
  }
}

Fault ScenarioMutator::RandomFault(Random& random) const {
  Fault fault{static_cast<uint16_t>(random.Below(recipe_.fault_points.size())),
              static_cast<FaultKind>(random.Below(kFaultKinds)),
              static_cast<uint16_t>(random.Below(random.OneIn(4) ? 64 : 8)),
              static_cast<uint16_t>(random.OneIn(2) ? 0 : random.Next())};
  if (random.OneIn(4)) {
    fault.trigger = static_cast<FaultTrigger>(random.Below(kFaultTriggers));
  }
  if (!recipe_.fault_scopes.empty() && random.OneIn(4)) {
    fault.scope =
        static_cast<uint8_t>(1 + random.Below(recipe_.fault_scopes.size()));
  }
  return fault;
}

// Arms some of the points, each at random, for a run that fails here and
// there: what one fault at a time does not show.
void ScenarioMutator::SwarmFaults(std::vector<Fault>& faults,
                                  Random& random) const {
  faults.clear();
  for (size_t point = 0; point < recipe_.fault_points.size(); ++point) {
    if (!random.OneIn(4) || faults.size() == kFaultsMax) continue;
    Fault fault = RandomFault(random);
    fault.point = static_cast<uint16_t>(point);
    fault.hit = static_cast<uint16_t>(1 + random.Below(64));
    fault.trigger = FaultTrigger::kChance;
    faults.push_back(fault);
  }
}

void ScenarioMutator::MutateSwitches(Scenario& scenario, Mutation& mutation) {
  const uint8_t tasks = recipe_.strategies[scenario.strategy].tasks;
  if (tasks < 2) return MutateArguments(scenario, mutation);
  Random& random = mutation.random();
  std::vector<Switch>& switches = scenario.switches;
  if (!switches.empty() && random.OneIn(2)) {
    switches.erase(switches.begin() +
                   static_cast<ptrdiff_t>(random.Below(switches.size())));
  } else if (switches.size() < kSwitchesMax) {
    switches.push_back({static_cast<uint16_t>(random.Below(64)),
                        static_cast<uint8_t>(random.Below(tasks))});
  }
}

void ScenarioMutator::MutateAdvances(Scenario& scenario, Mutation& mutation) {
  Random& random = mutation.random();
  std::vector<ClockAdvance>& advances = scenario.advances;
  if (!advances.empty() && random.OneIn(2)) {
    advances.erase(advances.begin() +
                   static_cast<ptrdiff_t>(random.Below(advances.size())));
  } else if (advances.size() < kAdvancesMax) {
    const uint32_t ms = random.OneIn(4)
                            ? static_cast<uint32_t>(random.Next())
                            : kWaits[random.Below(std::size(kWaits))];
    const auto before =
        static_cast<uint8_t>(random.Below(scenario.steps.size() + 1));
    // In the order in which text has them.
    const auto place = std::upper_bound(
        advances.begin(), advances.end(), before,
        [](uint8_t b, const ClockAdvance& a) { return b < a.before; });
    advances.insert(place, {before, ms});
  }
}

void ScenarioMutator::MutateStrategy(Scenario& scenario, Mutation& mutation) {
  Random& random = mutation.random();
  if (!pinned_ && random.OneIn(2)) {
    scenario.strategy =
        static_cast<uint8_t>(random.Below(recipe_.strategies.size()));
  } else if (random.OneIn(2)) {
    scenario.off = 0;
  } else {
    scenario.off ^= 1u << random.Below(std::min<size_t>(
                        32, std::max<size_t>(1, recipe_.kinds.size())));
  }
}

void ScenarioMutator::CrossOver(Scenario& scenario, const Scenario& other,
                                Mutation& mutation) {
  if (other.steps.empty()) return Mutate(scenario, mutation);
  Random& random = mutation.random();
  const Scenario donor = CloneScenario(recipe_, other, mutation.arena());
  const size_t first = random.Below(donor.steps.size());
  const size_t count = 1 + random.Below(donor.steps.size() - first);
  const size_t at = random.Below(scenario.steps.size() + 1);
  if (random.OneIn(2)) {
    EraseSteps(recipe_, scenario, at, scenario.steps.size() - at);
  }
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
  if (tasks < 2) scenario.switches.clear();
  DropDanglingHandles(recipe_, scenario.steps);
}

}  // namespace formfuzz
