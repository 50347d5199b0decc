// SPDX-License-Identifier: Apache-2.0
// Traces: equal digests for equal runs, different ones for any difference,
// and the text that people read.
#include "framework/validate/trace.h"

#include <functional>
#include <set>

#include "framework/validate/judge.h"
#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

Trace Sample() {
  Trace trace;
  trace.steps = {{Outcome::Ok(), std::nullopt, 1, 100},
                 {Outcome::Refused("poor"), std::nullopt, 1, 100}};
  trace.faults_fired = 1;
  return trace;
}

TEST(TraceDigestTest, TellsEveryDifference) {
  const std::function<void(Trace&)> changes[] = {
      [](Trace&) {},
      [](Trace& t) { t.steps[1].outcome = Outcome::Refused("closed"); },
      [](Trace& t) { t.steps[1].state = 2; },
      [](Trace& t) { t.steps[0].now_ms = 101; },
      [](Trace& t) { std::swap(t.steps[0], t.steps[1]); },
      [](Trace& t) { t.steps.pop_back(); },
      [](Trace& t) { t.faults_fired = 0; }};
  std::set<uint64_t> digests;
  for (const auto& change : changes) {
    Trace trace = Sample();
    change(trace);
    digests.insert(DigestOf(trace));
    EXPECT_EQ(DigestOf(trace), DigestOf(trace));
  }
  EXPECT_EQ(digests.size(), std::size(changes));
}

class TraceTest : public BankScenarios {
 protected:
  StateCoverage coverage_;
};

TEST_F(TraceTest, TheSameScenarioMakesTheSameDigest) {
  const Scenario scenario = Parse(
      "fault bank.ledger error at 1\n"
      "open credit 9\nwait 5\nopen credit 1\nclose account1\n");
  Judge one(recipe_, coverage_);
  Judge other(recipe_, coverage_);
  other.Play(Parse("open credit 1\nclose account1\nnote \"before\"\n"));
  one.Play(scenario);
  other.Play(scenario);
  EXPECT_EQ(DigestOf(one.trace()), DigestOf(other.trace()));
  EXPECT_EQ(one.trace().faults_fired, 1u);
}

TEST_F(TraceTest, PrintsWhatEachStepCameTo) {
  const Scenario scenario = Parse(
      "fault bank.ledger error at 1\n"
      "open credit 9\nopen credit 1\ntake from account1 amount 10\n");
  Judge judge(recipe_, coverage_);
  const Verdict& verdict = judge.Play(scenario);
  EXPECT_EQ(PrintTrace(recipe_, scenario, judge.trace(), verdict),
            "scenario bank strategy all\n"
            "fault bank.ledger error at 1\n"
            "1  account1 = open credit 9  -> ok\n"
            "2  account2 = open credit 1  -> ledger_failed\n"
            "3  take from account1 amount 10  -> poor\n");
}

TEST_F(TraceTest, MarksTheStepThatFailedAndThoseNotReached) {
  const auto planted = BankRecipe<Plant::kOverdraft>();
  const Scenario scenario =
      Parse("open\ntake from account1 amount 77\nnote \"never\"\n");
  Judge judge(*planted, coverage_);
  const Verdict& verdict = judge.Play(scenario);
  EXPECT_EQ(PrintTrace(*planted, scenario, judge.trace(), verdict),
            "scenario bank strategy all\n"
            "1  account1 = open credit 0  -> ok\n"
            "2  take from account1 amount 77  -> ok"
            "   <- NeverNegative: does not hold\n"
            "3  note \"never\"  -> not reached\n");
}

TEST_F(TraceTest, SaysWhichStepDidNotReturn) {
  const auto planted = BankRecipe<Plant::kThrows>();
  const Scenario scenario = Parse("open\ntake from account1 amount 77\n");
  Judge judge(*planted, coverage_);
  const Verdict& verdict = judge.Play(scenario);
  EXPECT_EQ(PrintTrace(*planted, scenario, judge.trace(), verdict),
            "scenario bank strategy all\n"
            "1  account1 = open credit 0  -> ok\n"
            "2  take from account1 amount 77  -> did not return"
            "   <- uncaught std::runtime_error: seventy-seven\n");
}

TEST_F(TraceTest, SaysWhatTheModelSays) {
  const Scenario scenario = Parse("note \"a\"\n");
  Trace trace;
  trace.steps = {{Outcome::Ok(), Outcome::Refused("poor"), 0, 0}};
  const Verdict verdict{VerdictKind::kDiverged, "ModelAgrees", "", 0};
  EXPECT_EQ(PrintTrace(recipe_, scenario, trace, verdict),
            "scenario bank strategy all\n"
            "1  note \"a\"  -> ok (model: poor)   <- ModelAgrees\n");
}

TEST_F(TraceTest, AFailureAtTheEndComesLastAndOnlyItsFirstLineInAStep) {
  const Scenario scenario = Parse("note \"a\"\n");
  Trace trace;
  trace.steps = {{Outcome::Ok(), std::nullopt, 0, 0}};
  const Verdict at_end{VerdictKind::kViolated, "AllPaid", "3 are not", 1};
  EXPECT_EQ(PrintTrace(recipe_, scenario, trace, at_end),
            "scenario bank strategy all\n"
            "1  note \"a\"  -> ok\n"
            "# at the end   <- AllPaid: 3 are not\n");
  const Verdict in_step{VerdictKind::kViolated, "AllPaid", "one\ntwo", 0};
  EXPECT_EQ(PrintTrace(recipe_, scenario, trace, in_step),
            "scenario bank strategy all\n"
            "1  note \"a\"  -> ok   <- AllPaid: one\n");
}

TEST_F(TraceTest, EveryTraceIsReadBackAsItsScenario) {
  const auto planted = BankRecipe<Plant::kOverdraft>();
  const Scenario scenario =
      Parse("open\ntake from account1 amount 77\nnote \"never\"\n");
  Judge judge(*planted, coverage_);
  const Verdict& verdict = judge.Play(scenario);
  Scenario read;
  const std::string text =
      PrintTrace(*planted, scenario, judge.trace(), verdict);
  const absl::Status status = ParseScenario(*planted, text, arena_, read);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Lines(read), Lines(scenario));
}

}  // namespace
}  // namespace formfuzz
