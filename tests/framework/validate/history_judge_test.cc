// SPDX-License-Identifier: Apache-2.0
// Histories of a purse that several tasks take from, as a harness's model
// judges them.
#include "framework/validate/history_judge.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"

namespace formfuzz {
namespace {

struct Purse {
  static constexpr std::string_view kName = "purse";
};

class PurseModel {
 public:
  explicit PurseModel(Run& run) : purses_(run) {}
  bool Make(uint8_t coins) {
    purses_.Bind(coins_.size());
    coins_.push_back(coins);
    return true;
  }
  bool Take(Handle<Purse> purse, uint8_t coins) {
    const size_t* index = purses_.Find(purse);
    if (index == nullptr || coins_[*index] < coins) return false;
    coins_[*index] = static_cast<uint8_t>(coins_[*index] - coins);
    return true;
  }
  uint64_t Digest() const {
    formfuzz::Digest digest;
    for (const uint8_t coins : coins_) digest.Add(coins);
    return digest.value();
  }

 private:
  Handles<Purse, size_t> purses_;
  std::vector<uint8_t> coins_;
};

struct Subject {
  bool Make(uint8_t) { return true; }
  bool Take(Handle<Purse>, uint8_t) { return true; }
};

std::unique_ptr<Recipe> PurseRecipe(bool per_purse) {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "purses";
  auto target =
      HarnessBuilder<Subject>(*recipe)
          .Model<PurseModel>()
          .Step("make", &Subject::Make, &PurseModel::Make, Arbitrary<uint8_t>())
          .Makes<Purse>()
          .Step("take", &Subject::Take, &PurseModel::Take, AnyHandle<Purse>(),
                Arbitrary<uint8_t>())
          .Strategy("all", {"make", "take"}, Tasks(3));
  if (per_purse) target.LinearizablePer<Purse>();
  recipe->Finish();
  return recipe;
}

class HistoryJudgeTest : public testing::TestWithParam<bool> {
 protected:
  // One step a line, as in the text of scenarios.
  void Steps(std::string_view lines) {
    const std::string text = Concat("scenario purses strategy all\n", lines);
    ASSERT_EQ(ParseScenario(*recipe_, text, arena_, scenario_).message(), "");
  }
  size_t Invoke(size_t index) {
    return history_.Invoke(scenario_.steps[index], index,
                           tracker_.Pass(*recipe_, scenario_.steps[index]));
  }
  void Play(size_t index, bool ok) {
    history_.Return(Invoke(index), ToOutcome(ok));
  }
  Linearity Judge() { return judge_.Judge(history_); }

  std::unique_ptr<Recipe> recipe_ = PurseRecipe(GetParam());
  Arena arena_;
  Scenario scenario_;
  HandleTracker tracker_;
  History history_;
  StateCoverage coverage_;
  formfuzz::Run run_{coverage_};
  HistoryJudge judge_{*recipe_, run_};
};

TEST_P(HistoryJudgeTest, ExplainsASerialRun) {
  ASSERT_TRUE(judge_.CanJudge());
  Steps("1 purse1 = make 5\n2 take purse1 3\n3 take purse1 3\n");
  Play(0, true);
  Play(1, true);
  Play(2, false);
  EXPECT_EQ(Judge(), Linearity::kExplained);
  EXPECT_EQ(Judge(), Linearity::kExplained) << "once more, on used memory";
}

TEST_P(HistoryJudgeTest, ExplainsARaceThatEitherWins) {
  for (const bool first_wins : {false, true}) {
    history_.Clear();
    tracker_ = HandleTracker();
    Steps("1 purse1 = make 5\n2 take purse1 3\n3 take purse1 3\n");
    Play(0, true);
    const size_t first = Invoke(1);
    const size_t second = Invoke(2);
    history_.Return(first, ToOutcome(first_wins));
    history_.Return(second, ToOutcome(!first_wins));
    EXPECT_EQ(Judge(), Linearity::kExplained);
  }
}

TEST_P(HistoryJudgeTest, FindsThatBothTookTheSameCoins) {
  Steps("1 purse1 = make 5\n2 take purse1 3\n3 take purse1 3\n");
  Play(0, true);
  const size_t first = Invoke(1);
  const size_t second = Invoke(2);
  history_.Return(second, Outcome::Ok());
  history_.Return(first, Outcome::Ok());
  EXPECT_EQ(Judge(), Linearity::kUnexplained);
  EXPECT_EQ(judge_.step(), 2u);
  EXPECT_EQ(judge_.message(),
            "no order of 3 steps explains what they came to; after make "
            "(step 1), take (step 2), take (step 3) cannot come to ok: the "
            "model says refused");
}

TEST_P(HistoryJudgeTest, WhatNeverReturnedMayHaveTakenCoins) {
  Steps("1 purse1 = make 5\n2 take purse1 3\n3 take purse1 3\n");
  Play(0, true);
  Invoke(1);
  Play(2, false);
  EXPECT_EQ(Judge(), Linearity::kExplained);
}

TEST_P(HistoryJudgeTest, PursesDoNotMix) {
  Steps(
      "1 purse1 = make 5\n2 purse2 = make 1\n3 take purse2 3\n4 take purse1 "
      "3\n");
  Play(0, true);
  Play(1, true);
  Play(2, true);
  Play(3, true);
  EXPECT_EQ(Judge(), Linearity::kUnexplained) << "purse2 holds one coin";
  EXPECT_EQ(judge_.step(), 2u);
}

INSTANTIATE_TEST_SUITE_P(WholeOrPerPurse, HistoryJudgeTest, testing::Bool(),
                         [](const auto& of) {
                           return of.param ? "PerPurse" : "Whole";
                         });

TEST(CanJudgeTest, WantsAModelThatCanBeCopiedAndDigested) {
  struct NoDigest {
    bool Make(uint8_t) { return true; }
  };
  Recipe recipe;
  recipe.name = "purses";
  HarnessBuilder<Subject>(recipe).Model<NoDigest>().Step(
      "make", &Subject::Make, &NoDigest::Make, Arbitrary<uint8_t>());
  recipe.Finish();
  StateCoverage coverage;
  formfuzz::Run run(coverage);
  EXPECT_FALSE(HistoryJudge(recipe, run).CanJudge());
}

}  // namespace
}  // namespace formfuzz
