// SPDX-License-Identifier: Apache-2.0
// Edits keep every handle at its maker and every wait at its step.
#include "framework/change/scenario_edit.h"

#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

class ScenarioEditTest : public BankScenarios {
 protected:
  Scenario Sample() {
    return Parse(
        "1  account1 = open credit 1\n"
        "2  account2 = open credit 2\n"
        "wait 5\n"
        "3  take from account2 amount 3\n"
        "4  account3 = open credit 4\n"
        "5  move account1 to account3 amount 5\n"
        "wait 9\n");
  }
};

TEST_F(ScenarioEditTest, ErasingAMakerRenumbersWhatComesAfterIt) {
  Scenario scenario = Sample();
  EraseSteps(recipe_, scenario, 0, 1);
  EXPECT_EQ(Lines(scenario),
            "1  account1 = open credit 2\n"
            "wait 5\n"
            "2  take from account1 amount 3\n"
            "3  account2 = open credit 4\n"
            "4  move no_account to account2 amount 5\n"
            "wait 9\n");
}

TEST_F(ScenarioEditTest, ErasingARunTakesItsHandlesAndMovesItsWaits) {
  Scenario scenario = Sample();
  EraseSteps(recipe_, scenario, 1, 3);
  EXPECT_EQ(Lines(scenario),
            "1  account1 = open credit 1\n"
            "wait 5\n"
            "2  move account1 to no_account amount 5\n"
            "wait 9\n");
}

TEST_F(ScenarioEditTest, ErasingEverythingLeavesTheWaits) {
  Scenario scenario = Sample();
  EraseSteps(recipe_, scenario, 0, 5);
  EXPECT_EQ(Lines(scenario), "wait 5\nwait 9\n");
}

TEST_F(ScenarioEditTest, ErasingNothingChangesNothing) {
  Scenario scenario = Sample();
  const std::string before = Lines(scenario);
  EraseSteps(recipe_, scenario, 5, 0);
  EraseSteps(recipe_, scenario, 2, 0);
  EXPECT_EQ(Lines(scenario), before);
}

TEST_F(ScenarioEditTest, InsertingAMakerRenumbersOnlyWhatComesAfterIt) {
  Scenario scenario = Sample();
  const Scenario other = Parse("open credit 100\n");
  InsertSteps(recipe_, scenario, 1, other.steps);
  EXPECT_EQ(Lines(scenario),
            "1  account1 = open credit 1\n"
            "2  account2 = open credit 100\n"
            "3  account3 = open credit 2\n"
            "wait 5\n"
            "4  take from account3 amount 3\n"
            "5  account4 = open credit 4\n"
            "6  move account1 to account4 amount 5\n"
            "wait 9\n");
}

TEST_F(ScenarioEditTest, InsertingAtTheEndsKeepsTheOrder) {
  Scenario scenario = Sample();
  const Scenario notes = Parse("note \"a\"\nnote \"b\"\n");
  InsertSteps(recipe_, scenario, 5, notes.steps);
  InsertSteps(recipe_, scenario, 0, notes.steps);
  const std::string lines = Lines(scenario);
  EXPECT_TRUE(lines.starts_with("1  note \"a\"\n2  note \"b\"\n3  account1"))
      << lines;
  EXPECT_NE(lines.find("8  note \"a\"\n9  note \"b\"\n"), std::string::npos)
      << lines;
}

TEST_F(ScenarioEditTest, AWaitStaysBeforeWhatIsInsertedBehindIt) {
  Scenario scenario = Parse("note \"a\"\nwait 5\nnote \"b\"\n");
  InsertSteps(recipe_, scenario, 1, Parse("note \"new\"\n").steps);
  EXPECT_EQ(Lines(scenario),
            "1  note \"a\"\nwait 5\n2  note \"new\"\n3  note \"b\"\n");
}

TEST_F(ScenarioEditTest, InsertAndEraseAreInverse) {
  for (size_t at = 0; at <= 5; ++at) {
    Scenario scenario = Sample();
    const std::string before = Lines(scenario);
    const Scenario other = Parse("open credit 7\nopen credit 8\n");
    InsertSteps(recipe_, scenario, at, other.steps);
    EXPECT_NE(Lines(scenario), before);
    EraseSteps(recipe_, scenario, at, 2);
    EXPECT_EQ(Lines(scenario), before) << at;
  }
}

TEST_F(ScenarioEditTest, AClonesStepsAreItsOwn) {
  const Scenario scenario = Sample();
  const std::string before = Lines(scenario);
  Scenario clone = CloneScenario(recipe_, scenario, arena_);
  EXPECT_EQ(Lines(clone), before);
  EraseSteps(recipe_, clone, 0, 2);
  EXPECT_EQ(Lines(scenario), before);
}

TEST_F(ScenarioEditTest, MovedStepsKeepTheHandlesToEachOther) {
  Scenario donor = Parse(
      "account1 = open credit 1\n"
      "account2 = open credit 2\n"
      "move account1 to account2 amount 3\n");
  Scenario scenario = Sample();
  MoveHandles(recipe_, donor.steps, 1, std::span(scenario.steps).first(4));
  InsertSteps(recipe_, scenario, 4, std::span(donor.steps).subspan(1));
  EXPECT_EQ(Lines(scenario),
            "1  account1 = open credit 1\n"
            "2  account2 = open credit 2\n"
            "wait 5\n"
            "3  take from account2 amount 3\n"
            "4  account3 = open credit 4\n"
            "5  account4 = open credit 2\n"
            "6  move account1 to account4 amount 3\n"
            "7  move account1 to account3 amount 5\n"
            "wait 9\n");
}

class Shelf {
 public:
  void Make() {}
  void Use(Handle<Account>) {}
};

// Values behind a type-erased domain are shared by the clones of a scenario.
TEST(ErasedHandlesTest, AreRenumberedInOneCloneOnly) {
  Recipe recipe;
  recipe.name = "shelf";
  HarnessBuilder<Shelf>(recipe)
      .Step("make", &Shelf::Make)
      .Makes<Account>()
      .Step("use", &Shelf::Use, Domain<Handle<Account>>(AnyHandle<Account>()));
  recipe.Finish();
  Arena arena;
  Scenario scenario;
  const absl::Status parsed = ParseScenario(
      recipe, "scenario shelf\nmake\nmake\nuse account2\nuse account1\n", arena,
      scenario);
  ASSERT_TRUE(parsed.ok()) << parsed;
  const std::string before = PrintScenario(recipe, scenario);
  Scenario clone = CloneScenario(recipe, scenario, arena);
  EraseSteps(recipe, clone, 0, 1);
  EXPECT_EQ(PrintScenario(recipe, clone),
            "scenario shelf strategy all\n1  account1 = make\n2  use account1\n"
            "3  use no_account\n");
  EXPECT_EQ(PrintScenario(recipe, scenario), before);
}

TEST_F(ScenarioEditTest, DanglingHandlesAreDropped) {
  Scenario scenario = Sample();
  std::swap(scenario.steps[0], scenario.steps[4]);
  DropDanglingHandles(recipe_, scenario.steps);
  EXPECT_EQ(Lines(scenario),
            "1  move no_account to no_account amount 5\n"
            "2  account1 = open credit 2\n"
            "wait 5\n"
            "3  take from no_account amount 3\n"
            "4  account2 = open credit 4\n"
            "5  account3 = open credit 1\n"
            "wait 9\n");
}

}  // namespace
}  // namespace formfuzz
