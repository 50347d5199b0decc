// SPDX-License-Identifier: Apache-2.0
// Scenarios of several tasks: the steps of each in their order, interleaved by
// the scheduler. Everything between the construction and the destruction of
// the subject happens in tasks, so that whatever waits for ever is seen to.
#include <algorithm>
#include <array>

#include "framework/base/text.h"
#include "framework/fault/component_scope.h"
#include "framework/schedule/fiber/fiber_executor.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/search/drawn_policy.h"
#include "framework/schedule/search/switch_policy.h"
#include "framework/schedule/thread/thread_executor.h"
#include "framework/validate/history_judge.h"
#include "framework/validate/judge.h"

namespace formfuzz {
namespace {

constexpr YieldSite kStep("step");

// Sleeping tasks move the scenario's time.
class ScenarioTaskClock final : public TaskClock {
 public:
  explicit ScenarioTaskClock(ScenarioClock& clock) : clock_(clock) {}
  uint64_t NowMs() override { return clock_.NowMs(); }
  void AdvanceToMs(uint64_t ms) override {
    if (ms > clock_.NowMs()) clock_.AdvanceMs(ms - clock_.NowMs());
  }

 private:
  ScenarioClock& clock_;
};

std::unique_ptr<Executor> MakeExecutor(bool on_threads) {
  if (on_threads) return std::make_unique<ThreadExecutor>();
  return std::make_unique<FiberExecutor>();
}

}  // namespace

struct Judge::Tasks {
  Tasks(const Recipe& recipe, Run& run)
      : executor(MakeExecutor(recipe.on_threads)),
        clock(run.clock()),
        history_judge(recipe, run) {}

  void Begin(const Scenario& played) {
    scenario = &played;
    switches.Follow(played.switches);
    if (played.draw) drawn.Follow(played.draw);
    history.Clear();
    made.clear();
    for (auto& queue : queues) queue.clear();
    for (size_t i = 0; i < played.steps.size(); ++i) {
      queues[played.steps[i].task].push_back(static_cast<uint16_t>(i));
    }
    begun.assign(played.steps.size(), false);
    next = under_way = ended_count = 0;
    overlapped_ever = false;
    in_step.fill(false);
  }

  // The task whose turn it is by the order in which steps are listed.
  uint8_t Next() {
    while (next < begun.size() && begun[next]) ++next;
    return next < begun.size() ? scenario->steps[next].task
                               : scheduler.current();
  }

  void Enter(uint8_t task, size_t index) {
    begun[index] = true;
    step_of[task] = index;
    in_step[task] = true;
    overlapped[task] = under_way > 0;
    if (under_way++ == 0) return;
    overlapped_ever = true;
    overlapped.fill(true);
  }

  // When it did. What a fault made throw may have had its effect.
  uint32_t End(size_t operation, const TraceStep& played) {
    if (played.threw) return history.Leave();
    history.Return(operation, played.outcome);
    return history.operations()[operation].returned;
  }

  // Who decides in the scenario under way.
  Policy& DecidesIn(const Scenario& played) {
    if (policy != nullptr) return *policy;
    if (played.draw) return drawn;
    return switches;
  }

  std::unique_ptr<Executor> executor;
  Scheduler scheduler{*executor};
  ScenarioTaskClock clock;
  SwitchPolicy switches;
  DrawnPolicy drawn;
  Policy* policy = nullptr;  // instead of the scenario's schedule
  bool yields = true;

