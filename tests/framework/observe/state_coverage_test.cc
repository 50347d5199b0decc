// SPDX-License-Identifier: Apache-2.0
// New states count once, and show in the engine's counters.
#include "framework/observe/state_coverage.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace formfuzz {
namespace {

TEST(StateCoverageTest, CountsEveryStateOnce) {
  StateCoverage coverage;
  EXPECT_EQ(coverage.distinct(), 0u);
  for (int round = 0; round < 3; ++round) {
    for (uint64_t state = 0; state < 100; ++state) coverage.Visit(state);
  }
  EXPECT_EQ(coverage.distinct(), 100u);
}

TEST(StateCoverageTest, MissesFewOfManyStates) {
  StateCoverage coverage;
  for (uint64_t state = 0; state < 20'000; ++state) coverage.Visit(state);
  EXPECT_LE(coverage.distinct(), 20'000u);
  EXPECT_GE(coverage.distinct(), 19'600u);
}

TEST(StateCoverageTest, SetsTheEnginesCounterOfAState) {
  std::array<uint8_t, 64> counters{};
  StateCoverage coverage(counters);
  coverage.Visit(12345);
  EXPECT_EQ(std::count(counters.begin(), counters.end(), 0), 63);
  const auto first = counters;
  coverage.Visit(12345);
  EXPECT_EQ(counters, first) << "how often must not matter";
  counters.fill(0);  // as the engine does between runs
  coverage.Visit(12345);
  EXPECT_EQ(counters, first) << "a state keeps its counter";
}

TEST(StateCoverageTest, ForgetsEdgesAndKeepsStates) {
  std::array<uint8_t, 64> counters{};
  std::array<uint8_t, 8> edges{1, 0, 255, 3};
  StateCoverage coverage(counters, edges);
  coverage.Visit(12345);
  coverage.ForgetEdges();
  EXPECT_EQ(edges, (std::array<uint8_t, 8>{}));
  EXPECT_EQ(std::count(counters.begin(), counters.end(), 0), 63);
}

TEST(StateCoverageTest, SpreadsNeighboursOverTheCounters) {
  std::array<uint8_t, 512> counters{};
  StateCoverage coverage(counters);
  for (uint64_t state = 0; state < 4096; ++state) coverage.Visit(state);
  EXPECT_LE(std::count(counters.begin(), counters.end(), 0), 12);
}

TEST(StateCoverageTest, ShowsStatesInEveryRangeThatEnginesTellApart) {
  std::array<uint8_t, 1> counter{};
  StateCoverage coverage(counter);
  std::set<uint8_t> values;
  for (uint64_t state = 0; state < 200; ++state) {
    coverage.Visit(state);
    values.insert(counter[0]);
  }
  EXPECT_EQ(values, (std::set<uint8_t>{1, 2, 3, 4, 8, 16, 32, 128}));
}

}  // namespace
}  // namespace formfuzz
