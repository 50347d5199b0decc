// SPDX-License-Identifier: Apache-2.0
// What judging one step of vm_management costs while there are 10, 100 and
// 1,000 VMs: every rule that its recipe judges after a step, and the digest of
// the state. Each step reads another VM, so that caches are of no more help
// than in a run. Only the judging is timed, by two readings of the clock.
#include <benchmark/benchmark.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "bench/recipe.h"
#include "framework/engine/harness.h"
#include "harnesses/vm_management/subject.h"

namespace formfuzz::bench {
namespace {

using Stopwatch = std::chrono::steady_clock;

constexpr SignedBy kRoot{Signer::kRoot, Tamper::kNone};
// Between two messages, so that the manager can forget nonces.
constexpr uint64_t kPauseMs = 300'000;  // until no message can be replayed
// Past those of scenarios, the last of which stands for no handle.
constexpr size_t kFirstHandle = kNoHandle + 1;
constexpr benchmark::IterationCount kSteps = 20'000;

// A harness that has made VMs, all of them root's, who has no quota.
class Populated {
 public:
  explicit Populated(size_t vms) : run_(coverage_), names_(vms) {
    run_.faults().SetPoints(TheRecipe().fault_points);
    run_.Begin(no_faults_);
    subject_.emplace(run_);
    for (size_t i = 0; i < vms; ++i) Make(i);
  }

  bool ReadNext() {
    const VmHandle vm(HandleOf(next_++ % names_.size()));
    BeginStep(kNoHandle);
    return subject_->Get(kRoot, vm).ok();
  }

  // False if a rule is broken.
  bool Judge() {
    bool holds = true;
    for (const Invariant& rule : TheRecipe().invariants) {
      if (rule.when != Invariant::When::kEveryStep) continue;
      holds &= !rule.broken(&*subject_).has_value();
    }
    benchmark::DoNotOptimize(TheRecipe().state(&*subject_));
    return holds && run_.broken().empty();
  }

 private:
  static uint16_t HandleOf(size_t index) {
    return static_cast<uint16_t>(kFirstHandle + index);
  }
  void BeginStep(uint16_t made) {
    run_.clock().AdvanceMs(kPauseMs);
    run_.BeginStep(made);
  }
  void Make(size_t index) {
    names_[index] = Concat("vm-", index);
    BeginStep(HandleOf(index));
    const VmSpec spec{names_[index], {1, 512, {}}, {}, "debian-12", {}};
    FORMFUZZ_CHECK(subject_->Create(kRoot, spec).ok(), "root makes no VM");
  }

  StateCoverage coverage_;
  Run run_;
  std::vector<Fault> no_faults_;
  std::vector<std::string> names_;  // the model's records view into them
  std::optional<VmManagement> subject_;
  size_t next_ = 0;
};

void JudgeOneStep(benchmark::State& state) {
  Populated vms(static_cast<size_t>(state.range(0)));
  for (auto _ : state) {
    if (!vms.ReadNext()) return state.SkipWithError("a step was refused");
    const auto start = Stopwatch::now();
    const bool holds = vms.Judge();
    const std::chrono::duration<double> took = Stopwatch::now() - start;
    if (!holds) return state.SkipWithError("a rule is broken");
    state.SetIterationTime(took.count());
  }
}
BENCHMARK(JudgeOneStep)
    ->Arg(10)
    ->Arg(100)
    ->Arg(1000)
    ->UseManualTime()
    ->Iterations(kSteps);

}  // namespace
}  // namespace formfuzz::bench
