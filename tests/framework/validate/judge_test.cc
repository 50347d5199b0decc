// SPDX-License-Identifier: Apache-2.0
// Each verdict of the judge, the order in which rules are judged, and what
// the trace says of it.
#include "framework/validate/judge.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <stdexcept>

#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

// What one run is to show, read by the subject below. The step "do" does it.
struct Script {
  std::function<Outcome(Run&)> step = [](formfuzz::Run&) {
    return Outcome::Ok();
  };
  std::function<Outcome()> model;
  std::function<void()> constructor = [] {};
  bool may_fail = false;  // the constructor reaches a fault point
  uint64_t state = 0;
  std::string broken_always;  // what the invariant Always says
  bool holds = true;          // what the invariant Holds says
  std::string broken_at_end;
  int subjects = 0;  // alive
  std::vector<std::string> calls;
};
Script script;

constexpr std::string_view kMaking = "making";

class Scripted {
 public:
  explicit Scripted(Run& run) : run_(run) {
    script.constructor();
    if (script.may_fail) FaultPoint(run.faults(), kMaking).Hit();
    ++script.subjects;
  }
  ~Scripted() { --script.subjects; }
  Outcome Do() {
    script.calls.push_back("do");
    return script.step(run_);
  }
  void Rest() {}
  std::string Always() const {
    script.calls.push_back("Always");
    return script.broken_always;
  }
  bool Holds() const {
    script.calls.push_back("Holds");
    return script.holds;
  }
  std::string AtEnd() const {
    script.calls.push_back("AtEnd");
    return script.broken_at_end;
  }
  uint64_t State() const { return script.state; }

 private:
  Run& run_;
};

class Oracle {
 public:
  Outcome Do() {
    script.calls.push_back("model");
    return script.model();
  }
};

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() {
    script = Script();
    recipe_.name = "scripted";
    HarnessBuilder<Scripted>(recipe_)
        .Step("do", &Scripted::Do)
        .Step("rest", &Scripted::Rest)
        .State(&Scripted::State)
        .Faults({kMaking})
        .Invariant("Always", &Scripted::Always)
        .Invariant("Holds", &Scripted::Holds)
        .AtEnd("AtEnd", &Scripted::AtEnd);
    recipe_.Finish();
  }
  ~JudgeTest() override {
    EXPECT_EQ(script.subjects, 0) << "a subject outlived its run";
  }

  const Verdict& Play(std::string_view steps) {
    const std::string text = Concat("scenario scripted\n", steps);
    EXPECT_TRUE(ParseScenario(recipe_, text, arena_, scenario_).ok());
    judge_.emplace(recipe_, coverage_);
    return judge_->Play(scenario_);
  }
  void ExpectVerdict(std::string_view steps, VerdictKind kind,
                     std::string_view validator, std::string_view message,
                     size_t step) {
    const Verdict& verdict = Play(steps);
    EXPECT_EQ(NameOf(verdict.kind), NameOf(kind));
    EXPECT_EQ(verdict.validator, validator);
    EXPECT_EQ(verdict.message, message);
    EXPECT_EQ(verdict.step, step);
  }

  Recipe recipe_;
  std::array<uint8_t, 2> edges_{};  // of the constructor, of the step
  StateCoverage coverage_{{}, edges_};
  Arena arena_;
  Scenario scenario_;
  std::optional<Judge> judge_;
};

TEST_F(JudgeTest, PassesWhatHolds) {
  EXPECT_TRUE(Play("do\nrest\ndo\n").passed());
  EXPECT_EQ(judge_->trace().steps.size(), 3u);
  EXPECT_TRUE(Play("").passed());
}

TEST_F(JudgeTest, WhatMakingASubjectCoversIsNoCoverageOfTheScenario) {
  script.constructor = [this] { edges_[0] = 1; };
  script.step = [this](formfuzz::Run&) {
    edges_[1] = 1;
    return Outcome::Ok();
  };
  script.may_fail = true;
  Play("do\n");
  EXPECT_EQ(edges_, (std::array<uint8_t, 2>{0, 1}));
  edges_ = {};
  Play("fault making error at 0\ndo\n");
  EXPECT_EQ(edges_, (std::array<uint8_t, 2>{1, 1})) << "it was made otherwise";
}

TEST_F(JudgeTest, AnInvariantIsViolatedAtTheStepThatBrokeIt) {
  script.step = [](formfuzz::Run&) {
    if (script.calls.size() > 3) script.broken_always = "broken now";
    return Outcome::Ok();
  };
  ExpectVerdict("do\ndo\ndo\n", VerdictKind::kViolated, "Always", "broken now",
                1);
}

