// SPDX-License-Identifier: Apache-2.0
// One function a section of a scenario.
#include "framework/change/surroundings.h"

#include <algorithm>

namespace formfuzz {
namespace {

constexpr uint32_t kWaits[] = {1,      999,     1'000,     30'000,
                               60'000, 300'000, 3'600'000, 86'400'000};
constexpr uint32_t kYieldsUnknown = 64;  // of a run that was not seen
// Beyond it lies what spins.
constexpr uint32_t kYieldsAimed = 2048;
// A schedule is drawn, and not listed. What needs several switches is found
// several times sooner, and the rest as soon as without (docs/schedules.md).
constexpr size_t kDrawOneIn = 3;
constexpr size_t kHitsMax = 64;  // of one point, that faults are aimed at

template <class Entry>
void EraseOne(std::vector<Entry>& entries, Random& random) {
  entries.erase(entries.begin() +
                static_cast<ptrdiff_t>(random.Below(entries.size())));
}

// A hit that the run had, each as likely as the others, and something that
// can happen there. False where there was none.
bool AimAtHit(const Recipe& recipe, const Run& played, Random& random,
              Fault& fault) {
  const FaultPlan& plan = played.faults();
  const auto hits = [&](uint16_t point) {
    return std::min<size_t>(plan.hits(point), kHitsMax);
  };
  size_t total = 0;
  const auto points = static_cast<uint16_t>(recipe.fault_points.size());
  for (uint16_t point = 0; point < points; ++point) total += hits(point);
  if (total == 0) return false;
  size_t skip = random.Below(total);
  fault.point = 0;
  while (skip >= hits(fault.point)) skip -= hits(fault.point++);
  fault.hit = static_cast<uint16_t>(skip);
  fault.trigger = FaultTrigger::kAt;
  fault.scope = 0;
  const FaultKinds kinds = plan.kinds(fault.point);
  if ((kinds >> static_cast<int>(fault.kind) & 1) == 0) {
    fault.kind = FaultKind::kError;
  }
  return true;
}

Fault DrawFault(const Recipe& recipe, Random& random) {
  Fault fault{static_cast<uint16_t>(random.Below(recipe.fault_points.size())),
              static_cast<FaultKind>(random.Below(kFaultKinds)),
              static_cast<uint16_t>(random.Below(random.OneIn(4) ? 64 : 8)),
              static_cast<uint16_t>(random.OneIn(2) ? 0 : random.Next())};
  if (random.OneIn(4)) {
    fault.trigger = static_cast<FaultTrigger>(random.Below(kFaultTriggers));
  }
  if (!recipe.fault_scopes.empty() && random.OneIn(4)) {
    fault.scope =
        static_cast<uint8_t>(1 + random.Below(recipe.fault_scopes.size()));
  }
  return fault;
}

// Arms some of the points, each at random, for a run that fails here and
// there: what one fault at a time does not show.
void SwarmFaults(const Recipe& recipe, Random& random,
                 std::vector<Fault>& faults) {
  faults.clear();
  for (size_t point = 0; point < recipe.fault_points.size(); ++point) {
    if (!random.OneIn(4) || faults.size() == kFaultsMax) continue;
    Fault fault = DrawFault(recipe, random);
    fault.point = static_cast<uint16_t>(point);
    fault.hit = static_cast<uint16_t>(1 + random.Below(64));
    fault.trigger = FaultTrigger::kChance;
    faults.push_back(fault);
  }
}

// The wait before some later step that ends at the deadline, or a millisecond
// from it. False where that is past already.
bool AimAtDeadline(const Run& played, const Scenario& scenario, Random& random,
                   ClockAdvance& wait) {
  if (played.deadlines().empty()) return false;
  const Deadline& deadline =
      played.deadlines()[random.Below(played.deadlines().size())];
  const size_t last = scenario.steps.size();
  if (deadline.step >= last) return false;
  const size_t before = deadline.step + 1 + random.Below(last - deadline.step);
  uint64_t now_ms = ScenarioClock::kStartMs;
  for (const ClockAdvance& advance : scenario.advances) {
    if (advance.before <= before) now_ms += advance.ms;
  }
  const uint64_t until_ms = deadline.at_ms + random.Below(3) - 1;
  if (until_ms <= now_ms || until_ms - now_ms > UINT32_MAX) return false;
  wait = {static_cast<uint8_t>(before),
          static_cast<uint32_t>(until_ms - now_ms)};
  return true;
}

ClockAdvance DrawWait(const Scenario& scenario, Random& random) {
  const uint32_t ms = random.OneIn(4) ? static_cast<uint32_t>(random.Next())
                                      : kWaits[random.Below(std::size(kWaits))];
  return {static_cast<uint8_t>(random.Below(scenario.steps.size() + 1)), ms};
}

uint32_t YieldsOf(const Run* played) {
  if (played == nullptr || played->yields() == 0) return kYieldsUnknown;
  return std::min(played->yields(), kYieldsAimed);
}

// Draws anew, or gives drawing up.
bool MutateDraw(const Run* played, Random& random, Scenario& scenario) {
  const Draw before = scenario.draw;
  scenario.switches.clear();
  if (before && random.OneIn(4)) {
    scenario.draw = Draw();
    return true;
  }
  scenario.draw = {
      random.OneIn(4) ? DrawnBy::kRandomWalk : DrawnBy::kPriorities,
      static_cast<uint8_t>(1 + random.Below(Draw::kDepthMax)),
      Draw::ScaleFor(YieldsOf(played)), static_cast<uint16_t>(random.Next())};
  if (scenario.draw.by == DrawnBy::kRandomWalk) {
    scenario.draw.depth = 1;
    scenario.draw.scale = 0;
  }
  return scenario.draw != before;
}

// One switch shows most races that a single one can; several at once show
// those that need more, and hit the place sooner.
bool MutateSwitches(const Run* played, uint8_t tasks, Random& random,
                    Scenario& scenario) {
  std::vector<Switch>& switches = scenario.switches;
  if (!switches.empty() && random.OneIn(3)) {
    if (random.OneIn(2)) {
      EraseOne(switches, random);
    } else {
      switches.clear();
    }
    return true;
  }
  if (tasks < 2) return false;
  const uint32_t yields = YieldsOf(played);
  scenario.draw = Draw();
  const size_t before = switches.size();
  do {
    if (switches.size() >= kSwitchesMax) break;
    switches.push_back({static_cast<uint16_t>(random.Below(yields)),
                        static_cast<uint8_t>(random.Below(tasks))});
  } while (random.OneIn(2));
  return switches.size() > before;
}

}  // namespace

bool MutateFaults(const Recipe& recipe, const Run* played, Random& random,
                  Scenario& scenario) {
  std::vector<Fault>& faults = scenario.faults;
  if (!faults.empty() && random.OneIn(3)) {
    EraseOne(faults, random);
    return true;
  }
  if (recipe.fault_points.empty()) return false;
  if (random.OneIn(24)) {
    const std::vector<Fault> before = faults;
    SwarmFaults(recipe, random, faults);
    return faults != before;
  }
  Fault fault = DrawFault(recipe, random);
  if (played != nullptr && !random.OneIn(8)) {
    AimAtHit(recipe, *played, random, fault);
  }
  if (!faults.empty() && (faults.size() >= kFaultsMax || random.OneIn(2))) {
    Fault& old = faults[random.Below(faults.size())];
    return std::exchange(old, fault) != fault;
  }
  faults.push_back(fault);
  return true;
}

bool MutateSchedule(const Recipe& recipe, const Run* played, bool may_draw,
                    Random& random, Scenario& scenario) {
  const uint8_t tasks = recipe.strategies[scenario.strategy].tasks;
  if (tasks > 1 && may_draw && (scenario.draw || random.OneIn(kDrawOneIn))) {
    return MutateDraw(played, random, scenario);
  }
  return MutateSwitches(played, tasks, random, scenario);
}

bool MutateAdvances(const Run* played, Random& random, Scenario& scenario) {
  std::vector<ClockAdvance>& advances = scenario.advances;
  if (!advances.empty() && random.OneIn(2)) {
    EraseOne(advances, random);
    return true;
  }
  if (advances.size() >= kAdvancesMax) return false;
  ClockAdvance wait = DrawWait(scenario, random);
  if (played != nullptr && !random.OneIn(4)) {
    AimAtDeadline(*played, scenario, random, wait);
  }
  // In the order in which text has them.
  const auto place = std::upper_bound(
      advances.begin(), advances.end(), wait.before,
      [](uint8_t b, const ClockAdvance& a) { return b < a.before; });
  advances.insert(place, wait);
  return true;
}

}  // namespace formfuzz
