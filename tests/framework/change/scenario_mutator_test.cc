// SPDX-License-Identifier: Apache-2.0
// What mutation makes keeps the contract of scenarios, whatever it began
// with, and gets everywhere.
#include "framework/change/scenario_mutator.h"

#include <algorithm>
#include <set>

#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

class ScenarioMutatorTest : public BankScenarios {
 protected:
  // Calls `check` after each of `rounds` mutations of lineages of 64.
  template <class Check>
  void Grow(ScenarioMutator& mutator, int rounds, Check&& check) {
    Random random(11);
    Scenario scenario;
    for (int round = 0; round < rounds && !HasFailure(); ++round) {
      if (round % 64 == 0) {
        scenario.Clear();
        arena_.Reset();
      }
      Mutation mutation(random, arena_);
      mutator.Mutate(scenario, mutation);
      check(scenario);
    }
  }

  void ExpectKeepsTheContract(const Scenario& scenario) {
    ExpectKeepsBounds(scenario);
    HandleTracker tracker;
    for (const Step& step : scenario.steps) {
      recipe_.kinds[step.kind]->VisitHandles(
          step.arguments, [&](HandleKind kind, uint16_t& index) {
            EXPECT_LT(index, tracker.counts().of[kind].made);
          });
      tracker.Pass(recipe_, step);
    }
    const std::string bytes = Encode(scenario);
    Arena own;
    Scenario decoded;
    DecodeScenario(recipe_, AsBytes(bytes), own, decoded);
    EXPECT_EQ(PrintScenario(recipe_, decoded),
              PrintScenario(recipe_, scenario));
    EXPECT_EQ(Encode(decoded), bytes);
  }
  void ExpectKeepsBounds(const Scenario& scenario) {
    ASSERT_LT(scenario.strategy, recipe_.strategies.size());
    const uint8_t tasks = recipe_.strategies[scenario.strategy].tasks;
    EXPECT_LE(scenario.steps.size(), recipe_.steps_max);
    EXPECT_LE(scenario.faults.size(), kFaultsMax);
    EXPECT_LE(scenario.switches.size(), kSwitchesMax);
    EXPECT_LE(scenario.advances.size(), kAdvancesMax);
    for (const Step& step : scenario.steps) {
      EXPECT_TRUE(AllowedKinds(recipe_, scenario) >> step.kind & 1);
      EXPECT_LT(step.task, tasks);
    }
  }
};

TEST_F(ScenarioMutatorTest, ResultsKeepTheContract) {
  ScenarioMutator mutator(recipe_);
  Grow(mutator, 20'000,
       [&](const Scenario& scenario) { ExpectKeepsTheContract(scenario); });
}

TEST_F(ScenarioMutatorTest, ResultsKeepTheContractAfterAnyBytes) {
  ScenarioMutator mutator(recipe_);
  Random random(12);
  for (int round = 0; round < 5000 && !HasFailure(); ++round) {
    arena_.Reset();
    std::string bytes(random.Below(200), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Next());
    Scenario scenario = Decode(bytes);
    Mutation mutation(random, arena_);
    mutator.Mutate(scenario, mutation);
    ExpectKeepsTheContract(scenario);
  }
}

TEST_F(ScenarioMutatorTest, ReachesEverythingAScenarioHas) {
  ScenarioMutator mutator(recipe_);
  std::set<size_t> kinds, strategies, tasks, sizes, faults, offs;
  bool has_switch = false, has_wait = false, has_stale = false;
  Grow(mutator, 20'000, [&](const Scenario& scenario) {
    strategies.insert(scenario.strategy);
    sizes.insert(scenario.steps.size());
    offs.insert(scenario.off);
    has_switch |= !scenario.switches.empty();
    has_wait |= !scenario.advances.empty();
    for (const Fault& fault : scenario.faults) {
      faults.insert(fault.point * kFaultKinds +
                    static_cast<size_t>(fault.kind));
    }
    for (const Step& step : scenario.steps) {
      kinds.insert(step.kind);
      tasks.insert(step.task);
    }
    const std::string text = Lines(scenario);
    const size_t close = text.find("close account1\n");
    has_stale |= close != std::string::npos &&
                 text.find("from account1", close) != std::string::npos;
  });
  EXPECT_EQ(kinds.size(), recipe_.kinds.size());
  EXPECT_EQ(strategies.size(), recipe_.strategies.size());
  EXPECT_EQ(tasks.size(), 3u);
  EXPECT_EQ(sizes.size(), recipe_.steps_max + 1);
  EXPECT_EQ(faults.size(), 2 * kFaultKinds);
  EXPECT_GT(offs.size(), recipe_.kinds.size());
  EXPECT_TRUE(has_switch && has_wait && has_stale);
}

TEST_F(ScenarioMutatorTest, MutatesIntoSomethingElse) {
  ScenarioMutator mutator(recipe_);
  Random random(16);
  for (const std::string_view lines : {"", "note \"a\"\n", "account1 = open\n",
                                       "account1 = open\nclose account1\n"}) {
    int same = 0;
    const std::string before = Encode(Parse(lines));
    for (int round = 0; round < 1000; ++round) {
      Scenario scenario = Parse(lines);
      Mutation mutation(random, arena_);
      ByteSink after;
      mutator.MutateFrom(AsBytes(before), scenario, mutation, nullptr, after);
      EXPECT_EQ(AsText(after.bytes()), Encode(scenario));
      same += AsText(after.bytes()) == before;
    }
    EXPECT_EQ(same, 0) << lines;
  }
}

