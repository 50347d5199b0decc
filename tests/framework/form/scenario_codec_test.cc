// SPDX-License-Identifier: Apache-2.0
// The binary form: any bytes decode, encoding is the inverse, and a change in
// one section leaves the others where they are.
#include "framework/form/scenario_codec.h"

#include <algorithm>

#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

using ScenarioCodecTest = BankScenarios;

constexpr char kEverything[] =
    "off note\n"
    "fault bank.vault afterwards at 3 with 9\n"
    "fault bank.ledger error at 0\n"
    "switch at 5 to 2\n"
    "wait 1000\n"
    "1  account1 = open credit 50\n"
    "2  @1 take from account1 amount 20\n"
    "wait 60000\n"
    "3  @2 move account1 to no_account amount 100\n";

TEST_F(ScenarioCodecTest, LaysBytesOutAsDocumented) {
  const std::string bytes = Encode(Parse(kEverything, "tellers"));
  ASSERT_GE(bytes.size(), kScenarioHeaderBytes);
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(bytes[at]); };
  EXPECT_EQ(byte(0), kScenarioFormatVersion);
  EXPECT_EQ(byte(1), 1);       // the second strategy
  EXPECT_EQ(byte(2), 1 << 4);  // the fifth kind is off
  EXPECT_EQ(byte(6), 2);       // faults
  EXPECT_EQ(byte(7), 1);       // switches
  EXPECT_EQ(byte(8), 2);       // waits
  EXPECT_EQ(byte(9), 0);       // open
  EXPECT_EQ(bytes.substr(bytes.size() - 12), std::string("\1\0\1\3\x09\0"
                                                         "\0\0\0\0\0\0",
                                                         12));
  EXPECT_EQ(bytes.substr(bytes.size() - 15, 3), std::string("\5\0\2", 3));
}

TEST_F(ScenarioCodecTest, LaysAFaultOutAsDocumented) {
  const std::string bytes =
      Encode(Parse("fault bank.vault drop from 515 with 9 below bank.door\n"));
  // Point 1, scope 2, hit 2 * 256 + 3; kind 7, trigger 1.
  EXPECT_EQ(bytes.substr(bytes.size() - 6),
            std::string("\x81\x08\x0f\x03\x09\0", 6));
}

TEST_F(ScenarioCodecTest, DecodesToAnEqualScenario) {
  const Scenario scenario =
      Parse(std::string(kEverything) +
                "fault bank.ledger delay every 16384 with 7 below bank.door\n",
            "tellers");
  const Scenario decoded = Decode(Encode(scenario));
  EXPECT_EQ(PrintScenario(recipe_, decoded), PrintScenario(recipe_, scenario));
  EXPECT_EQ(decoded.strategy, scenario.strategy);
  EXPECT_EQ(decoded.off, scenario.off);
  EXPECT_EQ(decoded.faults, scenario.faults);
  EXPECT_EQ(decoded.switches, scenario.switches);
  EXPECT_EQ(decoded.advances, scenario.advances);
}

TEST_F(ScenarioCodecTest, ADrawnScheduleIsReadBack) {
  for (const char* line : {"schedule random 0\n", "schedule random 65535\n",
                           "schedule priorities 4711 depth 1 of 16\n",
                           "schedule priorities 65535 depth 4 of 2048\n"}) {
    const Scenario scenario = Parse(line, "tellers");
    ASSERT_TRUE(scenario.draw);
    EXPECT_NE(PrintScenario(recipe_, scenario).find(line), std::string::npos);
    EXPECT_EQ(Decode(Encode(scenario)).draw, scenario.draw);
  }
}

TEST_F(ScenarioCodecTest, WhatIsDrawnAndListedIsDrawn) {
  const std::string listed =
      Encode(Parse("switch at 1 to 1\nswitch at 2 to 2\n", "tellers"));
  std::string both = listed;
  both.back() = '\xe0';
  const Scenario scenario = Decode(both);
  EXPECT_EQ(scenario.draw.by, DrawnBy::kRandomWalk);
  EXPECT_TRUE(scenario.switches.empty());
}

TEST_F(ScenarioCodecTest, EncodesALongStepWithATwoByteSize) {
  const std::string text(64, 'n');  // more than 127 bytes need more fields
  const Scenario scenario = Parse("note \"" + text + "\"\n");
  EXPECT_EQ(Lines(Decode(Encode(scenario))), "1  note \"" + text + "\"\n");
}

// Every position of every small input is some byte, and none may matter.
TEST_F(ScenarioCodecTest, AnyBytesDecodeAndThenStandStill) {
  Random random(4);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(random.Below(120), '\0');
    for (char& byte : bytes) {
      byte =
          static_cast<char>(random.OneIn(3) ? random.Next() : random.Below(6));
    }
    arena_.Reset();
    const Scenario scenario = Decode(bytes);
    const std::string encoded = Encode(scenario);
    ASSERT_EQ(Encode(Decode(encoded)), encoded) << round;
  }
}

