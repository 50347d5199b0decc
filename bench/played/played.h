// SPDX-License-Identifier: Apache-2.0
// How many scenarios of a harness are decoded, played and judged in a second,
// the engine's own part left out. They are made as the fuzzer makes them, by
// mutation from nothing; those that pass are played again and again.
#ifndef FORMFUZZ_BENCH_PLAYED_PLAYED_H_
#define FORMFUZZ_BENCH_PLAYED_PLAYED_H_

#include <benchmark/benchmark.h>

#include <functional>
#include <string>
#include <vector>

#include "bench/recipe.h"
#include "framework/change/scenario_mutator.h"
#include "framework/engine/death/sanitizer_options.h"
#include "framework/form/scenario_codec.h"
#include "framework/validate/judge.h"

namespace formfuzz::bench {

class Player {
 public:
  // Whether it passed.
  bool Play(const std::string& bytes) {
    arena_.Reset();
    DecodeScenario(TheRecipe(), AsBytes(bytes), arena_, scenario_);
    return judge_.Play(scenario_).passed();
  }
  // Of the scenario played last.
  size_t steps() const { return scenario_.steps.size(); }
  uint64_t hits(size_t fault_point) const {
    return judge_.run().faults().hits(fault_point);
  }

 private:
  StateCoverage coverage_;
  Judge judge_{TheRecipe(), coverage_};
  Arena arena_;
  Scenario scenario_;
};

// Says of a scenario that has just passed whether it is to be measured.
using IsWanted = std::function<bool(const Player&)>;

// Counter "steps": of a scenario, on average.
inline void PlayScenarios(benchmark::State& state, const IsWanted& wanted) {
  constexpr size_t kScenarios = 400;
  constexpr int kLineage = 32;  // mutations from nothing
  constexpr int kTries = 400'000;
  ChooseSanitizerOptions();  // as under an engine
  Player player;
  Random random(1);
  Arena arena;
  Scenario scenario;
  ScenarioMutator mutator(TheRecipe());
  std::string bytes;
  std::vector<std::string> inputs;
  size_t steps = 0;
  for (int i = 0; i < kTries && inputs.size() < kScenarios; ++i) {
    if (i % kLineage == 0) {
      scenario.Clear();
      arena.Reset();
    }
    Mutation mutation(random, arena);
    ByteSink out;
    mutator.MutateFrom(AsBytes(bytes), scenario, mutation, nullptr, out);
    bytes = AsText(out.bytes());
    if (!player.Play(bytes) || !wanted(player)) continue;
    inputs.push_back(bytes);
    steps += player.steps();
  }
  if (inputs.size() < kScenarios) {
    return state.SkipWithError("too few were drawn");
  }
  size_t next = 0;
  for (auto _ : state) {
    if (!player.Play(inputs[next++ % kScenarios])) {
      return state.SkipWithError("a rule is broken");
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
  state.counters["steps"] = static_cast<double>(steps) / kScenarios;
}

}  // namespace formfuzz::bench

#endif  // FORMFUZZ_BENCH_PLAYED_PLAYED_H_
