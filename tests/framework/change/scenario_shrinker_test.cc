// SPDX-License-Identifier: Apache-2.0
// Shrinking ends at what nothing can be left out of, and never lets go of
// the failure.
#include "framework/change/scenario_shrinker.h"

#include <algorithm>
#include <functional>

#include "framework/change/scenario_edit.h"
#include "framework/change/scenario_mutator.h"
#include "framework/validate/judge.h"
#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

constexpr size_t kTries = 20'000;

using ScenarioShrinkerTest = BankScenarios;
using Predicate = std::function<bool(const Scenario&)>;

size_t CountOf(const Scenario& scenario, uint8_t kind) {
  return static_cast<size_t>(
      std::count_if(scenario.steps.begin(), scenario.steps.end(),
                    [&](const Step& step) { return step.kind == kind; }));
}

TEST_F(ScenarioShrinkerTest, LeavesTheStepsThatThePredicateNeeds) {
  Scenario scenario = Parse(
      "off note\n"
      "fault bank.vault error at 3\n"
      "switch at 5 to 2\n"
      "wait 1000\n"
      "1  account1 = open credit 50\n"
      "2  @1 take from account1 amount 20\n"
      "wait 60000\n"
      "3  account2 = open credit 33\n"
      "4  @2 move account2 to account1 amount 100\n"
      "5  account3 = open credit 9\n",
      "tellers");
  const Predicate has_two_opens = [](const Scenario& candidate) {
    return CountOf(candidate, 0) >= 2;
  };
  EXPECT_TRUE(ShrinkScenario(recipe_, arena_, has_two_opens, kTries, scenario));
  EXPECT_EQ(Lines(scenario),
            "1  account1 = open credit 0\n"
            "2  account2 = open credit 0\n");
}

TEST_F(ScenarioShrinkerTest, KeepsAFaultAndAWaitThatAreNeeded) {
  Scenario scenario = Parse(
      "fault bank.vault error at 3\n"
      "fault bank.ledger error at 1\n"
      "wait 7\n"
      "note \"a\"\n"
      "wait 9\n"
      "open credit 3\n");
  const Predicate needs = [](const Scenario& candidate) {
    return std::any_of(candidate.faults.begin(), candidate.faults.end(),
                       [](const Fault& fault) { return fault.point == 0; }) &&
           std::any_of(candidate.advances.begin(), candidate.advances.end(),
                       [](const ClockAdvance& wait) { return wait.ms == 9; });
  };
  EXPECT_TRUE(ShrinkScenario(recipe_, arena_, needs, kTries, scenario));
  EXPECT_EQ(Lines(scenario), "fault bank.ledger error at 1\nwait 9\n");
}

TEST_F(ScenarioShrinkerTest, WaitsNoLongerThanItMust) {
  Scenario scenario = Parse(
      "wait 3188782344\n"
      "note \"a\"\n"
      "wait 72041682\n"
      "open credit 3\n");
  const Predicate waits_for_an_hour = [](const Scenario& candidate) {
    uint64_t ms = 0;
    for (const ClockAdvance& wait : candidate.advances) ms += wait.ms;
    return ms >= 3'600'000;
  };
  EXPECT_TRUE(
      ShrinkScenario(recipe_, arena_, waits_for_an_hour, kTries, scenario));
  EXPECT_EQ(Lines(scenario), "wait 3600000\n");
}

TEST_F(ScenarioShrinkerTest, FollowsHandlesToTheirMaker) {
  const auto planted = BankRecipe<Plant::kOverdraft>();
  StateCoverage coverage;
  Judge judge(*planted, coverage);
  const Predicate fails = [&](const Scenario& candidate) {
    return judge.Play(candidate).validator == "NeverNegative";
  };
  Scenario scenario = Parse(
      "open credit 200\nopen credit 5\nopen credit 100\n"
      "take from account1 amount 77\nnote \"noise\"\nclose account1\n"
      "move account3 to account1 amount 9\ntake from account2 amount 77\n");
  ASSERT_TRUE(fails(scenario));
  EXPECT_TRUE(ShrinkScenario(recipe_, arena_, fails, kTries, scenario));
  EXPECT_EQ(Lines(scenario),
            "1  account1 = open credit 0\n"
            "2  take from account1 amount 77\n");
}

