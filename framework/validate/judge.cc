// SPDX-License-Identifier: Apache-2.0
// The hot loop: everything here happens once a step, 100,000 times a second.
#include "framework/validate/judge.h"

#include <algorithm>
#include <exception>
#include <new>
#include <span>
#include <typeinfo>
#include <vector>

#include <cxxabi.h>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

// The name of the exception being handled, as written in C++.
std::string ThrownType() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) return "an unknown exception";
  int status = 0;
  char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
  std::string text = name != nullptr ? name : type->name();
  std::free(name);
  return text;
}

}  // namespace

Judge::Judge(const Recipe& recipe, StateCoverage& coverage,
             const Maker* subject)
    : recipe_(recipe),
      run_(coverage),
      subject_(subject != nullptr ? *subject : recipe.subject,
               subject != nullptr ? Restoring::kRebuild : recipe.restoring),
      model_(recipe.model),
      watch_(recipe, run_, subject_),
      has_end_invariants_(
          std::any_of(recipe.invariants.begin(), recipe.invariants.end(),
                      [](const Invariant& invariant) {
                        return invariant.when == Invariant::When::kAtEnd;
                      })) {
  run_.faults().SetPoints(recipe.fault_points);
  run_.faults().SetScopes(recipe.fault_scopes);
  run_.faults().set_counting(true);  // mutation aims at hits there were
}

// The first failure of a run counts; tasks end their steps after it.
bool Judge::Fail(VerdictKind kind, std::string_view validator,
                 std::string_view message, size_t index) {
  if (!verdict_.passed()) return false;
  verdict_ = {kind, std::string(validator), std::string(message), index};
  return false;
}

void Judge::Guarded(absl::FunctionRef<void()> play) {
  try {
    play();
  } catch (const std::exception& error) {
    Fail(VerdictKind::kCrashed, Concat("uncaught ", ThrownType()), error.what(),
         step());
  } catch (...) {
    Fail(VerdictKind::kCrashed, Concat("uncaught ", ThrownType()), "", step());
  }
}

const Verdict& Judge::Play(const Scenario& scenario) {
  if (!verdict_.passed()) verdict_ = Verdict();
  trace_.Clear();
  tracker_ = HandleTracker();
  last_visit_ = scenario.strategy;
  path_ = 0;
  watch_.BeginRun(recipe_.strategies[scenario.strategy].tasks);
  static const std::vector<Fault> none;
  run_.Begin(faults_ ? scenario.faults : none);
  if (recipe_.strategies[scenario.strategy].tasks > 1) {
    PlayTasks(scenario);
    run_.faults().End();
    return verdict_;
  }
  Guarded([&] {
    subject_.Construct(run_);
    model_.Construct(run_);
    // Without a fault they were made as they are made every time.
    if (run_.faults().fired() == 0) run_.coverage().ForgetEdges();
    if (!PlaySteps(scenario)) return;
    if (watch_.expects_at_end() && !JudgeExpectations(scenario.steps.size())) {
      return;
    }
    if (has_end_invariants_) {
      JudgeInvariants(Invariant::When::kAtEnd, scenario.steps.size());
    }
  });
  trace_.faults_fired = run_.faults().fired();
  if (model_.object() != nullptr) {
    Guarded([&] { model_.Retire(verdict_.passed()); });
  }
  Guarded([&] { subject_.Retire(verdict_.passed()); });
  run_.faults().End();
  return verdict_;
}

void Judge::Leave(Remains& remains) const {
  FORMFUZZ_CHECK(trace_.steps.size() <= Remains::kStepsMax &&
                     run_.deadlines().size() <= Run::kDeadlinesMax,
                 "a run is larger than any is");
  remains.goals = goals_reached();
  remains.faults_fired = trace_.faults_fired;
  remains.reached = run_.faults().reached();
  remains.deadline_count = run_.deadlines().size();
  std::ranges::copy(run_.deadlines(), remains.deadlines.begin());
  remains.step_count = trace_.steps.size();
  std::ranges::copy(trace_.steps, remains.steps.begin());
}

void Judge::Adopt(const Remains& remains) {
  watch_.AdoptGoals(remains.goals);
  run_.Adopt(remains.reached,
             std::span(remains.deadlines).first(remains.deadline_count));
  trace_.Clear();
  trace_.faults_fired = remains.faults_fired;
  const auto steps = std::span(remains.steps).first(remains.step_count);
  trace_.steps.assign(steps.begin(), steps.end());
}

bool Judge::PlaySteps(const Scenario& scenario) {
  for (size_t i = 0; i < scenario.steps.size(); ++i) {
    if (!scenario.advances.empty()) AdvanceClock(scenario, i);
    if (!PlayStep(scenario, i)) return false;
  }
  return true;
}

void Judge::AdvanceClock(const Scenario& scenario, size_t before) {
  for (const ClockAdvance& advance : scenario.advances) {
    if (advance.before == before) run_.clock().AdvanceMs(advance.ms);
  }
}

bool Judge::PlayStep(const Scenario& scenario, size_t index) {
  const Step& step = scenario.steps[index];
  run_.BeginStep(tracker_.Pass(recipe_, step));
  const StackCut cut(run_.faults(), __builtin_frame_address(0));
  uint64_t state_before = 0;
  if (recipe_.state) {
    state_before = index > 0 ? trace_.steps.back().state : State();
  }
  TraceStep played = RunStep(step);
  AskModel(step, index, played);
  if (recipe_.state) played.state = State();
  played.now_ms = run_.clock().NowMs();
  trace_.steps.push_back(played);
  Visit(step.kind, played.outcome);
  watch_.LookForGoals();
  return verdict_.passed() && JudgeStep(step, index, state_before);
}

