// SPDX-License-Identifier: Apache-2.0
// Faults are put where the run came by, waits where something ends.
#include "framework/change/surroundings.h"

#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

class SurroundingsTest : public BankScenarios {
 protected:
  static constexpr int kRounds = 1000;
  static constexpr uint16_t kVault = 1;

  void SetUp() override {
    run_.faults().SetPoints(recipe_.fault_points);
    run_.faults().set_counting(true);
    run_.Begin(scenario_.faults);
  }

  Scenario scenario_ =
      Parse("account1 = open\nclose account1\nnote \"a\"\nnote \"b\"\n");
  StateCoverage coverage_;
  formfuzz::Run run_{coverage_};
  Random random_{31};
};

TEST_F(SurroundingsTest, MostFaultsAreAtHitsThatTheRunHad) {
  FaultPoint vault(run_.faults(), "bank.vault");
  for (int hit = 0; hit < 3; ++hit) vault.Hit();
  int at_vault = 0;
  for (int round = 0; round < kRounds; ++round) {
    Scenario changed = scenario_;
    if (!MutateFaults(recipe_, &run_, random_, changed)) continue;
    const Fault& fault = changed.faults.front();
    at_vault += fault.point == kVault && fault.hit < 3;
  }
  EXPECT_GT(at_vault, kRounds * 3 / 4);
  EXPECT_LT(at_vault, kRounds);
}

TEST_F(SurroundingsTest, WithoutARunFaultsAreAnywhere) {
  int at_vault = 0;
  for (int round = 0; round < kRounds; ++round) {
    Scenario changed = scenario_;
    if (!MutateFaults(recipe_, nullptr, random_, changed)) continue;
    at_vault += changed.faults.front().point == kVault;
  }
  EXPECT_GT(at_vault, kRounds / 3);
  EXPECT_LT(at_vault, kRounds * 2 / 3);
}

TEST_F(SurroundingsTest, MostWaitsEndAroundADeadline) {
  constexpr uint64_t kAfterMs = 12'345;
  run_.BeginStep(kNoHandle);
  run_.BeginStep(kNoHandle);
  run_.SetDeadline(ScenarioClock::kStartMs + kAfterMs);
  int near = 0;
  for (int round = 0; round < kRounds; ++round) {
    Scenario changed = scenario_;
    ASSERT_TRUE(MutateAdvances(&run_, random_, changed));
    const ClockAdvance& wait = changed.advances.front();
    const bool is_near = wait.ms >= kAfterMs - 1 && wait.ms <= kAfterMs + 1;
    EXPECT_TRUE(!is_near || wait.before > 1);
    near += is_near;
  }
  EXPECT_GT(near, kRounds / 2);
  EXPECT_LT(near, kRounds);
}

TEST_F(SurroundingsTest, WaitsCountWhatWasWaitedBefore) {
  run_.BeginStep(kNoHandle);
  run_.SetDeadline(ScenarioClock::kStartMs + 50'000);
  scenario_.advances = {{0, 40'123}};
  bool reached = false;
  for (int round = 0; round < kRounds; ++round) {
    Scenario changed = scenario_;
    MutateAdvances(&run_, random_, changed);
    reached |= changed.advances.size() == 2 &&
               changed.advances[1].ms == 50'000 - 40'123;
  }
  EXPECT_TRUE(reached);
}

TEST_F(SurroundingsTest, SwitchesNeedTasks) {
  EXPECT_FALSE(MutateSchedule(recipe_, nullptr, false, random_, scenario_));
  scenario_.strategy = 1;
  EXPECT_TRUE(MutateSchedule(recipe_, nullptr, false, random_, scenario_));
  EXPECT_FALSE(scenario_.switches.empty());
}

// A list becomes a draw and a draw a list, and never are there both.
TEST_F(SurroundingsTest, SchedulesAreListedOrDrawn) {
  scenario_.strategy = 1;
  run_.set_yields(100);
  std::set<DrawnBy> seen;
  for (int round = 0; round < kRounds; ++round) {
    MutateSchedule(recipe_, &run_, true, random_, scenario_);
    const Draw& draw = scenario_.draw;
    EXPECT_TRUE(!draw || scenario_.switches.empty());
    if (draw.by == DrawnBy::kPriorities) {
      EXPECT_EQ(draw.yields(), 128u);
    }
    if (!scenario_.switches.empty() || draw) seen.insert(draw.by);
  }
  EXPECT_EQ(seen.size(), 3u);
}

TEST_F(SurroundingsTest, SwitchesAreAtYieldPointsThatTheRunReached) {
  scenario_.strategy = 1;
  run_.set_yields(7);
  bool last_reached = false;
  for (int round = 0; round < kRounds; ++round) {
    Scenario changed = scenario_;
    ASSERT_TRUE(MutateSchedule(recipe_, &run_, false, random_, changed));
    for (const Switch& entry : changed.switches) {
      EXPECT_LT(entry.yield, 7);
      EXPECT_LT(entry.task, 3);
      last_reached |= entry.yield == 6;
    }
  }
  EXPECT_TRUE(last_reached);
}

}  // namespace
}  // namespace formfuzz
