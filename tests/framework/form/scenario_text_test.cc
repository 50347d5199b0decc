// SPDX-License-Identifier: Apache-2.0
// The text form: golden output, every complaint, and what an older schema
// wrote.
#include "framework/form/scenario_text.h"

#include "framework/change/scenario_mutator.h"
#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

using ScenarioTextTest = BankScenarios;

constexpr char kGolden[] =
    "scenario bank strategy tellers\n"
    "off note\n"
    "fault bank.vault afterwards at 3 with 9\n"
    "fault bank.vault short every 2 with 32768\n"
    "fault bank.ledger delay chance 64 with 1000 below bank.teller\n"
    "fault bank.ledger drop from 300 below bank.door\n"
    "fault bank.ledger exception stack 0\n"
    "switch at 5 to 2\n"
    "wait 1000\n"
    "1  account1 = open credit 50\n"
    "2  @1 take from account1 amount 20\n"
    "wait 60000\n"
    "wait 1\n"
    "3  account2 = open credit 0\n"
    "4  @2 move account1 to account2 amount 100\n"
    "wait 5\n";

TEST_F(ScenarioTextTest, IsReadBackAsItWasPrinted) {
  Scenario scenario;
  ASSERT_TRUE(ParseScenario(recipe_, kGolden, arena_, scenario).ok());
  EXPECT_EQ(PrintScenario(recipe_, scenario), kGolden);
  EXPECT_EQ(PrintScenario(recipe_, Decode(Encode(scenario))), kGolden);
}

TEST_F(ScenarioTextTest, RandomScenariosAreReadBackAsTheyWerePrinted) {
  Random random(9);
  ScenarioMutator mutator(recipe_);
  Scenario scenario;
  for (int round = 0; round < 5000; ++round) {
    if (round % 50 == 0) {
      scenario.Clear();
      arena_.Reset();
    }
    Mutation mutation(random, arena_);
    mutator.Mutate(scenario, mutation);
    const std::string text = PrintScenario(recipe_, scenario);
    Arena own;
    Scenario parsed;
    const absl::Status status = ParseScenario(recipe_, text, own, parsed);
    ASSERT_TRUE(status.ok()) << status << "\n" << text;
    ASSERT_EQ(PrintScenario(recipe_, parsed), text);
  }
}

TEST_F(ScenarioTextTest, PeopleMayLeaveOutWhatIsPlain) {
  EXPECT_EQ(Lines(Parse("# a comment\n"
                        "\n"
                        "open credit 9   # another\n"
                        "  take amount 5 from account1\r\n"
                        "\ttake from account1\n"
                        "open")),
            "1  account1 = open credit 9\n"
            "2  take from account1 amount 5\n"
            "3  take from account1 amount 0\n"
            "4  account2 = open credit 0\n");
}

TEST_F(ScenarioTextTest, TheStrategyMayBeLeftOut) {
  Scenario scenario;
  ASSERT_TRUE(ParseScenario(recipe_, "scenario bank", arena_, scenario).ok());
  EXPECT_EQ(PrintScenario(recipe_, scenario), "scenario bank strategy all\n");
}

TEST_F(ScenarioTextTest, ATraceIsAScenarioToo) {
  EXPECT_EQ(Lines(Parse("1  account1 = open credit 9  -> ok\n"
                        "2  note \"-> no\"  -> ok\n"
                        "3  take from account1 amount 10  -> poor (model: ok)"
                        "   <- NeverNegative: does not hold\n"
                        "4  close account1  -> not reached\n")),
            "1  account1 = open credit 9\n"
            "2  note \"-> no\"\n"
            "3  take from account1 amount 10\n"
            "4  close account1\n");
}

TEST_F(ScenarioTextTest, AWaitBehindTheLastStepIsPrintedLast) {
  Scenario scenario = Parse("note \"a\"\n");
  scenario.advances = {{200, 7}};
  EXPECT_EQ(Lines(scenario), "1  note \"a\"\nwait 7\n");
}

