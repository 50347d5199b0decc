// SPDX-License-Identifier: Apache-2.0
// The laws of every scheduler, and what each prefers.
#include "campaign/loop/queue/scheduler.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "campaign/loop/queue/sum_tree.h"
#include "tests/campaign/loop/row_name.h"

namespace formfuzz::campaign {
namespace {

Entry MakeEntry(EntryId id) {
  Entry entry;
  entry.id = id;
  entry.size = 100 + id % 7;
  entry.coverage_score = id % 3;
  entry.run_ns = 1000 + 100 * (id % 5);
  entry.favoured = id % 2 == 0;
  entry.features = {id, id + 1, id + 2};
  return entry;
}

TEST(SumTreeTest, AgreesWithALinearScan) {
  SumTree tree;
  Random random(7);
  std::vector<uint64_t> weights(1000);
  for (int round = 0; round < 3000; ++round) {
    const size_t slot = random.Below(weights.size());
    weights[slot] = random.OneIn(4) ? 0 : random.Below(1000);
    tree.Set(slot, weights[slot]);
    uint64_t total = 0;
    for (const uint64_t weight : weights) total += weight;
    ASSERT_EQ(tree.total(), total);
    if (total == 0) continue;
    const uint64_t point = random.Below(total);
    const size_t found = tree.Find(point);
    const uint64_t before = tree.SumBefore(found);
    ASSERT_LE(before, point);
    ASSERT_LT(point, before + weights[found]);
  }
}

TEST(SumTreeTest, SumsEverythingBeforeASlotPastTheEnd) {
  SumTree tree;
  tree.Set(3, 5);
  EXPECT_EQ(tree.SumBefore(3), 0u);
  EXPECT_EQ(tree.SumBefore(4), 5u);
  EXPECT_EQ(tree.SumBefore(100'000), 5u);
}

class SchedulerLaws : public testing::TestWithParam<std::string_view> {
 protected:
  SchedulerLaws() : scheduler_(*MakeScheduler(GetParam(), counts_)) {}
  std::map<EntryId, int> PickMany(int picks, uint64_t seed = 1) {
    std::map<EntryId, int> picked;
    Random random(seed);
    for (int i = 0; i < picks; ++i) ++picked[scheduler_->Pick(random)];
    return picked;
  }

  FeatureCounts counts_;
  std::unique_ptr<Scheduler> scheduler_;
};

TEST_P(SchedulerLaws, KnowsItsName) {
  EXPECT_EQ(scheduler_->name(), GetParam());
}

TEST_P(SchedulerLaws, PicksEverythingInTheLongRun) {
  for (EntryId id = 0; id < 50; ++id) scheduler_->Add(MakeEntry(id));
  EXPECT_EQ(PickMany(20'000).size(), 50u);
}

TEST_P(SchedulerLaws, NeverPicksWhatWasRemoved) {
  for (EntryId id = 0; id < 50; ++id) scheduler_->Add(MakeEntry(id));
  for (EntryId id = 0; id < 50; id += 3) scheduler_->Remove(id);
  EXPECT_EQ(scheduler_->size(), 33u);
  for (const auto& [id, count] : PickMany(5000)) EXPECT_NE(id % 3, 0u);
}

TEST_P(SchedulerLaws, TakesAnIdAgainOnceItIsFree) {
  scheduler_->Add(MakeEntry(0));
  scheduler_->Add(MakeEntry(1));
  scheduler_->Remove(0);
  scheduler_->Add(MakeEntry(0));
  EXPECT_EQ(scheduler_->size(), 2u);
  EXPECT_EQ(PickMany(2000).size(), 2u);
}

TEST_P(SchedulerLaws, PicksTheSameForTheSameSeed) {
  for (EntryId id = 0; id < 20; ++id) scheduler_->Add(MakeEntry(id));
  auto other = *MakeScheduler(GetParam(), counts_);
  for (EntryId id = 0; id < 20; ++id) other->Add(MakeEntry(id));
  Random a(5);
  Random b(5);
  for (int i = 0; i < 500; ++i) {
    ASSERT_EQ(scheduler_->Pick(a), other->Pick(b));
  }
}

TEST_P(SchedulerLaws, SurvivesUpdatesWithExtremeNumbers) {
  for (EntryId id = 0; id < 10; ++id) {
    Entry entry = MakeEntry(id);
    scheduler_->Add(entry);
    entry.picks = UINT64_MAX / 2;
    entry.executions = UINT64_MAX / 2;
    entry.path_hits = UINT64_MAX / 2;
    entry.run_ns = id % 2 == 0 ? 0 : UINT64_MAX / 2;
    entry.coverage_score = 1e300;
    entry.depth = UINT32_MAX;
    scheduler_->Update(entry);
    EXPECT_GE(scheduler_->Energy(entry), 1u);
    EXPECT_LE(scheduler_->Energy(entry), 1u << 16);
  }
  for (const auto& [id, count] : PickMany(1000)) EXPECT_LT(id, 10u);
}

INSTANTIATE_TEST_SUITE_P(Every, SchedulerLaws,
                         testing::ValuesIn(SchedulerNames().begin(),
                                           SchedulerNames().end()),
                         [](const auto& row) { return RowName(row.param); });

TEST(SchedulerTest, RoundRobinTakesTurns) {
  const FeatureCounts counts;
  auto scheduler = *MakeScheduler("round-robin", counts);
  for (EntryId id = 0; id < 40; ++id) scheduler->Add(MakeEntry(id));
  Random random(1);
  for (int round = 0; round < 3; ++round) {
    for (EntryId id = 0; id < 40; ++id) ASSERT_EQ(scheduler->Pick(random), id);
  }
}

int SharePicked(std::string_view kind, const FeatureCounts& counts,
                const Entry& preferred, const Entry& other) {
  auto scheduler = *MakeScheduler(kind, counts);
  scheduler->Add(preferred);
  scheduler->Add(other);
  scheduler->Update(preferred);
  scheduler->Update(other);
  Random random(3);
  int picked = 0;
  for (int i = 0; i < 2000; ++i) {
    picked += scheduler->Pick(random) == preferred.id ? 1 : 0;
  }
  return picked;
}

TEST(SchedulerTest, WeightedPrefersSmallCoveringUnrunFavoured) {
  const FeatureCounts counts;
  Entry good = MakeEntry(0);
  Entry poor = MakeEntry(1);
  good.favoured = true;
  good.coverage_score = 8;
  poor.favoured = false;
  poor.coverage_score = 1;
  poor.size = 5000;
  poor.executions = 1000;
  EXPECT_GT(SharePicked("weighted", counts, good, poor), 1900);
}

TEST(SchedulerTest, FastPrefersPathsTakenSeldom) {
  const FeatureCounts counts;
  Entry seldom = MakeEntry(0);
  Entry often = MakeEntry(2);
  often.size = seldom.size;
  often.run_ns = seldom.run_ns;
  often.path_hits = 1 << 30;
  EXPECT_GT(SharePicked("fast", counts, seldom, often), 1700);
  const int even = SharePicked("explore", counts, seldom, often);
  EXPECT_GT(even, 800);
  EXPECT_LT(even, 1200);
}

TEST(SchedulerTest, RareAndEntropicPreferWhatFewExecutionsShow) {
  FeatureCounts counts;
  const std::vector<Feature> common = {1, 2, 3};
  const std::vector<Feature> rare = {1, 2, 9};
  for (int i = 0; i < 10'000; ++i) counts.Count(common);
  for (int i = 0; i < 300; ++i) counts.Count(rare);
  Entry of_rare = MakeEntry(0);
  Entry of_common = MakeEntry(2);
  of_rare.features = rare;
  of_common.features = common;
  of_common.run_ns = of_rare.run_ns;
  EXPECT_GT(SharePicked("rare", counts, of_rare, of_common), 1400);
  EXPECT_GT(SharePicked("entropic", counts, of_rare, of_common), 1100);
}

TEST(SchedulerTest, NamesThoseThatThereAre) {
  const FeatureCounts counts;
  const auto made = MakeScheduler("lifo", counts);
  EXPECT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_NE(made.status().message().find("entropic"), std::string::npos);
}

}  // namespace
}  // namespace formfuzz::campaign
