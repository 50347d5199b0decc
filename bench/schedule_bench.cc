// SPDX-License-Identifier: Apache-2.0
// What concurrency costs: a yield point, a switch, and whole runs of a race
// for the ownership of one thing among three tasks.
#include <benchmark/benchmark.h>

#include <array>
#include <memory>

#include "framework/base/random.h"
#include "framework/formfuzz.h"
#include "framework/schedule/fiber/fiber_executor.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/search/switch_policy.h"
#include "framework/schedule/sync/mutex.h"
#include "framework/schedule/thread/thread_executor.h"
#include "framework/validate/judge.h"

namespace formfuzz {
namespace {

constexpr YieldSite kHere("bench.here");

void YieldOutsideOfARun(benchmark::State& state) {
  for (auto _ : state) YieldAt(kHere);
}
BENCHMARK(YieldOutsideOfARun);

// 10,000 at a time: more are a livelock.
void YieldWithOneTask(benchmark::State& state) {
  FiberExecutor executor;
  Scheduler scheduler(executor);
  SwitchPolicy policy;
  constexpr int kYields = 10'000;
  while (state.KeepRunningBatch(kYields)) {
    scheduler.Run(
        [] {
          for (int i = 0; i < kYields; ++i) YieldAt(kHere);
        },
        policy);
  }
}
BENCHMARK(YieldWithOneTask);

// Two tasks that give way to each other.
template <class Executor>
void SwitchOfTasks(benchmark::State& state) {
  Executor executor;
  Scheduler scheduler(executor);
  SwitchPolicy policy;
  constexpr int kSwitches = 10'000;
  const auto body = [&] {
    for (int i = 0; i < kSwitches / 2; ++i) scheduler.GiveWay(kHere);
  };
  while (state.KeepRunningBatch(kSwitches)) {
    scheduler.Run(
        [&] {
          scheduler.Spawn(body);
          body();
        },
        policy);
  }
}
BENCHMARK(SwitchOfTasks<FiberExecutor>);
BENCHMARK(SwitchOfTasks<ThreadExecutor>);

// The fiber alone, without anybody who decides.
void SwitchOfFibers(benchmark::State& state) {
  struct Pair {
    Fiber outside;
    std::unique_ptr<Fiber> inside;
  } pair;
  pair.inside = std::make_unique<Fiber>(
      [](void* argument) {
        auto& both = *static_cast<Pair*>(argument);
        for (;;) both.inside->SwitchTo(both.outside);
      },
      &pair);
  while (state.KeepRunningBatch(2)) pair.outside.SwitchTo(*pair.inside);
}
BENCHMARK(SwitchOfFibers);

// A thing with one owner, which changes hands in three writes under a lock.
class Ownership {
 public:
  bool Transfer(int from, int to) {
    std::lock_guard lock(mutex_);
    if (!owns_[static_cast<size_t>(from)] || from == to) return false;
    owns_[static_cast<size_t>(from)] = false;
    YieldAt(kHere);
    owns_[static_cast<size_t>(to)] = true;
    YieldAt(kHere);
    owner_ = to;
    return true;
  }
  bool OneOwner() const {
    return owns_[0] + owns_[1] + owns_[2] == 1 &&
           owns_[static_cast<size_t>(owner_)];
  }

 private:
  sync::mutex mutex_;
  std::array<bool, 3> owns_ = {true, false, false};
  int owner_ = 0;
};

Recipe OwnershipRecipe() {
  Recipe recipe;
  recipe.name = "ownership";
  const auto party = InRange(0, 2);
  HarnessBuilder<Ownership>(recipe)
      .Step("transfer", &Ownership::Transfer, party, party)
      .Strategy("race", {"transfer"}, Tasks(3))
      .Invariant("OneOwner", &Ownership::OneOwner);
  recipe.Finish();
  return recipe;
}

// Three tasks of one transfer each, under random schedules of two preemptions.
void OwnershipRace(benchmark::State& state) {
  const Recipe recipe = OwnershipRecipe();
  StateCoverage coverage;
  Judge judge(recipe, coverage);
  Arena arena;
  Random random(1);
  Scenario scenario;
  const std::array<std::tuple<int, int>, 3> moves = {{{0, 1}, {0, 2}, {1, 0}}};
  for (uint8_t task = 0; task < 3; ++task) {
    scenario.steps.push_back(
        {0, task, arena.New<std::tuple<int, int>>(moves[task])});
  }
  scenario.switches.resize(2);
  int64_t failures = 0;
  for (auto _ : state) {
    for (Switch& entry : scenario.switches) {
      entry = {static_cast<uint16_t>(random.Below(16)),
               static_cast<uint8_t>(random.Below(3))};
    }
    failures += !judge.Play(scenario).passed();
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["failures"] = static_cast<double>(failures);
}
BENCHMARK(OwnershipRace);

}  // namespace
}  // namespace formfuzz
