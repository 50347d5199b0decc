// SPDX-License-Identifier: Apache-2.0
// What a fault point costs where nothing is to fail, and where something may.
#undef FORMFUZZ_FUZZING
#define FORMFUZZ_FUZZING 1
#include "framework/fault/fault_point.h"

#include <benchmark/benchmark.h>

#include "framework/fault/fault_plan.h"

namespace formfuzz::bench {
namespace {

void PointOfAComponentNotArmed(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(static_cast<bool>(FORMFUZZ_FAULT("bench.point")));
  }
}
BENCHMARK(PointOfAComponentNotArmed);

void ScopeNotArmed(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::ClobberMemory();
    FORMFUZZ_FAULT_SCOPE("bench.scope");
  }
}
BENCHMARK(ScopeNotArmed);

void PointOfAMockNotArmed(benchmark::State& state) {
  FaultPlan plan;
  plan.SetPoints({"bench.point"});
  const std::vector<Fault> none;
  plan.Begin(none);
  FaultPoint point(plan, "bench.point");
  for (auto _ : state) {
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(point.Hit());
  }
}
BENCHMARK(PointOfAMockNotArmed);

// Another point of the same run is armed; `range` chooses the trigger.
void PointWhileFaultsAreArmed(benchmark::State& state) {
  FaultPlan plan;
  plan.SetPoints({"bench.point", "bench.other"});
  const std::vector<Fault> faults = {
      {static_cast<uint16_t>(state.range(0) == 0), FaultKind::kError,
       kFaultHitMax, 0, static_cast<FaultTrigger>(state.range(0))}};
  plan.Begin(faults);
  FaultPoint point(plan, "bench.point");
  for (auto _ : state) benchmark::DoNotOptimize(point.Hit());
}
BENCHMARK(PointWhileFaultsAreArmed)
    ->Arg(0)
    ->Arg(static_cast<int>(FaultTrigger::kEvery))
    ->Arg(static_cast<int>(FaultTrigger::kEachStack));

}  // namespace
}  // namespace formfuzz::bench
