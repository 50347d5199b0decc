// SPDX-License-Identifier: Apache-2.0
// What a harness is handed for one run: its clock, its faults, and the means
// to say what it made, what it saw and what must hold.
//
// One Run serves one scenario at a time and is reused; everything in it is
// forgotten at Begin.
#ifndef FORMFUZZ_FRAMEWORK_SCENARIO_RUN_H_
#define FORMFUZZ_FRAMEWORK_SCENARIO_RUN_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/domain/handle.h"
#include "framework/fault/component_scope.h"
#include "framework/fault/fault_plan.h"
#include "framework/observe/state_coverage.h"
#include "framework/restore/region.h"
#include "framework/scenario/outcome.h"
#include "framework/schedule/vector_clock.h"

namespace formfuzz {

// Time of the scenario: starts at a fixed instant and moves only when told.
class ScenarioClock {
 public:
  // 2023-11-14T22:13:20Z, a round number that looks like a real time.
  static constexpr uint64_t kStartMs = 1'700'000'000'000;

  uint64_t NowMs() const { return now_ms_; }
  void AdvanceMs(uint64_t ms) { now_ms_ += ms; }

 private:
  uint64_t now_ms_ = kStartMs;
};

// A rule that a step itself found broken.
struct BrokenRule {
  uint8_t task;  // a component's own thread has the number of no step's task
  std::string rule;
  std::string message;
};

// A moment from which something is different: an expiry, a timeout.
struct Deadline {
  uint16_t step;  // that set it
  uint64_t at_ms;
};

class Run {
 public:
  static constexpr size_t kDeadlinesMax = 32;

  explicit Run(StateCoverage& coverage) : coverage_(&coverage) {
    faults_.SetDelay(&clock_, [](void* clock, uint64_t ms) {
      static_cast<ScenarioClock*>(clock)->AdvanceMs(ms);
    });
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  ScenarioClock& clock() { return clock_; }
  FaultPlan& faults() { return faults_; }
  const FaultPlan& faults() const { return faults_; }

  // The ordinal of what the current step makes, where it makes something.
  uint16_t made() const { return steps_[*task_].made; }

  // Whether no other task is in the middle of a step: what a step may want to
  // know that would pull the ground from under others.
  bool alone() const { return steps_under_way_ < 2; }

  // Yield points that were reached: where tasks could have been left.
  uint32_t yields() const { return yields_; }

  // Says that the run is in this (abstract) state now: coverage.
  void Observe(uint64_t state) { coverage_->Visit(state); }

  // Says that the current step made something end, or begin, at that time of
  // the clock: mutation then lets the clock come near it. The first 32 count,
  // each time once.
  void SetDeadline(uint64_t at_ms) {
    for (const Deadline& known : deadlines_) {
      if (known.at_ms == at_ms) return;
    }
    if (deadlines_.size() >= kDeadlinesMax) return;
    const HeapScope own;
    const size_t step = steps_begun_ == 0 ? 0 : steps_begun_ - 1;
    deadlines_.push_back({static_cast<uint16_t>(step), at_ms});
  }

  // What the current step must come to, said by a harness whose model needs
  // to see more than the arguments. Takes the place of Model's prediction.
  void Foretell(Outcome outcome) { steps_[*task_].foretold = outcome; }

  // A rule checked inside a step; `message` is only built when it is broken.
  bool Expect(bool holds, std::string_view rule,
              std::string_view message = {}) {
    if (!holds) [[unlikely]]
      NoteBroken(rule, message);
    return holds;
  }

  // For whoever plays the scenario.
  void Begin(const std::vector<Fault>& faults) {
    clock_ = ScenarioClock();
    faults_.Begin(faults);
    broken_.clear();
    deadlines_.clear();
    SetTask();
    steps_[0].made = kNoHandle;
    steps_under_way_ = 0;
    steps_begun_ = 0;
    yields_ = 0;
  }
  void BeginStep(uint16_t made) {
    steps_[*task_].made = made;
    steps_[*task_].foretold.reset();
    ++steps_begun_;
  }
  const std::optional<Outcome>& foretold() const {
    return steps_[*task_].foretold;
  }
  // Where the number of the running task is kept: each has its own step.
  void SetTask(const uint8_t* task, uint8_t tasks) {
    task_ = task;
    faults_.SetTask(task, tasks);
  }
  void SetTask() { SetTask(&kOnlyTask, 1); }
  void set_steps_under_way(size_t count) { steps_under_way_ = count; }
  void set_yields(uint32_t yields) { yields_ = yields; }
  uint8_t task() const { return *task_; }
  const std::vector<BrokenRule>& broken() const { return broken_; }
  const std::vector<Deadline>& deadlines() const { return deadlines_; }
  StateCoverage& coverage() { return *coverage_; }
  // The run was another process's.
  void Adopt(const FaultPlan::Reached& reached,
             std::span<const Deadline> deadlines) {
    faults_.Adopt(reached);
    deadlines_.assign(deadlines.begin(), deadlines.end());
  }

 private:
  // Apart, so that rules that hold cost a comparison.
  [[gnu::noinline]] void NoteBroken(std::string_view rule,
                                    std::string_view message) {
    const HeapScope own;
    broken_.push_back({*task_, std::string(rule), std::string(message)});
  }

  ScenarioClock clock_;
  FaultPlan faults_;
  StateCoverage* coverage_;
  // The step that a task is in.
  struct StepUnderWay {
    uint16_t made = kNoHandle;
    std::optional<Outcome> foretold;
  };
  static constexpr uint8_t kOnlyTask = 0;

  std::array<StepUnderWay, kRunningTasksMax> steps_;
  const uint8_t* task_ = &kOnlyTask;
  size_t steps_under_way_ = 0;
  size_t steps_begun_ = 0;
  uint32_t yields_ = 0;
  std::vector<BrokenRule> broken_;
  std::vector<Deadline> deadlines_;
};

// Where a harness keeps what handles stand for:
//
//   Handles<Vm, VmId> vms_{run};
//   vms_.Bind(id);                     in the step that makes one
//   const VmId* id = vms_.Find(vm);    in the others; null if never made
template <class Kind, class Value>
class Handles {
 public:
  explicit Handles(const Run& run) : run_(&run) {}

  void Bind(Value value) {
    const OutsideComponent own;
    const uint16_t made = run_->made();
    FORMFUZZ_CHECK(made != kNoHandle,
                   "Handles::Bind in a step not declared to make anything");
    if (values_.size() <= made) values_.resize(made + size_t{1});
    values_[made] = {std::move(value), true};
  }
  const Value* Find(Handle<Kind> handle) const {
    if (handle.IsNone() || handle.index() >= values_.size()) return nullptr;
    const Slot& slot = values_[handle.index()];
    return slot.bound ? &slot.value : nullptr;
  }

 private:
  struct Slot {
    Value value{};
    bool bound = false;
  };
  const Run* run_;
  std::vector<Slot> values_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_SCENARIO_RUN_H_
