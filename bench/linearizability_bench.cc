// SPDX-License-Identifier: Apache-2.0
// What judging one concurrent history costs: 16 operations by 3 tasks on a
// register, of which some overlap, as a scenario of a race makes them.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

#include "bench/allocations.h"
#include "framework/base/random.h"
#include "framework/validate/linearizability.h"

namespace formfuzz {
namespace {

constexpr size_t kOperations = 16;
constexpr size_t kTasks = 3;
constexpr size_t kHistories = 1000;

class Register {
 public:
  struct Call {
    bool writes;
    uint8_t value;
  };
  using Answer = uint8_t;

  uint8_t Do(const Call& call) {
    if (!call.writes) return value_;
    value_ = call.value;
    return 0;
  }
  bool Apply(const Call& call, const Answer* answer) {
    const uint8_t comes_to = Do(call);
    return answer == nullptr || *answer == comes_to;
  }
  uint64_t Digest() const { return value_; }

 private:
  uint8_t value_ = 0;
};

using TimedCalls = std::vector<TimedCall<Register>>;

// Tasks take turns at random: to call, to take effect, to return.
TimedCalls RandomHistory(Random& random, bool wrong) {
  TimedCalls history;
  Register truth;
  enum class Stage { kIdle, kCalled, kDone };
  struct Task {
    Stage stage = Stage::kIdle;
    size_t call = 0;
    uint8_t answer = 0;
  };
  std::array<Task, kTasks> tasks;
  uint32_t now = 0;
  size_t returned = 0;
  while (returned < kOperations) {
    Task& task = tasks[random.Below(kTasks)];
    switch (task.stage) {
      case Stage::kIdle:
        if (history.size() == kOperations) break;
        task = {Stage::kCalled, history.size(), 0};
        history.push_back(
            {{random.OneIn(2), static_cast<uint8_t>(1 + random.Below(9))},
             {},
             {now++}});
        break;
      case Stage::kCalled:
        task.answer = truth.Do(history[task.call].call);
        task.stage = Stage::kDone;
        break;
      case Stage::kDone:
        history[task.call].answer = task.answer;
        history[task.call].times.returned = now++;
        task.stage = Stage::kIdle;
        ++returned;
        break;
    }
  }
  if (wrong) history[kOperations - 1].answer = 77;  // nobody wrote that
  return history;
}

void Judge(benchmark::State& state) {
  Random random(7);
  std::vector<TimedCalls> histories;
  for (size_t i = 0; i < kHistories; ++i) {
    histories.push_back(RandomHistory(random, state.range(0) != 0));
  }
  Linearizability<Register> checker;
  for (const TimedCalls& history : histories) checker.Check(history);
  std::vector<double> us;
  us.reserve(size_t{1} << 24);
  const uint64_t allocated = bench::Allocations();
  size_t next = 0;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(checker.Check(histories[next]));
    const std::chrono::duration<double, std::micro> took =
        std::chrono::steady_clock::now() - start;
    if (us.size() < us.capacity()) us.push_back(took.count());
    next = next + 1 < kHistories ? next + 1 : 0;
  }
  state.counters["allocations"] =
      static_cast<double>(bench::Allocations() - allocated);
  std::sort(us.begin(), us.end());
  state.counters["median_us"] = us[us.size() / 2];
  state.counters["p99_us"] = us[us.size() * 99 / 100];
}
BENCHMARK(Judge)->Arg(0)->Arg(1)->ArgName("wrong");

}  // namespace
}  // namespace formfuzz
