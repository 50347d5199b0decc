// SPDX-License-Identifier: Apache-2.0
// At which hits each trigger fires, and what each kind does to whom.
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "framework/fault/fault_plan.h"

namespace formfuzz {
namespace {

constexpr std::string_view kWrite = "disk.write";

class FaultTriggerTest : public testing::Test {
 protected:
  FaultTriggerTest() {
    plan_.SetPoints({"disk.write", "disk.read"});
    plan_.SetScopes({"outer", "Recover"});
  }
  ~FaultTriggerTest() override { plan_.End(); }

  // 'x' for each of the hits of disk.write that fires.
  std::string Fired(Fault fault, int hits, FaultKinds kinds = CanDo()) {
    faults_ = {fault};
    plan_.Begin(faults_);
    FaultPoint point(plan_, kWrite, kinds);
    std::string fired;
    for (int i = 0; i < hits; ++i) fired += point.Hit() ? 'x' : '.';
    return fired;
  }
  static Fault On(FaultTrigger trigger, uint16_t hit, uint16_t parameter = 0) {
    return {0, FaultKind::kError, hit, parameter, trigger};
  }

  FaultPlan plan_;
  std::vector<Fault> faults_;
};

TEST_F(FaultTriggerTest, AtFiresOnceHoweverOftenThePointIsReached) {
  const std::string fired = Fired(On(FaultTrigger::kAt, 2), 70'000);
  EXPECT_EQ(std::count(fired.begin(), fired.end(), 'x'), 1);
  EXPECT_EQ(fired[2], 'x');
}

TEST_F(FaultTriggerTest, AtReachesFarHits) {
  const std::string fired = Fired(On(FaultTrigger::kAt, kFaultHitMax), 20'000);
  EXPECT_EQ(fired.find('x'), size_t{kFaultHitMax});
}

TEST_F(FaultTriggerTest, FromFiresEverAfter) {
  EXPECT_EQ(Fired(On(FaultTrigger::kFrom, 3), 7), "...xxxx");
}

TEST_F(FaultTriggerTest, EveryFiresInTurn) {
  EXPECT_EQ(Fired(On(FaultTrigger::kEvery, 0), 4), "xxxx");
  EXPECT_EQ(Fired(On(FaultTrigger::kEvery, 2), 9), "..x..x..x");
}

TEST_F(FaultTriggerTest, ChanceIsDrawnFromTheEntryAlone) {
  const std::string once = Fired(On(FaultTrigger::kChance, 63, 5), 4096);
  EXPECT_EQ(Fired(On(FaultTrigger::kChance, 63, 5), 4096), once);
  EXPECT_NE(Fired(On(FaultTrigger::kChance, 63, 6), 4096), once);
  const auto fired = std::count(once.begin(), once.end(), 'x');
  EXPECT_GT(fired, 4096 / 5);
  EXPECT_LT(fired, 4096 / 3);
  EXPECT_EQ(Fired(On(FaultTrigger::kChance, 255), 9), "xxxxxxxxx");
}

TEST_F(FaultTriggerTest, EachStackFiresOnceForEachPlace) {
  const auto hit_thrice = [&](uint16_t from) {
    faults_ = {On(FaultTrigger::kEachStack, from)};
    plan_.Begin(faults_);
    FaultPoint point(plan_, kWrite);
    std::string fired;
#ifdef __clang__
#pragma clang loop unroll(disable)  // unrolled calls would be six places
#endif
    for (int i = 0; i < 3; ++i) {
      fired += point.Hit() ? 'x' : '.';
      fired += point.Hit() ? 'x' : '.';
    }
    return fired;
  };
  EXPECT_EQ(hit_thrice(0), "xx....");
  EXPECT_EQ(hit_thrice(1), ".x....");
  EXPECT_EQ(hit_thrice(2), "......");
}

[[gnu::noinline]] bool Recover(FaultPoint& point) {
  const bool fired = point.Hit() != nullptr;
  asm volatile("" ::: "memory");  // no tail call
  return fired;
}

[[gnu::noinline]] bool Play(FaultPlan& plan, FaultPoint& point, bool cuts) {
  std::optional<StackCut> cut;
  if (cuts) cut.emplace(plan, __builtin_frame_address(0));
  return Recover(point);
}

TEST_F(FaultTriggerTest, WhoCalledOutsideOfACutIsNotLookedAt) {
  const auto from_three_places = [&](bool cuts) {
    faults_ = {On(FaultTrigger::kEachStack, 0)};
    plan_.Begin(faults_);
    FaultPoint point(plan_, kWrite);
    std::string fired;
    fired += Play(plan_, point, cuts) ? 'x' : '.';
    fired += Play(plan_, point, cuts) ? 'x' : '.';
    fired += Recover(point) ? 'x' : '.';
    return fired;
  };
  EXPECT_EQ(from_three_places(false), "xxx");
  EXPECT_EQ(from_three_places(true), "x.x");
}

TEST_F(FaultTriggerTest, AScopeConfinesToWhatIsBelowAMarkOrAFunction) {
  for (const uint8_t scope : {uint8_t{1}, uint8_t{2}}) {
    Fault fault = On(FaultTrigger::kEvery, 0);
    fault.scope = scope;
    faults_ = {fault};
    plan_.Begin(faults_);
    FaultPoint point(plan_, kWrite);
    EXPECT_EQ(point.Hit(), nullptr);
    EXPECT_EQ(Recover(point), scope == 2);
    {
      const FaultScope other("other");
      EXPECT_EQ(point.Hit(), nullptr);
      const FaultScope outer("outer");
      EXPECT_EQ(point.Hit() != nullptr, scope == 1);
    }
    EXPECT_EQ(point.Hit(), nullptr);
  }
}

TEST_F(FaultTriggerTest, WhatAPointCannotDoIsAnError) {
  for (size_t kind = 0; kind < kFaultKinds; ++kind) {
    faults_ = {{0, static_cast<FaultKind>(kind), 0, 7}};
    plan_.Begin(faults_);
    FaultPoint point(plan_, kWrite);
    const FaultShown shown = point.Show();
    EXPECT_TRUE(shown.Is(FaultKind::kError)) << kind;
    EXPECT_EQ(shown.parameter(), 7);
  }
}

TEST_F(FaultTriggerTest, WhatAPointCanDoIsShownAsItIs) {
  for (const FaultKind kind :
       {FaultKind::kAfterwards, FaultKind::kShort, FaultKind::kCorrupt,
        FaultKind::kDuplicate, FaultKind::kDrop}) {
    faults_ = {{0, kind, 0, 0}};
    plan_.Begin(faults_);
    FaultPoint point(plan_, kWrite, CanDo(kind));
    EXPECT_TRUE(point.Show().Is(kind));
  }
}

TEST_F(FaultTriggerTest, ADelayPassesInTheScenariosTime) {
  uint64_t now_ms = 100;
  plan_.SetDelay(&now_ms, [](void* clock, uint64_t ms) {
    *static_cast<uint64_t*>(clock) += ms;
  });
  faults_ = {{0, FaultKind::kDelay, 1, 2500}};
  plan_.Begin(faults_);
  FaultPoint point(plan_, kWrite, CanDo(FaultKind::kDelay));
  EXPECT_FALSE(point.Show());
  EXPECT_EQ(now_ms, 100u);
  EXPECT_FALSE(point.Show());
  EXPECT_EQ(now_ms, 2600u);
  EXPECT_EQ(plan_.fired(), 1u);
}

TEST_F(FaultTriggerTest, AnExceptionIsThrownAndRemembered) {
  faults_ = {{0, FaultKind::kException, 0, 0}};
  plan_.Begin(faults_);
  FaultPoint point(plan_, kWrite, CanDo(FaultKind::kException));
  EXPECT_FALSE(plan_.TakeThrown());
  EXPECT_THROW(point.Hit(), FaultThrown);
  EXPECT_TRUE(plan_.TakeThrown());
  EXPECT_FALSE(plan_.TakeThrown());
}

TEST_F(FaultTriggerTest, NothingFiresWhileFaultsArePaused) {
  faults_ = {On(FaultTrigger::kEvery, 0)};
  plan_.Begin(faults_);
  FaultPoint point(plan_, kWrite);
  {
    const FaultsPaused paused(plan_);
    EXPECT_FALSE(point.Show());
    EXPECT_FALSE(ShowFault("disk.write", CanDo()));
  }
  EXPECT_TRUE(point.Show());
}

TEST_F(FaultTriggerTest, CountsHitsWithoutFaultsWhereAsked) {
  plan_.set_counting(true);
  plan_.Begin(faults_);
  FaultPoint point(plan_, kWrite, CanDo(FaultKind::kShort));
  for (int i = 0; i < 300; ++i) EXPECT_FALSE(point.Show());
  EXPECT_FALSE(ShowFault("disk.read", CanDo(), 4));
  EXPECT_EQ(plan_.hits(0), 300u);
  EXPECT_EQ(plan_.hits(1), 1u);
  EXPECT_EQ(plan_.kinds(0), CanDo(FaultKind::kShort));
  EXPECT_EQ(plan_.variants(1), 4u);
  plan_.Begin(faults_);
  EXPECT_EQ(plan_.hits(0), 0u);
}

TEST(FaultShownTest, AShortTransferIsShorter) {
  for (const uint32_t parameter : {0u, 1u, 32768u, 65535u}) {
    const FaultShown shown(FaultKind::kShort, static_cast<uint16_t>(parameter));
    for (const size_t size : {size_t{1}, size_t{2}, size_t{4096}}) {
      EXPECT_LT(shown.short_of(size), size);
    }
    EXPECT_EQ(shown.short_of(65536), parameter);
  }
}

TEST(FaultShownTest, CorruptionChangesOneBit) {
  for (uint16_t parameter = 0; parameter < 100; ++parameter) {
    unsigned char data[4] = {1, 2, 3, 4};
    FaultShown(FaultKind::kCorrupt, parameter).Corrupt(data, sizeof data);
    int changed = 0;
    for (unsigned i = 0; i < 4; ++i) {
      changed += __builtin_popcount(data[i] ^ (i + 1u));
    }
    EXPECT_EQ(changed, 1);
  }
}

}  // namespace
}  // namespace formfuzz
