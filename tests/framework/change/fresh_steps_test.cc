// SPDX-License-Identifier: Apache-2.0
// New steps are about what the steps before them are about.
#include "framework/change/fresh_steps.h"

#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

class FreshStepsTest : public BankScenarios {
 protected:
  static constexpr int kRounds = 500;
  enum Kind : uint8_t { kOpen, kTake, kMove, kClose, kNote };

  // The scenario with the steps behind it.
  std::string With(Scenario scenario, const std::vector<Step>& steps) {
    scenario.steps.insert(scenario.steps.end(), steps.begin(), steps.end());
    return Lines(scenario);
  }

  Random random_{21};
  Mutation mutation_{random_, arena_};
};

TEST_F(FreshStepsTest, CalmStepsNameWhatTheLastStepNamed) {
  const Scenario scenario =
      Parse("account1 = open\naccount2 = open\nclose account1\n");
  for (int round = 0; round < kRounds; ++round) {
    FreshSteps fresh(recipe_, scenario.steps, 1, mutation_);
    const std::string lines = With(scenario, {fresh.Make(kTake, true)});
    EXPECT_NE(lines.find("take from account1"), std::string::npos) << lines;
  }
}

TEST_F(FreshStepsTest, CalmStepsNameWhatTheStepBeforeMade) {
  const Scenario scenario = Parse("account1 = open\nclose account1\n");
  for (int round = 0; round < kRounds; ++round) {
    FreshSteps fresh(recipe_, scenario.steps, 1, mutation_);
    const Step open = fresh.Make(kOpen, true);
    const std::string lines = With(scenario, {open, fresh.Make(kTake, true)});
    EXPECT_NE(lines.find("take from account2"), std::string::npos) << lines;
  }
}

TEST_F(FreshStepsTest, OtherStepsNameOthersToo) {
  const Scenario scenario =
      Parse("account1 = open\naccount2 = open\nclose account1\n");
  int others = 0;
  for (int round = 0; round < kRounds; ++round) {
    FreshSteps fresh(recipe_, scenario.steps, 1, mutation_);
    const std::string lines = With(scenario, {fresh.Make(kTake, false)});
    others += lines.find("take from account2") != std::string::npos;
  }
  EXPECT_GT(others, 0);
  EXPECT_LT(others, kRounds / 2);
}

TEST_F(FreshStepsTest, WithoutADeclarationThereAreNoSequences) {
  EXPECT_TRUE(DrawSequence(recipe_, ~uint64_t{0}, mutation_).empty());
}

TEST_F(FreshStepsTest, SequencesHoldAllowedKindsInOrderAndOthersInBetween) {
  owned_->draw_sequence = [](Mutation&) {
    return std::vector<uint8_t>{kOpen, kNote, kClose};
  };
  const uint64_t allowed = 1u << kOpen | 1u << kTake | 1u << kClose;
  int with_another = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<uint8_t> kinds =
        DrawSequence(recipe_, allowed, mutation_);
    ASSERT_GE(kinds.size(), 2u);
    EXPECT_EQ(kinds.front(), kOpen);
    EXPECT_EQ(kinds.back(), kClose);
    for (const uint8_t kind : kinds) EXPECT_TRUE(allowed >> kind & 1);
    with_another += kinds.size() > 2;
  }
  EXPECT_GT(with_another, 0);
  EXPECT_LT(with_another, kRounds);
}

TEST_F(FreshStepsTest, EveryAllowedKindIsDrawnAndNoOther) {
  uint64_t drawn = 0;
  for (int round = 0; round < kRounds; ++round) {
    drawn |= uint64_t{1} << DrawKind(0b101010, random_);
  }
  EXPECT_EQ(drawn, 0b101010u);
}

}  // namespace
}  // namespace formfuzz