TEST_F(ScenarioTextTest, RemarksGoBehindTheirStep) {
  const Scenario scenario = Parse("open credit 9\nclose account1\n");
  EXPECT_EQ(PrintScenario(recipe_, scenario,
                          [](size_t step, TextSink& out) {
                            out.Put(step == 1 ? "  -> closed" : "");
                          }),
            "scenario bank strategy all\n"
            "1  account1 = open credit 9\n"
            "2  close account1  -> closed\n");
}

struct BadScenario {
  const char* name;
  std::string text;
  const char* error;
};

std::string Repeated(const char* line, size_t times) {
  std::string text = "scenario bank\n";
  for (size_t i = 0; i < times; ++i) text += line;
  return text;
}

const BadScenario kBadScenarios[] = {
    {"Nothing", "", "1:1: expected 'scenario', found the end of the line"},
    {"AnotherWord", "scenarios bank",
     "1:1: expected 'scenario', found 'scenarios bank'"},
    {"AnotherHarness", "scenario bonk", "1:10: expected bank, found 'bonk'"},
    {"UnknownStrategy", "scenario bank strategy tailors",
     "1:24: expected one of all tellers notes, found 'tailors'"},
    {"BehindTheHarness", "scenario bank all",
     "1:15: expected 'strategy', found 'all'"},
    {"UnknownStep", "scenario bank\nopen credit 1\n3  opne credit 1",
     "3:4: expected one of the steps open take move close note, "
     "found 'opne credit 1'"},
    {"NoStep", "scenario bank\n1 =", "2:3: expected a step, found '='"},
    {"StepOfAnotherStrategy", "scenario bank strategy notes\nopen credit 1",
     "2:1: expected a step of the strategy notes, "
     "found 'open credit 1'"},
    {"UnknownArgument", "scenario bank\nopen debit 1",
     "2:6: expected the end of the line or credit, found 'debit 1'"},
    {"ArgumentGivenTwice", "scenario bank\nopen credit 1 credit 2",
     "2:15: expected the end of the line, found 'credit 2'"},
    {"ArgumentOutOfRange", "scenario bank\nopen credit 256",
     "2:13: expected a whole number from 0 to 255, found '256'"},
    {"TooManyArguments", "scenario bank\nnote \"a\" \"b\"",
     "2:10: expected the end of the line, found '\"b\"'"},
    {"HandleToNothingYet", "scenario bank\nclose account1\nopen",
     "2:15: expected a account that an earlier step makes, before account1, "
     "found the end of the line"},
    {"HandleToALaterResult",
     "scenario bank\nopen credit 1\ntake from account2 amount 1\nopen",
     "3:20: expected a account that an earlier step makes, before account2, "
     "found 'amount 1'"},
    {"NotAHandle", "scenario bank\nclose vm1",
     "2:10: expected a account such as account1, or no_account, "
     "found the end of the line"},
    {"WrongProduct", "scenario bank\naccount2 = open credit 1",
     "2:25: expected 'account1 =' in front of this step, "
     "found the end of the line"},
    {"ProductOfNothing", "scenario bank\naccount1 = note \"a\"",
     "2:20: expected 'nothing =' in front of this step, "
     "found the end of the line"},
    {"TooManySteps", Repeated("open\n", 17),
     "18:5: expected no more than 16 steps, found the end of the line"},
    {"TooManyFaults", Repeated("fault bank.vault error at 1\n", 33),
     "34:28: expected no more than 32 faults, found the end of the line"},
    {"TooManyWaits", Repeated("wait 1\n", 33),
     "34:7: expected no more than 32 waits, found the end of the line"},
    {"TaskOfASerialStrategy", "scenario bank\n@1 open",
     "2:2: expected a whole number from 0 to 0, found '1 open'"},
    {"UnknownFaultPoint", "scenario bank\nfault bank.roof error at 1",
     "2:7: expected a fault point of this harness, "
     "found 'bank.roof error at 1'"},
    {"UnknownFaultKind", "scenario bank\nfault bank.vault broken at 1",
     "2:18: expected one of error afterwards exception delay short corrupt "
     "duplicate drop, found 'broken at 1'"},
    {"FaultWithoutTime", "scenario bank\nfault bank.vault error",
     "2:23: expected one of at from every chance stack, "
     "found the end of the line"},
    {"FaultTooLate", "scenario bank\nfault bank.vault error at 16384",
     "2:27: expected a whole number from 0 to 16383, found '16384'"},
    {"FaultEveryNoTime", "scenario bank\nfault bank.vault error every 0",
     "2:30: expected a whole number from 1 to 16384, found '0'"},
    {"UnknownFaultScope",
     "scenario bank\nfault bank.vault error at 1 below bank.attic",
     "2:35: expected a fault scope of this harness, found 'bank.attic'"},
    {"UnknownStepOff", "scenario bank\noff open, closed",
     "2:11: expected the name of a step, found 'closed'"},
    {"StepThatIsOff", "scenario bank\noff open\nopen credit 1",
     "3:14: expected no step 'open', which is off, "
     "found the end of the line"},
    {"WaitOfNothing", "scenario bank\nwait soon",
     "2:6: expected a whole number from 0 to 4294967295, found 'soon'"},
    {"SwitchToNobody", "scenario bank strategy tellers\nswitch at 3 to 3",
     "2:16: expected a whole number from 0 to 2, found '3'"},
    {"RubbishBehindAWait", "scenario bank\nwait 3 ms",
     "2:8: expected the end of the line, found 'ms'"},
};