TEST_F(ScenarioMutatorTest, SequencesAreInsertedAboutTheSame) {
  owned_->draw_sequence = [](Mutation&) { return std::vector<uint8_t>{0, 3}; };
  ScenarioMutator mutator(recipe_);
  Random random(17);
  int whole = 0;
  for (int round = 0; round < 1000; ++round) {
    Scenario scenario = Parse("account1 = open\naccount2 = open\n");
    Mutation mutation(random, arena_);
    mutator.Mutate(scenario, mutation);
    const std::string lines = Lines(scenario);
    whole += lines.find("close account3") != std::string::npos;
  }
  EXPECT_GT(whole, 100);
}

TEST_F(ScenarioMutatorTest, APinnedStrategyStays) {
  for (uint8_t pinned = 0; pinned < recipe_.strategies.size(); ++pinned) {
    ScenarioMutator mutator(recipe_);
    mutator.PinStrategy(pinned);
    Grow(mutator, 3000, [&](const Scenario& scenario) {
      EXPECT_EQ(scenario.strategy, pinned);
      ExpectKeepsBounds(scenario);
    });
  }
}

TEST_F(ScenarioMutatorTest, StepsThatAreOffAreNeitherKeptNorInserted) {
  ScenarioMutator mutator(recipe_);
  uint64_t masked = 0;
  Grow(mutator, 20'000, [&](const Scenario& scenario) {
    const uint64_t all = recipe_.strategies[scenario.strategy].kinds;
    if (AllowedKinds(recipe_, scenario) == all) return;
    ++masked;
    for (const Step& step : scenario.steps) {
      EXPECT_FALSE(scenario.off >> step.kind & 1);
    }
  });
  EXPECT_GT(masked, 500u);
}

TEST_F(ScenarioMutatorTest, TheSameSeedMakesTheSameScenario) {
  const auto grown = [&](uint64_t seed) {
    Arena own;
    Random random(seed);
    ScenarioMutator mutator(recipe_);
    Scenario scenario;
    for (int round = 0; round < 50; ++round) {
      Mutation mutation(random, own);
      mutator.Mutate(scenario, mutation);
    }
    return Encode(scenario);
  };
  EXPECT_EQ(grown(1), grown(1));
  EXPECT_NE(grown(1), grown(2));
}

TEST_F(ScenarioMutatorTest, CrossOverKeepsTheContract) {
  ScenarioMutator mutator(recipe_);
  Random random(13);
  for (int round = 0; round < 5000 && !HasFailure(); ++round) {
    arena_.Reset();
    std::string bytes[2];
    for (std::string& parent : bytes) {
      parent.resize(random.Below(200));
      for (char& byte : parent) byte = static_cast<char>(random.Next() % 9);
    }
    Scenario scenario = Decode(bytes[0]);
    const Scenario other = Decode(bytes[1]);
    const std::string before = PrintScenario(recipe_, other);
    Mutation mutation(random, arena_);
    mutator.CrossOver(scenario, other, mutation);
    ExpectKeepsTheContract(scenario);
    EXPECT_EQ(PrintScenario(recipe_, other), before);
  }
}

TEST_F(ScenarioMutatorTest, CrossOverTakesStepsOfBothParents) {
  ScenarioMutator mutator(recipe_);
  Random random(14);
  int of_both = 0;
  for (int round = 0; round < 200; ++round) {
    Scenario scenario = Parse("note \"a\"\nnote \"a\"\nnote \"a\"\n");
    const Scenario other = Parse("note \"b\"\nnote \"b\"\nnote \"b\"\n");
    Mutation mutation(random, arena_);
    mutator.CrossOver(scenario, other, mutation);
    const std::string lines = Lines(scenario);
    ASSERT_NE(lines.find("note \"b\""), std::string::npos) << lines;
    of_both += lines.find("note \"a\"") != std::string::npos;
  }
  EXPECT_GT(of_both, 100);
}

// The step that makes a handle and the one that uses it, from one parent.
TEST_F(ScenarioMutatorTest, CrossOverKeepsHandlesOnTheirMakers) {
  ScenarioMutator mutator(recipe_);
  Random random(16);
  int both = 0;
  for (int round = 0; round < 400; ++round) {
    Scenario scenario = Parse("open credit 1\nopen credit 2\n");
    const Scenario other =
        Parse("open credit 7\ntake from account1 amount 77\n");
    Mutation mutation(random, arena_);
    mutator.CrossOver(scenario, other, mutation);
    const std::string lines = Lines(scenario);
    const size_t made = lines.find(" = open credit 7\n");
    const size_t used = lines.find("take from account");
    if (made == std::string::npos || used == std::string::npos) continue;
    ++both;
    EXPECT_EQ(lines[made - 1], lines[used + 17]) << lines;
  }
  EXPECT_GT(both, 50);
}

TEST_F(ScenarioMutatorTest, AHarnessWithoutStepsStaysEmpty) {
  Recipe empty;
  empty.Finish();
  ScenarioMutator mutator(empty);
  Random random(15);
  Scenario scenario;
  for (int round = 0; round < 1000; ++round) {
    Mutation mutation(random, arena_);
    mutator.Mutate(scenario, mutation);
    ASSERT_TRUE(scenario.steps.empty());
  }
}

}  // namespace
}  // namespace formfuzz
