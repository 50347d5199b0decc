// SPDX-License-Identifier: Apache-2.0
// How many scenarios of networking are decoded, played and judged in a second:
// those that put at most so many datagrams on the wire, all of what comes after
// the last step included. They are made as the fuzzer makes them, by mutation
// from nothing, and drawn again and again; none of them may fail.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "framework/change/scenario_mutator.h"
#include "framework/engine/harness.h"
#include "framework/form/scenario_codec.h"
#include "framework/validate/judge.h"

namespace formfuzz::bench {
namespace {

constexpr size_t kScenarios = 400;
constexpr size_t kLineage = 32;  // mutations from nothing
constexpr int kTries = 400'000;

const Recipe& NetworkingRecipe() {
  static const Recipe& recipe = []() -> Recipe& {
    Recipe& only = *RegisteredRecipes().front();
    only.Finish();
    return only;
  }();
  return recipe;
}

class Player {
 public:
  // Whether it passed.
  bool Play(const std::string& bytes) {
    arena_.Reset();
    DecodeScenario(NetworkingRecipe(), AsBytes(bytes), arena_, scenario_);
    return judge_.Play(scenario_).passed();
  }
  // Every datagram shows the one fault point once.
  size_t datagrams() const { return judge_.run().faults().hits(0); }
  size_t steps() const { return scenario_.steps.size(); }

 private:
  StateCoverage coverage_;
  Judge judge_{NetworkingRecipe(), coverage_};
  Arena arena_;
  Scenario scenario_;
};

struct Drawn {
  std::vector<std::string> inputs;
  size_t datagrams = 0;
  size_t steps = 0;
};

Drawn Draw(Player& player, size_t datagrams_max) {
  Drawn drawn;
  Random random(1);
  Arena arena;
  Scenario scenario;
  ScenarioMutator mutator(NetworkingRecipe());
  std::string bytes;
  for (int i = 0; i < kTries && drawn.inputs.size() < kScenarios; ++i) {
    if (i % kLineage == 0) {
      scenario.Clear();
      arena.Reset();
    }
    Mutation mutation(random, arena);
    ByteSink out;
    mutator.MutateFrom(AsBytes(bytes), scenario, mutation, nullptr, out);
    bytes = AsText(out.bytes());
    if (!player.Play(bytes)) continue;
    if (player.datagrams() == 0 || player.datagrams() > datagrams_max) continue;
    drawn.inputs.push_back(bytes);
    drawn.datagrams += player.datagrams();
    drawn.steps += player.steps();
  }
  return drawn;
}

void PlayScenarios(benchmark::State& state) {
  Player player;
  const Drawn drawn = Draw(player, static_cast<size_t>(state.range(0)));
  const size_t count = drawn.inputs.size();
  if (count < kScenarios) return state.SkipWithError("too few were drawn");
  size_t next = 0;
  for (auto _ : state) {
    if (!player.Play(drawn.inputs[next++ % count])) {
      return state.SkipWithError("a rule is broken");
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()));
  state.counters["datagrams"] =
      static_cast<double>(drawn.datagrams) / static_cast<double>(count);
  state.counters["steps"] =
      static_cast<double>(drawn.steps) / static_cast<double>(count);
}
BENCHMARK(PlayScenarios)->Arg(32)->Arg(1000);

}  // namespace
}  // namespace formfuzz::bench