class ScenarioTextErrorTest : public testing::TestWithParam<BadScenario> {};

TEST_P(ScenarioTextErrorTest, SaysWhereAndWhat) {
  const auto recipe = BankRecipe();
  Arena arena;
  Scenario scenario;
  const absl::Status status =
      ParseScenario(*recipe, GetParam().text, arena, scenario);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(status.message()), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(All, ScenarioTextErrorTest,
                         testing::ValuesIn(kBadScenarios), [](const auto& row) {
                           return std::string(row.param.name);
                         });

// Text by an older schema: what is still known is kept.
TEST_F(ScenarioTextTest, MigrationKeepsWhatIsStillKnown) {
  Scenario scenario;
  const absl::Status status =
      ParseScenario(recipe_,
                    "scenario bank strategy gone_strategy\n"
                    "off gone_step, note\n"
                    "fault bank.roof error at 1\n"
                    "fault bank.vault error at 2\n"
                    "1  account1 = open credit 300\n"
                    "2  gone_step with {a: 1} by alice\n"
                    "3  take from account1 amount 5\n",
                    arena_, scenario, Leniency::kMigrate);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(PrintScenario(recipe_, scenario),
            "scenario bank strategy all\n"
            "off note\n"
            "fault bank.vault error at 2\n"
            "1  account1 = open credit 255\n"
            "2  take from account1 amount 5\n");
}

TEST_F(ScenarioTextTest, MigrationPointsHandlesOfLostStepsToNothing) {
  Scenario scenario;
  const absl::Status status =
      ParseScenario(recipe_,
                    "scenario bank\n"
                    "1  account1 = open_joint credit 3\n"
                    "2  take from account1 amount 5\n",
                    arena_, scenario, Leniency::kMigrate);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Lines(scenario), "1  take from no_account amount 5\n");
}

TEST_F(ScenarioTextTest, MigrationSwitchesOnWhatIsUsed) {
  Scenario scenario;
  const absl::Status status =
      ParseScenario(recipe_, "scenario bank\noff open\nopen credit 1\n", arena_,
                    scenario, Leniency::kMigrate);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(Lines(scenario), "1  account1 = open credit 1\n");
}

}  // namespace
}  // namespace formfuzz
