// SPDX-License-Identifier: Apache-2.0
// Counters and goals come out of the file as a target put them in.
#include "campaign/run/live_stats.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

#include "framework/base/file.h"
#include "framework/finding/live_stats.h"

namespace formfuzz::campaign {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LiveStatsTest : public testing::Test {
 protected:
  LiveStatsTest() {
    live_.stats = {LiveStats::kMagic, 1, 2, 3, 4};
    live_.goals.count = 2;
    std::strcpy(live_.goals.names[0], "first");
    // Without the zero that ends a name.
    std::memset(live_.goals.names[1], 'n', LiveGoals::kNameBytes);
  }
  ~LiveStatsTest() override { std::remove(path_.c_str()); }

  void Write(size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(&live_), size);
    ASSERT_TRUE(WriteFileAtomically(path_, bytes).ok());
  }

  const std::string path_ =
      testing::TempDir() + "/live_stats_test-" + std::to_string(getpid());
  LiveFile live_{};
};

TEST_F(LiveStatsTest, ReadsGoals) {
  live_.goals.reached = 0b01;
  Write(sizeof live_);
  const GoalsSeen seen = ReadGoalsSeen(path_);
  const std::string longest(LiveGoals::kNameBytes, 'n');
  EXPECT_THAT(seen.names, ElementsAre("first", longest));
  EXPECT_THAT(seen.Unreached(), ElementsAre(longest));
  EXPECT_EQ(ReadLiveStats(path_).states, 3u);
}

TEST_F(LiveStatsTest, ReadsAFileWithoutGoals) {
  Write(sizeof live_.stats);
  EXPECT_EQ(ReadLiveStats(path_).executions, 1u);
  EXPECT_THAT(ReadGoalsSeen(path_).names, IsEmpty());
}

TEST_F(LiveStatsTest, BelievesNoMoreGoalsThanThereIsRoomFor) {
  live_.goals.count = 1 << 20;
  Write(sizeof live_);
  EXPECT_EQ(ReadGoalsSeen(path_).names.size(), LiveGoals::kMax);
}

TEST_F(LiveStatsTest, IgnoresWhatNoTargetWrote) {
  live_.stats.magic = 0;
  Write(sizeof live_);
  EXPECT_THAT(ReadGoalsSeen(path_).names, IsEmpty());
  EXPECT_THAT(ReadGoalsSeen("/proc/nope").names, IsEmpty());
}

TEST(GoalsSeenTest, WhatAnyProcessReachedIsReached) {
  GoalsSeen all;
  all.Add({{"first", "second", "third"}, 0b001});
  all.Add({});
  all.Add({{"first", "second", "third"}, 0b100});
  EXPECT_THAT(all.Unreached(), ElementsAre("second"));
}

}  // namespace
}  // namespace formfuzz::campaign
