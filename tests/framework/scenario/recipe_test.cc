// SPDX-License-Identifier: Apache-2.0
// What a harness declares: its schema, its strategies, its mistakes.
#include "framework/scenario/recipe.h"

#include <gtest/gtest.h>

#include "tests/framework/bank.h"

namespace formfuzz {
namespace {

TEST(RecipeTest, SchemaTellsEveryChangeOfTheHarness) {
  const auto bank = BankRecipe();
  const uint64_t digest = bank->SchemaDigest();
  EXPECT_EQ(BankRecipe()->SchemaDigest(), digest);
  EXPECT_EQ(BankRecipe<Plant::kThrows>()->SchemaDigest(), digest)
      << "what a step does is no part of the schema";
  bank->fault_points.push_back("bank.door");
  EXPECT_NE(bank->SchemaDigest(), digest);
  bank->fault_points.pop_back();
  bank->steps_max = 17;
  EXPECT_NE(bank->SchemaDigest(), digest);
}

TEST(RecipeTest, WithoutStrategiesAllStepsAreOne) {
  Recipe recipe;
  HarnessBuilder<Bank<Plant::kNone>>(recipe)
      .Step("state", &Bank<Plant::kNone>::NeverNegative)
      .Step("note", &Bank<Plant::kNone>::Note,
            PrintableAsciiString<std::string_view>());
  recipe.Finish();
  ASSERT_EQ(recipe.strategies.size(), 1u);
  EXPECT_EQ(recipe.strategies[0].name, "all");
  EXPECT_EQ(recipe.strategies[0].kinds, 0b11u);
  EXPECT_EQ(recipe.KindNamed("note"), 1u);
  EXPECT_EQ(recipe.KindNamed("nothing"), 2u);
}

TEST(RecipeDeathTest, AStrategyOfUnknownStepsBreaksTheHarness) {
  Recipe recipe;
  EXPECT_EXIT(HarnessBuilder<Bank<Plant::kNone>>(recipe).Strategy("s", {"x"}),
              testing::ExitedWithCode(kHarnessBrokenExit),
              "strategy s: no step 'x'");
}

TEST(RecipeDeathTest, StepsWhoseNamesWouldBeMisreadBreakTheHarness) {
  const auto finish = [](std::string first, std::string second) {
    using B = Bank<Plant::kNone>;
    Recipe recipe;
    HarnessBuilder<B>(recipe)
        .Step(first, &B::NeverNegative)
        .Step(second, &B::NeverNegative);
    recipe.Finish();
  };
  const auto broken = testing::ExitedWithCode(kHarnessBrokenExit);
  for (const char* word : {"off", "fault", "switch", "wait"}) {
    EXPECT_EXIT(finish("open", word), broken, "cannot be named");
  }
  EXPECT_EXIT(finish("open", "open"), broken, "two steps are named 'open'");
  for (const char* text : {"", "open door", "2nd", "open!"}) {
    EXPECT_EXIT(finish(text, "close"), broken, "is one word");
  }
}

}  // namespace
}  // namespace formfuzz
