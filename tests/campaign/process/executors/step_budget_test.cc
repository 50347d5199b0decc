// SPDX-License-Identifier: Apache-2.0
// What share of the time goes into going through instructions.
#include "campaign/process/executors/step_budget.h"

#include <gtest/gtest.h>

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kRunNs = 400'000;

// Traces after every run, as far as it may, where a step takes so long; which
// share of the time goes into that.
double ShareOfTracing(StepBudget& budget, uint64_t step_ns, int runs) {
  uint64_t traced_ns = 0;
  for (int i = 0; i < runs; ++i) {
    budget.Earn(kRunNs);
    const uint32_t steps = budget.steps();
    budget.Spend(steps, steps * step_ns);
    traced_ns += steps * step_ns;
  }
  const auto all_ns =
      static_cast<double>(static_cast<uint64_t>(runs) * kRunNs + traced_ns);
  return static_cast<double>(traced_ns) / all_ns;
}

TEST(StepBudgetTest, LeavesRunsTwoThirdsOfTheTimeHoweverDearAStepIs) {
  for (const uint64_t step_ns : {300, 1'000, 13'000, 80'000}) {
    StepBudget budget(/*repeatable=*/false);
    ShareOfTracing(budget, step_ns, 10'000);  // what was given at first is gone
    EXPECT_NEAR(ShareOfTracing(budget, step_ns, 10'000), 1.0 / 3, 0.02)
        << step_ns;
  }
}

TEST(StepBudgetTest, LetsAtFirstGoThroughAWholeRun) {
  StepBudget budget(/*repeatable=*/false);
  EXPECT_GE(budget.steps(), 10'000u);
  budget.Spend(10'000, 10'000'000);  // a microsecond each
  EXPECT_EQ(budget.steps(), StepBudget::kStepsMax);
}

TEST(StepBudgetTest, GoesByNoClockWhereRunsAreToBeRepeatable) {
  StepBudget quick(/*repeatable=*/true);
  StepBudget slow(/*repeatable=*/true);
  for (int i = 0; i < 1'000; ++i) {
    quick.Earn(1'000);
    slow.Earn(1'000'000'000);
    ASSERT_EQ(quick.steps(), slow.steps());
    ASSERT_GT(slow.steps(), 0u);
    quick.Spend(quick.steps(), 1'000);
    slow.Spend(slow.steps(), 1'000'000'000);
  }
}

TEST(StepBudgetTest, LendsToWhatWasBegun) {
  StepBudget budget(/*repeatable=*/true);
  uint64_t made = 0;
  while (budget.HasLeft()) {
    made += budget.steps();
    budget.Spend(budget.steps(), 0);
  }
  const uint64_t own = made;
  EXPECT_GT(budget.steps(), 0u);
  while (budget.steps() != 0) {
    made += budget.steps();
    budget.Spend(budget.steps(), 0);
  }
  EXPECT_GT(made, 2 * own);
  int runs = 0;
  for (; !budget.HasLeft() && runs < 1'000'000; ++runs) budget.Earn(0);
  EXPECT_GT(runs, 100);
  EXPECT_LT(runs, 1'000'000);
}

TEST(StepBudgetTest, GivesUpRunsThatHang) {
  StepBudget budget(/*repeatable=*/false);
  for (int i = 0; i < 20; ++i) budget.Ended(i % 2 == 0);
  EXPECT_GT(budget.steps(), 0u);
  for (int i = 0; i < 5; ++i) budget.Ended(false);
  EXPECT_EQ(budget.steps(), 0u);
}

TEST(StepBudgetTest, IsAsAtFirstOnceRenewed) {
  StepBudget budget(/*repeatable=*/false);
  const uint32_t at_first = budget.steps();
  for (int i = 0; i < 8; ++i) budget.Spend(100'000, 1'000'000'000);
  EXPECT_EQ(budget.steps(), 0u);
  budget.Renew();
  EXPECT_TRUE(budget.HasLeft());
  EXPECT_GE(budget.steps(), at_first);
}

TEST(StepBudgetTest, GoesOnBehindRunsThatHungOnceRenewed) {
  StepBudget budget(/*repeatable=*/false);
  for (int i = 0; i < 3; ++i) budget.Ended(/*in_time=*/false);
  EXPECT_EQ(budget.steps(), 0u);
  budget.Renew();
  EXPECT_GT(budget.steps(), 0u);
}

}  // namespace
}  // namespace formfuzz::campaign
