// SPDX-License-Identifier: Apache-2.0
// Two runs are told apart by the first thing that differs.
#include "framework/validate/rerun/repetition.h"

#include <gtest/gtest.h>

namespace formfuzz {
namespace {

Trace TwoSteps() {
  Trace trace;
  trace.steps.resize(2);
  trace.steps[1].outcome = Outcome::Refused("full");
  return trace;
}

TEST(RepetitionTest, EqualRunsAreNotFound) {
  EXPECT_FALSE(CompareRuns(TwoSteps(), TwoSteps()).has_value());
}

TEST(RepetitionTest, TheFirstStepThatDiffersIsNamed) {
  Trace other = TwoSteps();
  other.steps[1].outcome = Outcome::Ok();
  other.faults_fired = 1;
  const auto verdict = CompareRuns(TwoSteps(), other);
  ASSERT_TRUE(verdict.has_value());
  EXPECT_EQ(verdict->kind, VerdictKind::kNondeterministic);
  EXPECT_EQ(verdict->validator, "SameBytesSameRun");
  EXPECT_EQ(verdict->step, 1u);
  EXPECT_EQ(verdict->message, "came to full, and the second time to ok");
}

TEST(RepetitionTest, StatesTimesAndOverlapsCount) {
  for (uint64_t TraceStep::* field : {&TraceStep::state, &TraceStep::now_ms}) {
    Trace other = TwoSteps();
    other.steps[0].*field = 7;
    EXPECT_EQ(CompareRuns(TwoSteps(), other)->step, 0u);
  }
  Trace overlapping = TwoSteps();
  overlapping.steps[0].ended = 3;
  EXPECT_EQ(CompareRuns(TwoSteps(), overlapping)->step, 0u);
}

TEST(RepetitionTest, WhatIsOfTheWholeRunIsToldAtTheEnd) {
  Trace shorter = TwoSteps();
  shorter.steps.pop_back();
  EXPECT_EQ(CompareRuns(TwoSteps(), shorter)->step, 1u);
  Trace unlucky = TwoSteps();
  unlucky.faults_fired = 2;
  EXPECT_EQ(CompareRuns(TwoSteps(), unlucky)->step, 2u);
  Trace busier = TwoSteps();
  busier.yields = 9;
  EXPECT_EQ(CompareRuns(TwoSteps(), busier)->message,
            "0 yield points were reached, and the second time 9");
}

}  // namespace
}  // namespace formfuzz
