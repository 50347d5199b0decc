// SPDX-License-Identifier: Apache-2.0
// Watches a run for what a harness expects beyond invariants: which goals it
// reaches, what steps cost against size, and that it recovers.
//
// The judge calls it. Goals reached are remembered for the life of the watch,
// and a goal once reached costs nothing more. Costs are judged on what one
// run shows, so that its input alone shows it again.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_STEP_WATCH_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_STEP_WATCH_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "framework/observe/growth.h"
#include "framework/observe/step_meter.h"
#include "framework/scenario/recipe.h"
#include "framework/validate/place.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

class StepWatch {
 public:
  // All must outlive it.
  StepWatch(const Recipe& recipe, Run& run, const Place& subject);

  // Costs are those of a step that no other task's step interrupts.
  void BeginRun(uint8_t tasks) {
    for (Curve& curve : curves_) curve.Clear();
    measures_ = !curves_.empty() && tasks == 1;
  }

  // Around a step, the component's part of it alone.
  void BeginStep(uint8_t kind) {
    if (measures_) BeginCost(kind);
  }
  void EndStep() {
    if (measured_ != nullptr) EndCost();
  }

  // Whenever no task runs.
  void LookForGoals() {
    if (goals_left_ != 0) [[unlikely]]
      FindGoals();
  }

  // Whether anything is judged after the last step.
  bool expects_at_end() const {
    return !curves_.empty() || !recipe_.recoveries.empty();
  }
  // After the last step, faults still on: the first expectation broken.
  std::optional<Verdict> JudgeEnd();

  // Bit i: the i-th goal of the recipe was reached in some run.
  uint64_t goals_reached() const { return goals_reached_; }
  // Some were reached in another process's run.
  void AdoptGoals(uint64_t reached) {
    goals_reached_ |= reached;
    goals_left_ &= ~reached;
  }

 private:
  // What one step kind cost at each size it was run at, in one run.
  struct Curve {
    const CostRule* rule;
    std::vector<CostSample> bytes;
    std::vector<CostSample> edges;
    std::vector<CostSample> instructions;

    void Clear() {
      bytes.clear();
      edges.clear();
      instructions.clear();
    }
  };

  void BeginCost(uint8_t kind);
  void EndCost();
  void FindGoals();
  std::optional<Verdict> JudgeCosts() const;
  std::optional<Verdict> JudgeRecoveries();
  bool Recovers(const Recovery& recovery);

  const Recipe& recipe_;
  Run& run_;
  const Place& subject_;
  uint64_t goals_left_;
  uint64_t goals_reached_ = 0;
  std::vector<Curve> curves_;
  std::unique_ptr<StepMeter> meter_;  // null where no costs are declared
  bool measures_ = false;
  Curve* measured_ = nullptr;  // that the step under way belongs to
  uint64_t size_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_STEP_WATCH_H_