TEST_F(ScenarioCodecTest, KeepsItsBounds) {
  Random random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(4096, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Next());
    arena_.Reset();
    const Scenario scenario = Decode(bytes);
    const uint8_t tasks = recipe_.strategies.at(scenario.strategy).tasks;
    ASSERT_LE(scenario.steps.size(), recipe_.steps_max);
    ASSERT_LE(scenario.faults.size(), kFaultsMax);
    ASSERT_LE(scenario.switches.size(), kSwitchesMax);
    ASSERT_LE(scenario.advances.size(), kAdvancesMax);
    for (const Step& step : scenario.steps) {
      ASSERT_TRUE(AllowedKinds(recipe_, scenario) >> step.kind & 1);
      ASSERT_LT(step.task, tasks);
    }
    for (const Fault& fault : scenario.faults) {
      ASSERT_LT(fault.point, recipe_.fault_points.size());
    }
    for (const Switch& entry : scenario.switches) ASSERT_LT(entry.task, tasks);
  }
}

TEST_F(ScenarioCodecTest, EmptyAndShortInputsAreTheEmptyScenario) {
  const std::string whole = Encode(Scenario());
  EXPECT_EQ(whole.size(), kScenarioHeaderBytes);
  for (size_t size = 0; size <= whole.size(); ++size) {
    const Scenario scenario = Decode(whole.substr(0, size));
    EXPECT_TRUE(scenario.steps.empty());
    EXPECT_EQ(Encode(scenario), whole);
  }
}

TEST_F(ScenarioCodecTest, AnUnknownVersionDecodesAllTheSame) {
  std::string bytes = Encode(Parse(kEverything, "tellers"));
  const std::string known = Lines(Decode(bytes));
  for (const int version : {0, 2, 255}) {
    bytes[0] = static_cast<char>(version);
    EXPECT_EQ(Lines(Decode(bytes)), known);
  }
}

TEST_F(ScenarioCodecTest, InsertingAStepShiftsNoOtherSection) {
  const std::string bytes = Encode(Parse(kEverything, "tellers"));
  // Any kind, any task, three bytes of arguments: right behind the header.
  const std::string inserted = bytes.substr(0, kScenarioHeaderBytes) +
                               std::string("\0\1\3abc", 6) +
                               bytes.substr(kScenarioHeaderBytes);
  const Scenario before = Decode(bytes);
  const Scenario after = Decode(inserted);
  EXPECT_EQ(after.steps.size(), before.steps.size() + 1);
  EXPECT_EQ(after.faults, before.faults);
  EXPECT_EQ(after.switches, before.switches);
  EXPECT_EQ(after.advances, before.advances);
}

TEST_F(ScenarioCodecTest, AChangeInsideAStepDoesNotShiftTheNext) {
  const Scenario scenario =
      Parse("open credit 50\nnote \"abc\"\ntake from account1 amount 20\n");
  const std::string bytes = Encode(scenario);
  const size_t text_at = bytes.find("abc");
  ASSERT_NE(text_at, std::string::npos);
  for (int byte = 0; byte < 256; ++byte) {
    std::string changed = bytes;
    changed[text_at - 1] = static_cast<char>(byte);  // how the text begins
    const std::string lines = Lines(Decode(changed));
    EXPECT_NE(lines.find("3  take from account1 amount 20"), std::string::npos)
        << lines;
  }
}

TEST_F(ScenarioCodecTest, CountsLargerThanWhatIsThereTakeWholeRecordsOnly) {
  std::string bytes = Encode(Scenario());
  bytes[6] = '\xff';            // faults
  bytes += std::string(15, 0);  // two and a half
  const Scenario scenario = Decode(bytes);
  EXPECT_EQ(scenario.faults.size(), 2u);
  EXPECT_EQ(scenario.steps.size(), 1u);
}

TEST_F(ScenarioCodecTest, AMaskThatLeavesNothingLeavesEverything) {
  std::string bytes = Encode(Parse("open credit 1\nnote \"n\"\n"));
  std::fill_n(bytes.begin() + 2, 4, '\xff');
  const Scenario scenario = Decode(bytes);
  EXPECT_EQ(AllowedKinds(recipe_, scenario), recipe_.strategies[0].kinds);
  EXPECT_EQ(scenario.steps.size(), 2u);
}

TEST_F(ScenarioCodecTest, AKindThatIsOffBecomesTheNextThatIsOn) {
  std::string bytes = Encode(Parse("note \"n\"\ntake from no_account\n"));
  bytes[2] = 0b00010;  // take is off; move is next
  const Scenario scenario = Decode(bytes);
  ASSERT_EQ(scenario.steps.size(), 2u);
  EXPECT_EQ(recipe_.kinds[scenario.steps[1].kind]->name(), "move");
}

TEST_F(ScenarioCodecTest, NoEncodingLooksLikeText) {
  EXPECT_NE(kScenarioFormatVersion, kScenarioTextMark[0]);
}

}  // namespace
}  // namespace formfuzz
