// SPDX-License-Identifier: Apache-2.0
// What is shown and what is hidden, feature by feature.
#include "framework/engine/features/feature_filter.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

class FeatureFilterTest : public testing::Test {
 protected:
  // A run that takes these edges and sets one state's counter.
  void Cover(std::initializer_list<size_t> edges, uint8_t state) {
    edges_.fill(0);
    states_.fill(0);
    for (const size_t edge : edges) edges_[edge] = 1;
    states_[5] = state;
  }
  bool IsShown() const {
    const auto set = [](uint8_t byte) { return byte != 0; };
    return std::any_of(edges_.begin(), edges_.end(), set) ||
           std::any_of(states_.begin(), states_.end(), set);
  }
  bool Shows(std::initializer_list<size_t> edges, uint8_t state = 0,
             bool shorter = false) {
    Cover(edges, state);
    filter_.Filter(shorter);
    return IsShown();
  }
  void ShowOften(std::initializer_list<size_t> edges, uint8_t state = 0) {
    for (int i = 0; i < FeatureFilter::kRareShowings; ++i) {
      Cover(edges, state);
      filter_.Show();
    }
  }

  std::array<uint8_t, 43> edges_{};  // no multiple of a vector's size
  std::array<uint8_t, 11> states_{};
  FeatureFilter filter_{edges_, states_};
};

TEST_F(FeatureFilterTest, ShowsAFeatureUntilItIsCommon) {
  for (int i = 0; i < FeatureFilter::kRareShowings; ++i) {
    EXPECT_TRUE(Shows({1, 40}));
  }
  EXPECT_FALSE(Shows({1, 40}));
  EXPECT_FALSE(Shows({1}));
}

TEST_F(FeatureFilterTest, ShowsAllOfARunWithOneRareEdge) {
  ShowOften({1, 2});
  ASSERT_FALSE(Shows({1, 2}));
  EXPECT_TRUE(Shows({1, 2, 42}));
  EXPECT_EQ(edges_[1], 1);
}

TEST_F(FeatureFilterTest, TellsEightStatesOfACounterApart) {
  const uint8_t first_of_each_range[] = {1, 2, 3, 4, 8, 16, 32, 128};
  for (const uint8_t state : first_of_each_range) {
    EXPECT_TRUE(Shows({}, state)) << int{state};
    ShowOften({}, state);
    EXPECT_FALSE(Shows({}, state)) << int{state};
  }
  EXPECT_FALSE(Shows({}, 127));  // of the same range as 32
}

TEST_F(FeatureFilterTest, ShowsWhatMayReplaceALongerInput) {
  ShowOften({1}, 1);
  EXPECT_FALSE(Shows({1}, 1, false));
  EXPECT_TRUE(Shows({1}, 1, true));
}

TEST_F(FeatureFilterTest, LeavesAloneWhatTheEngineAskedFor) {
  ShowOften({1}, 1);
  Cover({1}, 1);
  filter_.Show();
  EXPECT_TRUE(IsShown());
}

}  // namespace
}  // namespace formfuzz