uint64_t Judge::State() {
  const RegionScope memory(subject_.region());
  return recipe_.state(subject_.object());
}

// What a fault made the component throw is an answer like others: the step was
// refused, and whoever foretells outcomes is not asked.
TraceStep Judge::RunStep(const Step& step) {
  const StepKind& kind = *recipe_.kinds[step.kind];
  TraceStep played;
  run_.faults().TakeThrown();  // and was handled since
  try {
    watch_.BeginStep(step.kind);
    {
      const RegionScope memory(subject_.region());
      played.outcome = kind.Run(subject_.object(), step.arguments);
    }
    watch_.EndStep();
  } catch (const std::exception&) {
    if (!run_.faults().TakeThrown()) throw;
    played.outcome = Outcome::Refused("threw");
    played.threw = true;
    return played;
  }
  played.predicted = run_.foretold();
  return played;
}

// Where nobody else has foretold the outcome.
void Judge::AskModel(const Step& step, size_t index, TraceStep& played) {
  if (played.threw || played.predicted.has_value()) return;
  if (model_.object() == nullptr) return;
  try {
    played.predicted =
        recipe_.kinds[step.kind]->Predict(model_.object(), step.arguments);
  } catch (...) {
    HarnessThrew("Model", index);
  }
}

// A state, to the framework, is a step with its outcome, and a step done or
// refused after another one done or refused. Pairs of whole outcomes would be
// a hundred thousand, more than an engine profits from.
void Judge::Visit(uint8_t kind, Outcome outcome) {
  run_.Observe(Digest().Add(kind).Add(outcome.label()).value());
  const uint64_t visit = uint64_t{kind} << 1 | outcome.ok();
  run_.Observe(Mix(last_visit_ << 16 | visit));
  last_visit_ = visit + 1;  // 0 is the beginning
  if (recipe_.path_steps > 0) [[unlikely]]
    VisitPath(visit);
}

// The last few visits, a byte each at most: kinds are below 64.
void Judge::VisitPath(uint64_t visit) {
  const unsigned bits = 8u * recipe_.path_steps;
  path_ = (path_ << 8 | (visit + 1)) & (~uint64_t{0} >> (64 - bits));
  run_.Observe(Digest().Add(bits).Add(path_).value());
}

bool Judge::JudgeStep(const Step& step, size_t index, uint64_t state_before) {
  return JudgeOutcome(step, index) && JudgeRefusal(step, index, state_before) &&
         JudgeInvariants(Invariant::When::kEveryStep, index);
}

bool Judge::JudgeOutcome(const Step& step, size_t index) {
  const TraceStep& played = trace_.steps[index];
  if (!run_.broken().empty()) [[unlikely]] {
    const auto is_own = [&](const BrokenRule& rule) {
      return rule.task == run_.task();
    };
    if (!JudgeBroken(is_own, index)) return false;
  }
  if (played.predicted.has_value() && *played.predicted != played.outcome)
      [[unlikely]] {
    return Fail(VerdictKind::kDiverged, "ModelAgrees",
                Concat(recipe_.kinds[step.kind]->name(), " came to ",
                       played.outcome.label(), ", the model says ",
                       played.predicted->label()),
                index);
  }
  return true;
}

bool Judge::JudgeBroken(absl::FunctionRef<bool(const BrokenRule&)> concerns,
                        size_t index) {
  for (const BrokenRule& broken : run_.broken()) {
    if (!concerns(broken)) continue;
    return Fail(VerdictKind::kViolated, broken.rule, broken.message, index);
  }
  return true;
}

bool Judge::JudgeRefusal(const Step& step, size_t index,
                         uint64_t state_before) {
  const TraceStep& played = trace_.steps[index];
  if (!recipe_.state || played.outcome.ok() || played.state == state_before)
      [[likely]] {
    return true;
  }
  return Fail(
      VerdictKind::kViolated, "RefusedStepsChangeNothing",
      Concat(recipe_.kinds[step.kind]->name(), " was refused (",
             played.outcome.label(), ") and yet changed the observable state"),
      index);
}

bool Judge::JudgeExpectations(size_t index) {
  const std::optional<Verdict> broken = watch_.JudgeEnd();
  return !broken.has_value() ||
         Fail(broken->kind, broken->validator, broken->message, index);
}

std::optional<BrokenInvariant> Judge::Broken(const Invariant& invariant) {
  const RegionScope memory(subject_.region());
  return invariant.broken(subject_.object());
}

// Rules and models are the harness's own: what they throw is no answer of the
// component's.
bool Judge::HarnessThrew(std::string_view where, size_t index) {
  return Fail(VerdictKind::kHarnessBroken, where,
              Concat("threw ", ThrownType()), index);
}

bool Judge::JudgeInvariants(Invariant::When when, size_t index) {
  const Invariant* judged = nullptr;
  try {
    for (const Invariant& invariant : recipe_.invariants) {
      if (invariant.when != when) continue;
      judged = &invariant;
      const auto broken = Broken(invariant);
      if (!broken.has_value()) [[likely]]
        continue;
      return Fail(VerdictKind::kViolated, invariant.names.at(broken->which),
                  broken->message, index);
    }
  } catch (...) {
    return HarnessThrew(judged->names.front(), index);
  }
  return true;
}

}  // namespace formfuzz