// For random scenarios and several predicates: what is left fails, was tried,
// and loses the failure with any step less.
TEST_F(ScenarioShrinkerTest, EndsAtAMinimumThatFails) {
  const Predicate predicates[] = {
      [](const Scenario&) { return true; },
      [](const Scenario& s) { return CountOf(s, 1) >= 1; },
      [](const Scenario& s) { return CountOf(s, 0) + CountOf(s, 4) >= 3; },
      [](const Scenario& s) { return s.steps.size() % 3 == 2; },
      [](const Scenario& s) { return s.faults.size() >= 2; }};
  ScenarioMutator mutator(recipe_);
  Random random(21);
  for (const Predicate& predicate : predicates) {
    int shrunk = 0;
    for (int round = 0; round < 60; ++round) {
      arena_.Reset();
      Scenario scenario;
      Mutation mutation(random, arena_);
      for (int i = 0; i < 80; ++i) mutator.Mutate(scenario, mutation);
      if (!predicate(scenario)) continue;
      ++shrunk;
      size_t tries = 0;
      ShrinkScenario(
          recipe_, arena_,
          [&](const Scenario& candidate) {
            ++tries;
            return predicate(candidate);
          },
          kTries, scenario);
      EXPECT_LT(tries, kTries) << "did not end by itself";
      EXPECT_TRUE(predicate(scenario));
      for (size_t i = 0; i < scenario.steps.size(); ++i) {
        Scenario smaller = CloneScenario(recipe_, scenario, arena_);
        EraseSteps(recipe_, smaller, i, 1);
        EXPECT_FALSE(predicate(smaller)) << Lines(scenario);
      }
    }
    EXPECT_GT(shrunk, 5);
  }
}

TEST_F(ScenarioShrinkerTest, OnlyAcceptsWhatWasSeenToFail) {
  Scenario scenario =
      Parse("open credit 77\nnote \"abc\"\ntake from account1 amount 50\n");
  std::vector<std::string> failing;
  Random random(22);
  const bool shrank = ShrinkScenario(
      recipe_, arena_,
      [&](const Scenario& candidate) {
        if (!random.OneIn(3)) return false;  // a failure that comes and goes
        failing.push_back(Encode(candidate));
        return true;
      },
      kTries, scenario);
  ASSERT_TRUE(shrank);
  EXPECT_EQ(Encode(scenario), failing.back());
}

TEST_F(ScenarioShrinkerTest, ChangesNothingWhenNothingFailsLess) {
  Scenario scenario = Parse("open credit 77\nnote \"abc\"\n");
  const std::string before = Encode(scenario);
  EXPECT_FALSE(ShrinkScenario(
      recipe_, arena_, [](const Scenario&) { return false; }, kTries,
      scenario));
  EXPECT_EQ(Encode(scenario), before);
}

TEST_F(ScenarioShrinkerTest, StopsAtItsLimitOfTries) {
  for (const size_t tries_max : {0, 1, 7}) {
    Scenario scenario = Parse("open credit 9\nopen credit 9\nopen credit 9\n");
    size_t tries = 0;
    ShrinkScenario(
        recipe_, arena_,
        [&](const Scenario&) {
          ++tries;
          return false;
        },
        tries_max, scenario);
    EXPECT_EQ(tries, tries_max);
  }
}

TEST_F(ScenarioShrinkerTest, SaysSoIfItGotSmallerWithItsLastTry) {
  Scenario scenario = Parse("open credit 9\nopen credit 9\n");
  EXPECT_TRUE(ShrinkScenario(
      recipe_, arena_, [](const Scenario&) { return true; }, 1, scenario));
  EXPECT_LT(scenario.steps.size(), 2u);
}

}  // namespace
}  // namespace formfuzz
