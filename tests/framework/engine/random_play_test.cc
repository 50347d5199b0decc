// SPDX-License-Identifier: Apache-2.0
// Random play: a seed is a whole run, and planted defects are found.
#include "framework/engine/random_play.h"

#include <gtest/gtest.h>

#include "tests/framework/bank.h"

namespace formfuzz {
namespace {

template <Plant kPlant>
RandomPlayResult PlayBank(uint64_t runs, uint64_t seed, std::string* last) {
  const auto recipe = BankRecipe<kPlant>();
  Session session(*recipe, {});
  const RandomPlayResult result = PlayRandomScenarios(session, runs, seed);
  *last = session.Encoded();
  return result;
}

TEST(RandomPlayTest, TheSameSeedPlaysTheSameScenarios) {
  std::string one, same, other;
  const auto first = PlayBank<Plant::kNone>(3000, 1, &one);
  const auto second = PlayBank<Plant::kNone>(3000, 1, &same);
  PlayBank<Plant::kNone>(3000, 2, &other);
  EXPECT_EQ(first.steps, second.steps);
  EXPECT_EQ(one, same);
  EXPECT_NE(one, other);
}

TEST(RandomPlayTest, FindsNothingInACorrectComponent) {
  std::string last;
  const auto result = PlayBank<Plant::kNone>(20'000, 3, &last);
  EXPECT_TRUE(result.verdict.passed()) << result.verdict.validator;
  EXPECT_EQ(result.runs, 20'000u);
  EXPECT_GT(result.steps, 20'000u);
}

template <Plant kPlant>
void ExpectFinds(std::string_view validator) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    std::string last;
    const auto result = PlayBank<kPlant>(200'000, seed, &last);
    EXPECT_EQ(result.verdict.validator, validator) << "seed " << seed;
    EXPECT_LT(result.runs, 200'000u);
    const auto recipe = BankRecipe<kPlant>();
    Session session(*recipe, {});
    EXPECT_EQ(session.Execute(AsBytes(last)).validator, validator)
        << "what was loaded last is not what failed";
  }
}

TEST(RandomPlayTest, FindsPlantedDefects) {
  ExpectFinds<Plant::kOverdraft>("NeverNegative");
  ExpectFinds<Plant::kThrows>("uncaught std::runtime_error");
  ExpectFinds<Plant::kChangesAnyway>("RefusedStepsChangeNothing");
}

}  // namespace
}  // namespace formfuzz
