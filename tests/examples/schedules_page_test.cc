// SPDX-License-Identifier: Apache-2.0
// The example of docs/schedules.md is compiled as it stands there, and shows
// what the page says that it shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"
#include "framework/schedule/search/exhaustive.h"
#include "framework/schedule/sync/task_sync.h"
#include "framework/validate/judge.h"

namespace {
#include "schedules_example.h"
}  // namespace

namespace formfuzz {
namespace {

TEST(SchedulesPageTest, ItsExampleSellsASeatTwice) {
  ASSERT_EQ(RegisteredRecipes().size(), 1u);
  Recipe& recipe = *RegisteredRecipes().front();
  recipe.Finish();
  StateCoverage coverage;
  Judge judge(recipe, coverage);
  Arena arena;
  Scenario scenario;
  ASSERT_TRUE(ParseScenario(recipe,
                            "scenario booking strategy race\n"
                            "reserve\n@1 reserve\n",
                            arena, scenario)
                  .ok());
  const auto fails = [&](Policy& policy) {
    judge.UsePolicy(&policy);
    return !judge.Play(scenario).passed();
  };
  const SearchResult result = SearchExhaustively(fails);
  judge.UsePolicy(nullptr);
  ASSERT_TRUE(result.found);

  scenario.switches = result.switches;
  const Verdict verdict = judge.Play(scenario);
  EXPECT_EQ(PrintTrace(recipe, scenario, judge.trace(), verdict),
            "scenario booking strategy race\n"
            "switch at 2 to 1   # leaves task 0 at mutex.lock\n"
            "1  reserve  -> ok   | during 2   <- NoSeatIsSoldTwice: does not "
            "hold\n"
            "2  @1 reserve  -> ok   | during 1\n"
            "# task 0                                        | task 1\n"
            "# 1 reserve                                     |\n"
            "#   leaves at mutex.lock, yield 2               |\n"
            "#                                               | 2 reserve\n"
            "#                                               |   -> ok\n"
            "#   goes on                                     |\n"
            "#   -> ok                                       |\n"
            "#   <- NoSeatIsSoldTwice                        |\n");
  EXPECT_EQ(CertificateOf(result, judge.ending()),
            "fails with 1 preemption: at yield 2 (mutex.lock) from task 0 to "
            "task 1; with 0 preemptions all 2 schedules pass");
}

}  // namespace
}  // namespace formfuzz
