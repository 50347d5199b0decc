// SPDX-License-Identifier: Apache-2.0
// The example of docs/harness.md is compiled as it stands there, and its bug
// is found and told as the page tells it.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "framework/engine/random_play.h"
#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"
#include "framework/validate/judge.h"

namespace {
#include "harness_example.h"
}  // namespace

namespace formfuzz {
namespace {

Recipe& OnlyRecipe() {
  Recipe& recipe = *RegisteredRecipes().front();
  if (recipe.strategies.empty()) recipe.Finish();
  return recipe;
}

TEST(HarnessPageTest, TellsItsBugAsThePageDoes) {
  Recipe& recipe = OnlyRecipe();
  StateCoverage coverage;
  Judge judge(recipe, coverage);
  Arena arena;
  Scenario scenario;
  ASSERT_TRUE(ParseScenario(recipe,
                            "scenario lockers strategy all\n"
                            "rent\nwait 3600000\n"
                            "return of rental1\nreturn of rental1\n",
                            arena, scenario)
                  .ok());
  const Verdict verdict = judge.Play(scenario);
  EXPECT_EQ(PrintTrace(recipe, scenario, judge.trace(), verdict),
            "scenario lockers strategy all\n"
            "1  rental1 = rent  -> ok\n"
            "wait 3600000\n"
            "2  return of rental1  -> ok\n"
            "3  return of rental1  -> ok   <- NoMoreAreFreeThanThereAre: does "
            "not hold\n");
}

TEST(HarnessPageTest, FindsItsBugFromNothing) {
  Session session(OnlyRecipe(), {});
  const RandomPlayResult result = PlayRandomScenarios(session, 100'000, 1);
  EXPECT_EQ(result.verdict.validator, "NoMoreAreFreeThanThereAre");
}

}  // namespace
}  // namespace formfuzz
