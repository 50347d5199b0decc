// SPDX-License-Identifier: Apache-2.0
// The classic defects: each is found, as what it is, with the fewest
// preemptions it needs; its correct twin passes every schedule tried; and
// without yield points it is not found, so that they are what finds it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "framework/engine/random_play.h"
#include "framework/engine/session.h"
#include "framework/form/scenario_text.h"
#include "framework/schedule/search/exhaustive.h"
#include "framework/validate/judge.h"
#include "tests/examples/classics.h"

namespace formfuzz::examples {
namespace {

using ::testing::HasSubstr;

class ClassicTest : public ::testing::TestWithParam<Classic> {
 protected:
  // Plays the scenario of the parameter with one of its two harnesses.
  class Stage {
   public:
    Stage(const Classic& classic, Recipe (*make)())
        : recipe_(make()), judge_(recipe_, coverage_) {
      const Strategy& strategy = recipe_.strategies.back();
      const absl::Status parsed = ParseScenario(
          recipe_,
          arena_.Copy(Concat("scenario example strategy ", strategy.name, "\n",
                             classic.scenario)),
          arena_, scenario_);
      EXPECT_TRUE(parsed.ok()) << parsed;
    }
    SearchResult Search(uint32_t preemptions_max) {
      const auto fails = [&](Policy& policy) {
        judge_.UsePolicy(&policy);
        return !judge_.Play(scenario_).passed();
      };
      const SearchResult result = SearchExhaustively(
          fails, {.preemptions_max = preemptions_max, .runs_max = 50'000});
      judge_.UsePolicy(nullptr);
      return result;
    }
    Recipe& recipe() { return recipe_; }
    Judge& judge() { return judge_; }
    Scenario& scenario() { return scenario_; }

   private:
    Recipe recipe_;
    StateCoverage coverage_;
    Judge judge_;
    Arena arena_;
    Scenario scenario_;
  };
};

TEST_P(ClassicTest, TheDefectIsFoundWithTheFewestPreemptions) {
  Stage stage(GetParam(), GetParam().defective);
  const SearchResult result = stage.Search(3);
  ASSERT_TRUE(result.found);
  EXPECT_EQ(result.preemptions, GetParam().preemptions);

  // What was found is a scenario: it fails the same way from its switches.
  stage.scenario().switches = result.switches;
  const Verdict& verdict = stage.judge().Play(stage.scenario());
  EXPECT_EQ(NameOf(verdict.kind), NameOf(GetParam().kind));
  EXPECT_EQ(verdict.validator, GetParam().validator);
  EXPECT_THAT(verdict.message, HasSubstr(GetParam().message));
  std::printf("%s: %s\n%s", GetParam().name,
              CertificateOf(result, stage.judge().ending()).c_str(),
              PrintTrace(stage.recipe(), stage.scenario(),
                         stage.judge().trace(), verdict)
                  .c_str());
}

TEST_P(ClassicTest, TheCorrectTwinPassesEverySchedule) {
  Stage stage(GetParam(), GetParam().correct);
  const SearchResult result = stage.Search(2);
  EXPECT_FALSE(result.found)
      << stage.judge().Play(stage.scenario()).validator << ": "
      << stage.judge().Play(stage.scenario()).message;
  EXPECT_TRUE(result.complete);
  EXPECT_FALSE(result.strayed);
  EXPECT_GT(result.runs.back(), 2u);
}

// Those that need no preemption are found by the choices left where tasks
// wait, or by the happens-before check, and are not the yield points' merit.
TEST_P(ClassicTest, WithoutYieldPointsItIsNotFound) {
  if (GetParam().preemptions == 0) return;
  Stage stage(GetParam(), GetParam().defective);
  stage.judge().UseYields(false);
  EXPECT_FALSE(stage.Search(3).found);
}

// By mutation alone, without an engine's coverage.
constexpr uint64_t kRunsMax = 20'000;

// A step that waits for another's, alone in a scenario, waits for ever: that is
// no defect, and found at once.
bool MayWaitForEver(const Classic& classic) {
  const std::string_view name = classic.name;
  return name == "missed_wakeup" || name == "bounded_buffer";
}

TEST_P(ClassicTest, ItIsFoundFromNothing) {
  if (MayWaitForEver(GetParam())) return;
  Recipe recipe = GetParam().defective();
  std::vector<uint64_t> runs;
  for (const uint64_t seed : {1, 2, 3, 4, 5}) {
    Session session(recipe, {});
    const RandomPlayResult result =
        PlayRandomScenarios(session, kRunsMax, seed);
    EXPECT_EQ(NameOf(result.verdict.kind), NameOf(GetParam().kind));
    EXPECT_EQ(result.verdict.validator, GetParam().validator);
    runs.push_back(result.runs);
  }
  std::ranges::sort(runs);
  std::printf("%s: found after %" PRIu64 " scenarios (%" PRIu64 " to %" PRIu64
              ")\n",
              GetParam().name, runs[2], runs[0], runs[4]);
}

TEST_P(ClassicTest, TheCorrectTwinPassesWhateverIsMadeFromNothing) {
  if (MayWaitForEver(GetParam())) return;
  Recipe recipe = GetParam().correct();
  Session session(recipe, {});
  const Verdict verdict = PlayRandomScenarios(session, kRunsMax, 1).verdict;
  EXPECT_TRUE(verdict.passed()) << verdict.validator << ": " << verdict.message;
}

TEST_P(ClassicTest, WithoutYieldPointsItIsNotFoundFromNothing) {
  if (GetParam().preemptions == 0 || MayWaitForEver(GetParam())) return;
  Recipe recipe = GetParam().defective();
  setenv("FORMFUZZ_YIELDS", "off", 1);
  Session session(recipe, {});
  unsetenv("FORMFUZZ_YIELDS");
  EXPECT_TRUE(PlayRandomScenarios(session, kRunsMax, 1).verdict.passed());
}

INSTANTIATE_TEST_SUITE_P(All, ClassicTest, ::testing::ValuesIn(kClassics),
                         [](const auto& classic) {
                           return std::string(classic.param.name);
                         });

}  // namespace
}  // namespace formfuzz::examples
