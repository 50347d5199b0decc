// SPDX-License-Identifier: Apache-2.0
// Handles of a run: bound by what makes them, found by what uses them.
#include <gtest/gtest.h>

#include "framework/scenario/run.h"
#include "tests/framework/bank.h"

namespace formfuzz {
namespace {

TEST(HandlesTest, FindWhatAStepBound) {
  StateCoverage coverage;
  formfuzz::Run run(coverage);
  Handles<Account, std::string> handles(run);
  run.BeginStep(2);
  handles.Bind("third");
  ASSERT_NE(handles.Find(Handle<Account>(2)), nullptr);
  EXPECT_EQ(*handles.Find(Handle<Account>(2)), "third");
}

TEST(HandlesTest, FindNothingThatWasNeverMade) {
  StateCoverage coverage;
  formfuzz::Run run(coverage);
  Handles<Account, int> handles(run);
  run.BeginStep(2);
  handles.Bind(7);
  EXPECT_EQ(handles.Find(Handle<Account>(0)), nullptr);  // its step refused
  EXPECT_EQ(handles.Find(Handle<Account>(3)), nullptr);
  EXPECT_EQ(handles.Find(Handle<Account>()), nullptr);
}

TEST(HandlesDeathTest, BindingInAStepThatMakesNothingBreaksTheHarness) {
  StateCoverage coverage;
  formfuzz::Run run(coverage);
  Handles<Account, int> handles(run);
  run.BeginStep(kNoHandle);
  EXPECT_EXIT(handles.Bind(1), testing::ExitedWithCode(kHarnessBrokenExit),
              "not declared to make");
}

TEST(DeadlineTest, KeepsTheStepThatSetItFirst) {
  StateCoverage coverage;
  formfuzz::Run run(coverage);
  run.BeginStep(kNoHandle);
  run.BeginStep(kNoHandle);
  run.SetDeadline(5'000);
  run.BeginStep(kNoHandle);
  run.SetDeadline(5'000);
  ASSERT_EQ(run.deadlines().size(), 1u);
  EXPECT_EQ(run.deadlines().front().step, 1);
  EXPECT_EQ(run.deadlines().front().at_ms, 5'000u);
  run.Begin({});
  EXPECT_TRUE(run.deadlines().empty());
}

TEST(DeadlineTest, KeepsABoundedNumber) {
  StateCoverage coverage;
  formfuzz::Run run(coverage);
  for (uint64_t at_ms = 0; at_ms < 100; ++at_ms) run.SetDeadline(at_ms);
  EXPECT_EQ(run.deadlines().size(), formfuzz::Run::kDeadlinesMax);
}

TEST(OutcomeTest, ComesFromWhateverAStepReturns) {
  EXPECT_EQ(ToOutcome(true), Outcome::Ok());
  EXPECT_EQ(ToOutcome(false), Outcome::Refused("refused"));
  EXPECT_EQ(ToOutcome(absl::OkStatus()), Outcome::Ok());
  EXPECT_EQ(ToOutcome(absl::NotFoundError("vm-1")),
            Outcome::Refused("not_found"));
  EXPECT_EQ(ToOutcome(absl::UnauthenticatedError("")),
            Outcome::Refused("unauthenticated"));
  EXPECT_FALSE(ToOutcome(absl::InternalError("")).ok());
  EXPECT_NE(Outcome::Refused("ok"), Outcome::Ok());
}

TEST(ScenarioClockTest, MovesOnlyWhenToldAndStartsAnewWithARun) {
  StateCoverage coverage;
  formfuzz::Run run(coverage);
  EXPECT_EQ(run.clock().NowMs(), ScenarioClock::kStartMs);
  run.clock().AdvanceMs(250);
  EXPECT_EQ(run.clock().NowMs(), ScenarioClock::kStartMs + 250);
  run.Begin({});
  EXPECT_EQ(run.clock().NowMs(), ScenarioClock::kStartMs);
}

}  // namespace
}  // namespace formfuzz