TEST_F(JudgeTest, AnInvariantThatIsABoolSaysThatItDoesNotHold) {
  script.holds = false;
  ExpectVerdict("rest\n", VerdictKind::kViolated, "Holds", "does not hold", 0);
}

TEST_F(JudgeTest, WhatIsJudgedAtTheEndIsJudgedOnce) {
  script.broken_at_end = "unpaid";
  ExpectVerdict("rest\nrest\n", VerdictKind::kViolated, "AtEnd", "unpaid", 2);
  EXPECT_EQ(std::count(script.calls.begin(), script.calls.end(), "AtEnd"), 1);
}

TEST_F(JudgeTest, TheEndIsNotJudgedOfARunThatFailed) {
  script.broken_at_end = "unpaid";
  script.holds = false;
  ExpectVerdict("rest\nrest\n", VerdictKind::kViolated, "Holds",
                "does not hold", 0);
}

TEST_F(JudgeTest, ARefusedStepMustChangeNothing) {
  script.step = [](formfuzz::Run&) {
    ++script.state;
    return Outcome::Refused("no");
  };
  ExpectVerdict("rest\ndo\n", VerdictKind::kViolated,
                "RefusedStepsChangeNothing",
                "do was refused (no) and yet changed the observable state", 1);
}

TEST_F(JudgeTest, ADoneStepMayChangeWhatItLikes) {
  script.step = [](formfuzz::Run&) {
    ++script.state;
    return Outcome::Ok();
  };
  EXPECT_TRUE(Play("do\ndo\n").passed());
  EXPECT_EQ(judge_->trace().steps[0].state, 1u);
  EXPECT_EQ(judge_->trace().steps[1].state, 2u);
}

TEST_F(JudgeTest, AStandardExceptionIsACrashWithItsText) {
  script.step = [](formfuzz::Run&) -> Outcome {
    throw std::out_of_range("at: 9");
  };
  ExpectVerdict("rest\ndo\nrest\n", VerdictKind::kCrashed,
                "uncaught std::out_of_range", "at: 9", 1);
  EXPECT_EQ(judge_->trace().steps.size(), 1u);
}

TEST_F(JudgeTest, AnyExceptionIsACrashByItsType) {
  script.step = [](formfuzz::Run&) -> Outcome { throw 42; };
  ExpectVerdict("do\n", VerdictKind::kCrashed, "uncaught int", "", 0);
}

TEST_F(JudgeTest, AnExceptionOfTheConstructorIsACrashBeforeTheFirstStep) {
  script.constructor = [] { throw std::runtime_error("no disk"); };
  ExpectVerdict("do\n", VerdictKind::kCrashed, "uncaught std::runtime_error",
                "no disk", 0);
  EXPECT_TRUE(script.calls.empty());
}

TEST_F(JudgeTest, ARuleOfAStepComesBeforeEverythingElse) {
  script.step = [](formfuzz::Run& run) {
    run.Expect(true, "HoldsInside");
    run.Expect(false, "BrokenInside", "as it says");
    run.Expect(false, "BrokenToo");
    run.Foretell(Outcome::Ok());
    ++script.state;
    return Outcome::Refused("no");
  };
  script.holds = false;
  ExpectVerdict("do\n", VerdictKind::kViolated, "BrokenInside", "as it says",
                0);
}

TEST_F(JudgeTest, WhatWasForetoldComesBeforeStateAndInvariants) {
  script.step = [](formfuzz::Run& run) {
    run.Foretell(Outcome::Refused("poor"));
    ++script.state;
    return Outcome::Refused("no");
  };
  script.holds = false;
  ExpectVerdict("do\n", VerdictKind::kDiverged, "ModelAgrees",
                "do came to no, the model says poor", 0);
}

TEST_F(JudgeTest, AForetellingIsForgottenByTheNextStep) {
  script.step = [](formfuzz::Run& run) {
    run.Foretell(Outcome::Refused("no"));
    return Outcome::Refused("no");
  };
  EXPECT_TRUE(Play("do\nrest\n").passed());
  EXPECT_FALSE(judge_->trace().steps[1].predicted.has_value());
}

TEST_F(JudgeTest, InvariantsAreJudgedInTheOrderOfTheirDeclaration) {
  Play("do\n");
  EXPECT_EQ(script.calls,
            (std::vector<std::string>{"do", "Always", "Holds", "AtEnd"}));
}

