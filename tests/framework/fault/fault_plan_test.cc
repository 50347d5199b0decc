// SPDX-License-Identifier: Apache-2.0
// A plan fires the named point at the named hit, and at no other.
#include "framework/fault/fault_plan.h"

#include <gtest/gtest.h>

#include "framework/base/check.h"

namespace formfuzz {
namespace {

constexpr std::string_view kRead = "disk.read";
constexpr std::string_view kWrite = "disk.write";

class FaultPlanTest : public testing::Test {
 protected:
  FaultPlanTest() { plan_.SetPoints({"disk.read", "disk.write"}); }

  // 'x' for each hit that fires.
  static std::string Fired(FaultPoint& point, int hits) {
    std::string fired;
    for (int i = 0; i < hits; ++i) fired += point.Hit() ? 'x' : '.';
    return fired;
  }

  FaultPlan plan_;
};

TEST_F(FaultPlanTest, FiresAtTheNthHitOnly) {
  FaultPoint read(plan_, kRead);
  for (uint8_t hit = 0; hit < 5; ++hit) {
    const std::vector<Fault> faults = {{0, FaultKind::kError, hit, 0}};
    plan_.Begin(faults);
    std::string expected = ".......";
    expected[hit] = 'x';
    EXPECT_EQ(Fired(read, 7), expected);
    EXPECT_EQ(plan_.fired(), 1u);
  }
}

TEST_F(FaultPlanTest, CountsEachPointForItself) {
  FaultPoint read(plan_, kRead);
  FaultPoint write(plan_, kWrite);
  const std::vector<Fault> faults = {{1, FaultKind::kError, 1, 0},
                                     {0, FaultKind::kError, 2, 0}};
  plan_.Begin(faults);
  EXPECT_EQ(read.Hit(), nullptr);
  EXPECT_EQ(write.Hit(), nullptr);
  EXPECT_EQ(write.Hit(), &faults[0]);
  EXPECT_EQ(read.Hit(), nullptr);
  EXPECT_EQ(read.Hit(), &faults[1]);
  EXPECT_EQ(plan_.fired(), 2u);
}

TEST_F(FaultPlanTest, TwoObjectsAtOnePointShareItsHits) {
  FaultPoint one(plan_, kRead);
  FaultPoint other(plan_, kRead);
  const std::vector<Fault> faults = {{0, FaultKind::kError, 1, 0}};
  plan_.Begin(faults);
  EXPECT_EQ(one.Hit(), nullptr);
  EXPECT_NE(other.Hit(), nullptr);
}

TEST_F(FaultPlanTest, HandsOverKindAndParameter) {
  FaultPoint read(plan_, kRead, CanDo(FaultKind::kAfterwards));
  const std::vector<Fault> faults = {{0, FaultKind::kAfterwards, 0, 512},
                                     {0, FaultKind::kError, 1, 7}};
  plan_.Begin(faults);
  const Fault* first = read.Hit();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->kind, FaultKind::kAfterwards);
  EXPECT_EQ(first->parameter, 512);
  const Fault* second = read.Hit();
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->kind, FaultKind::kError);
  EXPECT_EQ(second->parameter, 7);
}

TEST_F(FaultPlanTest, ForgetsTheHitsOfTheRunBefore) {
  FaultPoint read(plan_, kRead);
  const std::vector<Fault> faults = {{0, FaultKind::kError, 2, 0}};
  for (int run = 0; run < 3; ++run) {
    plan_.Begin(faults);
    EXPECT_EQ(plan_.fired(), 0u);
    EXPECT_EQ(Fired(read, 4), "..x.") << run;
  }
}

TEST_F(FaultPlanTest, FiresNothingWithoutFaults) {
  FaultPoint read(plan_, kRead);
  EXPECT_EQ(Fired(read, 3), "...");  // before any run
  const std::vector<Fault> none;
  plan_.Begin(none);
  EXPECT_EQ(Fired(read, 300), std::string(300, '.'));
  FaultPoint nowhere;
  EXPECT_EQ(nowhere.Hit(), nullptr);
}

TEST_F(FaultPlanTest, FiresNothingBetweenEndAndBegin) {
  FaultPoint read(plan_, kRead);
  std::vector<Fault> always(1);
  always[0].trigger = FaultTrigger::kFrom;
  plan_.Begin(always);
  EXPECT_EQ(Fired(read, 2), "xx");
  plan_.End();
  EXPECT_EQ(Fired(read, 2), "..");
  plan_.Begin(always);
  EXPECT_EQ(Fired(read, 2), "xx");
}

TEST_F(FaultPlanTest, KnowsAPointByItsText) {
  const std::string other_address = "disk.write";
  EXPECT_EQ(plan_.PointNamed(kWrite), 1);
  EXPECT_EQ(plan_.PointNamed(other_address), 1);
  EXPECT_EQ(plan_.PointNamed(kRead), 0);
}

using FaultPlanDeathTest = FaultPlanTest;

TEST_F(FaultPlanDeathTest, APointThatIsNotDeclaredBreaksTheHarness) {
  EXPECT_EXIT(FaultPoint(plan_, "disk.seek"),
              testing::ExitedWithCode(kHarnessBrokenExit), "does not declare");
}

TEST_F(FaultPlanDeathTest, MorePointsThanTheLimitBreakTheHarness) {
  plan_.SetPoints(std::vector<std::string>(kFaultPointsMax, "p"));
  EXPECT_EXIT(
      plan_.SetPoints(std::vector<std::string>(kFaultPointsMax + 1, "p")),
      testing::ExitedWithCode(kHarnessBrokenExit), "64 fault points");
}

}  // namespace
}  // namespace formfuzz