  const Scenario* scenario = nullptr;
  std::vector<uint16_t> made;  // by step: the ordinal of what it makes
  std::array<std::vector<uint16_t>, kTasksMax> queues;
  std::vector<bool> begun;  // by step
  size_t next = 0;          // no step before it has not begun
  size_t under_way = 0;     // steps
  size_t ended_count = 0;   // steps
  bool overlapped_ever = false;
  std::array<size_t, kTasksMax> step_of{};
  std::array<bool, kTasksMax> in_step{};
  std::array<bool, kTasksMax> overlapped{};
  uint64_t state = 0;  // when no step was under way last
  History history;
  HistoryJudge history_judge;
};

void Judge::TasksEnd::operator()(Tasks* tasks) const { delete tasks; }

Judge::Tasks& Judge::NeedTasks() {
  if (tasks_ == nullptr) tasks_.reset(new Tasks(recipe_, run_));
  return *tasks_;
}

void Judge::UsePolicy(Policy* policy) { NeedTasks().policy = policy; }
void Judge::UseYields(bool yields) { NeedTasks().yields = yields; }

const Ending& Judge::ending() const {
  static const Ending none;
  return tasks_ == nullptr ? none : tasks_->scheduler.ending();
}

size_t Judge::step() const {
  if (tasks_ == nullptr || tasks_->scenario == nullptr) {
    return trace_.steps.size();
  }
  const uint8_t task = tasks_->scheduler.current();
  return task < kTasksMax && tasks_->in_step[task] ? tasks_->step_of[task]
                                                   : trace_.steps.size();
}

void Judge::PlayTasks(const Scenario& scenario) {
  Tasks& tasks = NeedTasks();
  tasks.Begin(scenario);
  for (const Step& step : scenario.steps) {
    tasks.made.push_back(tracker_.Pass(recipe_, step));
  }
  TraceStep not_reached;
  not_reached.returned = false;
  trace_.steps.assign(scenario.steps.size(), not_reached);
  run_.SetTask(tasks.scheduler.current_place(),
               recipe_.strategies[scenario.strategy].tasks);
  RunOptions options{.clock = &tasks.clock,
                     .yields = tasks.yields,
                     .reserved = recipe_.strategies[scenario.strategy].tasks};
  if (recipe_.on_threads) {
    options.begin_task = [this] { run_.faults().ServeThisThread(); };
  } else {
    options.flag = &inside_component;
  }
  const Ending& ending = tasks.scheduler.Run(
      [this] { PlayAsFirstTask(); }, tasks.DecidesIn(scenario), options);
  JudgeEnding(ending);
  run_.SetTask();
  tasks.scenario = nullptr;
}

void Judge::PlayAsFirstTask() {
  Tasks& tasks = *tasks_;
  Guarded([&] {
    const Scheduler::Undisturbed alone(tasks.scheduler);
    subject_.Construct(run_);
    if (!tasks.history_judge.CanJudge()) model_.Construct(run_);
    if (recipe_.state) tasks.state = State();
  });
  // A task without steps would only add schedules that are all alike.
  for (uint8_t task = 1; task < kTasksMax; ++task) {
    if (tasks.queues[task].empty()) continue;
    tasks.scheduler.SpawnAs(task, [this, task] { PlayAsTask(task); });
  }
  PlayAsTask(0);
  for (uint8_t task = 1; task < kTasksMax; ++task) {
    if (tasks.queues[task].empty()) continue;
    tasks.scheduler.AwaitEnd(task, tasks.Next());
  }
  if (verdict_.passed()) Guarded([this] { JudgeEnd(); });
  trace_.faults_fired = run_.faults().fired();
  Guarded([this] { model_.Retire(verdict_.passed()); });
  Guarded([this] { subject_.Retire(verdict_.passed()); });
}

// A task that begins has just been chosen; the first has not.
void Judge::PlayAsTask(uint8_t task) {
  Tasks& tasks = *tasks_;
  bool chosen = task != 0;
  for (const uint16_t index : tasks.queues[task]) {
    if (!chosen) tasks.scheduler.GiveWay(kStep, tasks.Next());
    if (!verdict_.passed()) return;
    PlayStepOf(task, index);
    chosen = false;
  }
  tasks.scheduler.PassOnTo(tasks.Next());
}

void Judge::PlayStepOf(uint8_t task, size_t index) {
  Tasks& tasks = *tasks_;
  const Step& step = tasks.scenario->steps[index];
  if (!tasks.scenario->advances.empty()) AdvanceClock(*tasks.scenario, index);
  tasks.Enter(task, index);
  run_.set_steps_under_way(tasks.under_way);
  run_.BeginStep(tasks.made[index]);
  const uint64_t state_before = tasks.state;
  const size_t operation = tasks.history.Invoke(step, index, tasks.made[index]);
  TraceStep played = trace_.steps[index];
  trace_.steps[index].began = tasks.history.operations()[operation].invoked + 1;
  const uint32_t began_yield = trace_.steps[index].began_yield =
      tasks.scheduler.yields();
  Guarded([&] { played = RunStep(step); });
  tasks.in_step[task] = false;
  run_.set_steps_under_way(--tasks.under_way);
  ++tasks.ended_count;
  if (played.returned) {
    played.ended = tasks.End(operation, played) + 1;
    if (!tasks.overlapped_ever) AskModel(step, index, played);
  }
  played.began = tasks.history.operations()[operation].invoked + 1;
  played.began_yield = began_yield;
  played.ended_yield = tasks.scheduler.yields();
  played.now_ms = run_.clock().NowMs();
  trace_.steps[index] = played;
  if (tasks.ended_count == tasks.begun.size() &&
      !tasks.scheduler.has_threads()) {
    tasks.scheduler.Settle();
  }
  if (!verdict_.passed()) return;
  Guarded([&] { JudgeStepOf(index, tasks.overlapped[task], state_before); });
}

void Judge::JudgeStepOf(size_t index, bool overlapped, uint64_t state_before) {
  Tasks& tasks = *tasks_;
  const Scheduler::Undisturbed alone(tasks.scheduler);
  const Step& step = tasks.scenario->steps[index];
  Visit(step.kind, trace_.steps[index].outcome);
  if (!JudgeOutcome(step, index) || tasks.under_way > 0) return;
  if (recipe_.state) {
    tasks.state = State();
    trace_.steps[index].state = tasks.state;
  }
  const bool by_itself = !overlapped && !tasks.scheduler.has_threads();
  if (by_itself && !JudgeRefusal(step, index, state_before)) return;
  watch_.LookForGoals();
  JudgeInvariants(Invariant::When::kEveryStep, index);
}

void Judge::JudgeEnd() {
  Tasks& tasks = *tasks_;
  const Scheduler::Undisturbed alone(tasks.scheduler);
  Linearity linearity = Linearity::kExplained;
  try {
    if (tasks.history_judge.CanJudge()) {
      linearity = tasks.history_judge.Judge(tasks.history);
    }
  } catch (...) {
    HarnessThrew("Model", tasks.scenario->steps.size());
    return;
  }
  if (linearity == Linearity::kUnexplained) {
    Fail(VerdictKind::kNotLinearizable, "Linearizable",
         tasks.history_judge.message(), tasks.history_judge.step());
    return;
  }
  const auto any = [](const BrokenRule&) { return true; };
  const size_t end = tasks.scenario->steps.size();
  if (!JudgeBroken(any, end) || !JudgeExpectations(end)) return;
  if (has_end_invariants_) {
    JudgeInvariants(Invariant::When::kAtEnd, tasks.scenario->steps.size());
  }
}

void Judge::JudgeEnding(const Ending& ending) {
  trace_.yields = ending.yields;
  run_.set_yields(ending.yields);
  trace_.passages.assign(ending.passages.begin(), ending.passages.end());
  for (const Passage& passage : ending.passages) run_.Observe(passage.pair);
  const auto& in_step = tasks_->in_step;
  const auto stuck = std::find(in_step.begin(), in_step.end(), true);
  const size_t index =
      stuck == in_step.end()
          ? tasks_->scenario->steps.size()
          : tasks_->step_of[static_cast<size_t>(stuck - in_step.begin())];
  if (ending.kind == Ending::Kind::kDeadlocked) {
    Fail(VerdictKind::kDeadlocked, "NoDeadlock", ending.message, index);
  } else if (ending.kind == Ending::Kind::kLivelocked) {
    Fail(VerdictKind::kHung, "NoLivelock", ending.message, index);
  } else if (!ending.race.empty()) {
    Fail(VerdictKind::kViolated, "NoDataRace", ending.race, index);
  }
  if (ending.finished()) return;
  subject_.Abandon();
  model_.Abandon();
  inside_component = false;
}

}  // namespace formfuzz
