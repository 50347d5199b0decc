// SPDX-License-Identifier: Apache-2.0
// The laws of every feedback, and what each sees.
#include "campaign/loop/feedback/feedback.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "campaign/loop/feedback/edges.h"
#include "framework/base/random.h"

namespace formfuzz::campaign {
namespace {

// An execution that owns what it shows.
struct Shown {
  std::vector<uint8_t> cells;
  std::string output;
  std::string errors;
  Execution execution;

  const Execution& Get() {
    execution.coverage = cells;
    execution.output = output;
    execution.errors = errors;
    return execution;
  }
};

Shown RandomShown(Random& random, size_t cells) {
  Shown shown;
  shown.cells.resize(cells);
  for (int i = 0; i < 20; ++i) {
    shown.cells[random.Below(cells)] = static_cast<uint8_t>(random.Next());
  }
  for (size_t i = random.Below(5); i > 0; --i) {
    shown.output += std::string(random.Below(20), 'x');
    shown.output += random.OneIn(2) ? "formfuzz state: 7\n" : " 12: a?\n";
  }
  shown.errors = random.OneIn(2) ? "" : "formfuzz state: other\n";
  shown.execution.code = static_cast<int>(random.Below(3));
  shown.execution.cpu_ns = random.Below(1 << 30);
  shown.execution.memory_peak_bytes = random.Below(1 << 30);
  return shown;
}

class FeedbackLaws : public testing::TestWithParam<const char*> {
 protected:
  static constexpr size_t kCells = 203;  // no multiple of a word
  FeedbackLaws() : set_(*FeedbackSet::Make(GetParam(), kCells)) {}
  FeedbackSet set_;
};

TEST_P(FeedbackLaws, IsFreshExactlyUntilItsFeaturesAreLearnt) {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    Shown shown = RandomShown(random, kCells);
    std::vector<Feature> features;
    set_.Features(shown.Get(), &features);
    const bool fresh =
        std::any_of(features.begin(), features.end(),
                    [&](Feature f) { return !set_.HasLearnt(f); });
    ASSERT_EQ(set_.Observe(shown.Get()).fresh, fresh) << round;
    if (random.OneIn(3)) continue;
    set_.Learn(features);
    ASSERT_FALSE(set_.Observe(shown.Get()).fresh);
  }
  EXPECT_GT(set_.learnt(), 0u);
}

TEST_P(FeedbackLaws, GivesSortedFeaturesThatDependOnTheExecutionAlone) {
  Random random(3);
  for (int round = 0; round < 50; ++round) {
    Shown shown = RandomShown(random, kCells);
    std::vector<Feature> first;
    std::vector<Feature> second;
    set_.Features(shown.Get(), &first);
    const uint64_t path = set_.Observe(shown.Get()).path;
    set_.Learn(first);
    Shown between = RandomShown(random, kCells);
    set_.Observe(between.Get());
    set_.Features(shown.Get(), &second);
    ASSERT_EQ(first, second);
    ASSERT_EQ(set_.Observe(shown.Get()).path, path);
    ASSERT_TRUE(std::is_sorted(first.begin(), first.end()));
    ASSERT_EQ(std::set<Feature>(first.begin(), first.end()).size(),
              first.size());
  }
}

TEST_P(FeedbackLaws, EstimatesWhatIsLeftFromWhatWasSeenOnce) {
  EXPECT_EQ(set_.Residual(), 1);
  Random random(4);
  Shown shown = RandomShown(random, kCells);
  shown.output = "formfuzz state: 1\n";
  shown.execution.cpu_ns = 1 << 28;
  shown.execution.memory_peak_bytes = 1 << 28;
  set_.Observe(shown.Get());
  EXPECT_GT(set_.Residual(), 0);
  for (int i = 0; i < 50; ++i) set_.Observe(shown.Get());
  EXPECT_EQ(set_.Residual(), 0);
}

INSTANTIATE_TEST_SUITE_P(Every, FeedbackLaws,
                         testing::Values("edges", "output", "time", "memory",
                                         "states", "edges,output,states"),
                         [](const auto& row) {
                           std::string name = row.param;
                           for (char& c : name) c = c == ',' ? '_' : c;
                           return name;
                         });

TEST(EdgeFeedbackTest, TellsHitCountsApartByClass) {
  EdgeFeedback edges(16);
  const auto fresh = [&](uint8_t count) {
    Shown shown;
    shown.cells.assign(16, 0);
    shown.cells[5] = count;
    const bool is_fresh = edges.Observe(shown.Get()).fresh;
    std::vector<Feature> features;
    edges.Features(shown.Get(), 0, &features);
    for (const Feature feature : features) edges.Learn(feature);
    return is_fresh;
  };
  for (const uint8_t first : {1, 2, 3, 4, 8, 16, 32, 128}) {
    EXPECT_TRUE(fresh(first)) << int{first};
  }
  for (int count = 1; count < 256; ++count) {
    EXPECT_FALSE(fresh(static_cast<uint8_t>(count))) << count;
  }
  EXPECT_EQ(edges.learnt(), 1u);
}

TEST(EdgeFeedbackTest, GrowsWithTheMap) {
  EdgeFeedback edges(0);
  Shown shown;
  shown.cells.assign(1000, 0);
  shown.cells[999] = 1;
  EXPECT_TRUE(edges.Observe(shown.Get()).fresh);
}

TEST(OutputFeedbackTest, SeesWordsButNotNumbers) {
  auto set = *FeedbackSet::Make("output", 0);
  const auto fresh = [&](const char* output) {
    Shown shown;
    shown.output = output;
    std::vector<Feature> features;
    const bool is_fresh = set.Observe(shown.Get()).fresh;
    set.Features(shown.Get(), &features);
    set.Learn(features);
    return is_fresh;
  };
  EXPECT_TRUE(fresh("PNG image, 12 x 40\n"));
  EXPECT_FALSE(fresh("PNG image, 7 x 999\n"));
  EXPECT_TRUE(fresh("GIF image, 7 x 999\n"));
  EXPECT_TRUE(fresh("ASCII text, with tabs\n"));
}

TEST(OutputFeedbackTest, StopsSeeingWordsOfAProgramThatEchoes) {
  auto set = *FeedbackSet::Make("output", 0);
  Random random(8);
  int fresh = 0;
  for (int i = 0; i < 20'000; ++i) {
    Shown shown;
    for (int k = 0; k < 8; ++k) {
      shown.output += static_cast<char>('a' + random.Below(26));
    }
    std::vector<Feature> features;
    fresh += set.Observe(shown.Get()).fresh ? 1 : 0;
    set.Features(shown.Get(), &features);
    set.Learn(features);
  }
  EXPECT_GT(fresh, 100);
  EXPECT_LT(fresh, 2000);
}

TEST(FeedbackSetTest, RefusesWhatItDoesNotKnow) {
  EXPECT_FALSE(FeedbackSet::Make("edges,nonsense", 1).ok());
  EXPECT_FALSE(FeedbackSet::Make("edges,edges", 1).ok());
  EXPECT_FALSE(FeedbackSet::Make("", 1).ok());
  EXPECT_EQ(FeedbackSet::Make("auto", 0)->parts()[0]->name(), "output");
}

}  // namespace
}  // namespace formfuzz::campaign
