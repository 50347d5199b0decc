// SPDX-License-Identifier: Apache-2.0
// Plays a scenario against a fresh subject and judges every step.
//
// After each step, in this order: rules that the step itself found broken;
// the model's prediction (ModelAgrees); that a refused step changed nothing
// (RefusedStepsChangeNothing); the harness's invariants. The first that does
// not hold ends the run. Subjects are in their first state for every scenario.
//
// Steps of several tasks (Tasks(n)) run under the scenario's schedule, and
// begin in the order in which they are listed unless a switch says otherwise.
// At the end of a step what it foretold and stated is judged; invariants, the
// digest of the state and what a refused step changed only when no other step
// was, or is, under way; the model when all have ended, by some order that
// explains every outcome (Linearizable), or step by step while none have
// overlapped. Also judged: that not all tasks wait (NoDeadlock), that they get
// somewhere (NoLivelock), and that what is declared Shared is accessed in an
// order (NoDataRace).
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_JUDGE_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_JUDGE_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "framework/scenario/run.h"
#include "framework/scenario/scenario.h"
#include "framework/schedule/ending.h"
#include "framework/schedule/policy.h"
#include "framework/validate/place.h"
#include "framework/validate/rerun/remains.h"
#include "framework/validate/step_watch.h"
#include "framework/validate/trace.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

class Judge {
 public:
  // `subject`: made instead of the recipe's; null: the recipe's.
  Judge(const Recipe& recipe, StateCoverage& coverage,
        const Maker* subject = nullptr);

  // Both stay valid until the next Play.
  const Verdict& Play(const Scenario& scenario);
  const Trace& trace() const { return trace_; }
  // Bit i: some run reached the i-th goal of the recipe.
  uint64_t goals_reached() const { return watch_.goals_reached(); }
  FaultPlan& faults() { return run_.faults(); }

  // The last Play was another process's: what it leaves there, and what is
  // taken over here. Of scenarios of one task.
  void Leave(Remains& remains) const;
  void Adopt(const Remains& remains);

  // Of the last Play, and over with it.
  const Run& run() const { return run_; }

  // The step under way: what a handler of a deadly signal wants to know.
  size_t step() const;

  // For those who look for schedules: from now on it decides instead of the
  // scenarios' switches; null: no longer.
  void UsePolicy(Policy* policy);
  // Without them tasks are left only where they wait.
  void UseYields(bool yields);
  // Without them nothing fails that is not broken.
  void UseFaults(bool faults) { faults_ = faults; }
  // Of the last scenario with several tasks.
  const Ending& ending() const;

 private:
  struct Tasks;
  struct TasksEnd {
    void operator()(Tasks* tasks) const;
  };

  // Each returns false once the run is over.
  bool PlaySteps(const Scenario& scenario);
  bool PlayStep(const Scenario& scenario, size_t index);
  TraceStep RunStep(const Step& step);
  void AskModel(const Step& step, size_t index, TraceStep& played);
  bool JudgeStep(const Step& step, size_t index, uint64_t state_before);
  bool JudgeOutcome(const Step& step, size_t index);
  bool JudgeBroken(absl::FunctionRef<bool(const BrokenRule&)> concerns,
                   size_t index);
  bool JudgeRefusal(const Step& step, size_t index, uint64_t state_before);
  bool JudgeInvariants(Invariant::When when, size_t index);
  std::optional<BrokenInvariant> Broken(const Invariant& invariant);
  bool HarnessThrew(std::string_view where, size_t index);
  uint64_t State();
  bool JudgeExpectations(size_t index);
  bool Fail(VerdictKind kind, std::string_view validator,
            std::string_view message, size_t index);
  // Runs `play` and turns what it throws into a verdict.
  void Guarded(absl::FunctionRef<void()> play);
  void Visit(uint8_t kind, Outcome outcome);
  void VisitPath(uint64_t visit);
  void AdvanceClock(const Scenario& scenario, size_t before);

  // Several tasks: judge_tasks.cc.
  Tasks& NeedTasks();
  void PlayTasks(const Scenario& scenario);
  void PlayAsFirstTask();
  void PlayAsTask(uint8_t task);
  void PlayStepOf(uint8_t task, size_t index);
  void JudgeStepOf(size_t index, bool overlapped, uint64_t state_before);
  void JudgeEnd();
  void JudgeEnding(const Ending& ending);

  const Recipe& recipe_;
  Run run_;
  Place subject_;
  Place model_;
  StepWatch watch_;
  bool has_end_invariants_;
  bool faults_ = true;
  HandleTracker tracker_;
  Verdict verdict_;
  Trace trace_;
  uint64_t last_visit_ = 0;
  uint64_t path_ = 0;                       // see TrackPaths
  std::unique_ptr<Tasks, TasksEnd> tasks_;  // null until there are several
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_JUDGE_H_
