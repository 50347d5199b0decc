// SPDX-License-Identifier: Apache-2.0
// What most runs take is taken away, after a while; what few take never is.
#include "framework/observe/settled_edges.h"

#include <gtest/gtest.h>

#include <array>

namespace formfuzz {
namespace {

constexpr size_t kAlways = 0;
constexpr size_t kOften = 1;   // in one of seven runs
constexpr size_t kRarely = 2;  // in one of nine
constexpr size_t kNever = 3;
constexpr uint64_t kWatchesFirst = 1024 + 128;

constexpr size_t kEdges = 4;
using Counters = std::array<uint8_t, kEdges>;

// Those of the run with that number, as the compiler's code counts.
Counters Play(uint64_t number) {
  return {200, static_cast<uint8_t>(number % 7 == 0 ? 3 : 0),
          static_cast<uint8_t>(number % 9 == 0 ? 2 : 0), 0};
}

Counters Stripped(SettledEdges& settled, uint64_t number) {
  Counters counters = Play(number);
  settled.Strip(counters);
  return counters;
}

// What is left of each edge, of a run in which all but kNever are taken.
Counters LeftAfter(uint64_t runs) {
  SettledEdges settled(kEdges);
  for (uint64_t number = 1; number <= runs; ++number) Stripped(settled, number);
  return Stripped(settled, 0);
}

TEST(SettledEdgesTest, LeavesAtFirstWhetherAnEdgeWasTaken) {
  SettledEdges settled(kEdges);
  for (uint64_t number = 1; number <= kWatchesFirst; ++number) {
    const Counters run = Play(number);
    const Counters left = Stripped(settled, number);
    for (size_t edge = 0; edge < run.size(); ++edge) {
      ASSERT_EQ(left[edge], run[edge] != 0) << number << ", edge " << edge;
    }
  }
}

TEST(SettledEdgesTest, TakesAwayWhatManyOfTheWatchedRunsTook) {
  const Counters left = LeftAfter(kWatchesFirst);
  EXPECT_EQ(left[kAlways], 0);
  EXPECT_EQ(left[kOften], 0);
  EXPECT_EQ(left[kRarely], 1);
  EXPECT_EQ(left[kNever], 0);
}

TEST(SettledEdgesTest, NeverTakesAwayWhatFewTake) {
  EXPECT_EQ(LeftAfter(100'000)[kRarely], 1);
}

TEST(SettledEdgesTest, WatchesAgainAndAgain) {
  // Common only when runs have been watched for the second time.
  SettledEdges settled(1);
  std::array<uint8_t, 1> counters{};
  for (uint64_t number = 1; number <= 2048; ++number) {
    counters[0] = 0;
    settled.Strip(counters);
  }
  for (uint64_t number = 1; number <= 128; ++number) {
    counters[0] = 1;
    settled.Strip(counters);
    EXPECT_EQ(counters[0], 1) << number;
  }
  counters[0] = 1;
  settled.Strip(counters);
  EXPECT_EQ(counters[0], 0);
}

}  // namespace
}  // namespace formfuzz