TEST_F(JudgeTest, AVerdictIsForgottenByTheNextRun) {
  script.holds = false;
  EXPECT_FALSE(Play("rest\n").passed());
  script.holds = true;
  const Verdict& verdict = judge_->Play(scenario_);
  EXPECT_TRUE(verdict.passed());
  EXPECT_EQ(verdict.validator, "");
}

TEST_F(JudgeTest, WaitsMoveTheClockBeforeTheirStep) {
  Play("wait 5\ndo\nwait 7\nwait 100\ndo\ndo\n");
  const auto& steps = judge_->trace().steps;
  EXPECT_EQ(steps[0].now_ms, ScenarioClock::kStartMs + 5);
  EXPECT_EQ(steps[1].now_ms, ScenarioClock::kStartMs + 112);
  EXPECT_EQ(steps[2].now_ms, ScenarioClock::kStartMs + 112);
}

TEST_F(JudgeTest, NewOutcomesAreNewStates) {
  Play("rest\n");
  const uint64_t first = coverage_.distinct();
  Play("rest\n");
  EXPECT_EQ(coverage_.distinct(), first);
  script.step = [](formfuzz::Run&) { return Outcome::Refused("no"); };
  Play("rest\ndo\n");
  EXPECT_GT(coverage_.distinct(), first);
}

class ModelTest : public JudgeTest {
 protected:
  ModelTest() {
    modelled_.name = "scripted";
    HarnessBuilder<Scripted>(modelled_)
        .Model<Oracle>()
        .Step("do", &Scripted::Do, &Oracle::Do)
        .Step("rest", &Scripted::Rest);
    modelled_.Finish();
    EXPECT_TRUE(ParseScenario(modelled_, "scenario scripted\nrest\ndo\n",
                              arena_, scenario_)
                    .ok());
  }
  Recipe modelled_;
};

TEST_F(ModelTest, AgreesOrDiverges) {
  Judge judge(modelled_, coverage_);
  script.model = [] { return Outcome::Ok(); };
  EXPECT_TRUE(judge.Play(scenario_).passed());
  EXPECT_FALSE(judge.trace().steps[0].predicted.has_value());
  EXPECT_EQ(judge.trace().steps[1].predicted, Outcome::Ok());
  script.model = [] { return Outcome::Refused("poor"); };
  const Verdict& verdict = judge.Play(scenario_);
  EXPECT_EQ(verdict.kind, VerdictKind::kDiverged);
  EXPECT_EQ(verdict.validator, "ModelAgrees");
  EXPECT_EQ(verdict.message, "do came to ok, the model says poor");
  EXPECT_EQ(verdict.step, 1u);
}

TEST_F(ModelTest, DivergesWhenTheReasonsDiffer) {
  Judge judge(modelled_, coverage_);
  script.step = [](formfuzz::Run&) { return Outcome::Refused("closed"); };
  script.model = [] { return Outcome::Refused("poor"); };
  EXPECT_EQ(judge.Play(scenario_).kind, VerdictKind::kDiverged);
}

TEST_F(ModelTest, IsNotAskedWhenTheStepForetold) {
  Judge judge(modelled_, coverage_);
  script.model = [] { return Outcome::Refused("poor"); };
  script.step = [](formfuzz::Run& run) {
    run.Foretell(Outcome::Ok());
    return Outcome::Ok();
  };
  EXPECT_TRUE(judge.Play(scenario_).passed());
  EXPECT_EQ(std::count(script.calls.begin(), script.calls.end(), "model"), 0);
}

class BankJudgeTest : public BankScenarios {
 protected:
  template <Plant kPlant>
  Verdict PlayAt(std::string_view steps) {
    const auto recipe = BankRecipe<kPlant>();
    StateCoverage coverage;
    return Judge(*recipe, coverage).Play(Parse(steps));
  }
};

TEST_F(BankJudgeTest, CatchesEachPlantedDefectAndNothingElse) {
  constexpr char kTakes[] = "open credit 9\ntake from account1 amount 77\n";
  constexpr char kCloses[] = "open credit 9\nclose account1\n";
  EXPECT_TRUE(PlayAt<Plant::kNone>(kTakes).passed());
  EXPECT_TRUE(PlayAt<Plant::kNone>(kCloses).passed());
  EXPECT_EQ(PlayAt<Plant::kOverdraft>(kTakes).validator, "NeverNegative");
  EXPECT_EQ(PlayAt<Plant::kThrows>(kTakes).validator,
            "uncaught std::runtime_error");
  EXPECT_EQ(PlayAt<Plant::kChangesAnyway>(kCloses).validator,
            "RefusedStepsChangeNothing");
}

}  // namespace
}  // namespace formfuzz
