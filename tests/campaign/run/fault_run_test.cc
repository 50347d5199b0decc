// SPDX-License-Identifier: Apache-2.0
// What a replay binary counted, read strictly.

#include "campaign/run/fault_run.h"

#include <gtest/gtest.h>

namespace formfuzz::campaign {
namespace {

constexpr char kCounts[] =
    R"({"inputs": 2, "points": 3, "calls": 40, "executions": 50,
        "left_out": 6, "findings": 1, "unrepeated": 7,
        "harness_broken": 8})";

TEST(FaultRunTest, ReadsWhatWasCounted) {
  const auto result = ReadFaultCounts(kCounts);
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->inputs, 2u);
  EXPECT_EQ(result->points, 3u);
  EXPECT_EQ(result->calls, 40u);
  EXPECT_EQ(result->executions, 50u);
  EXPECT_EQ(result->left_out, 6u);
  EXPECT_EQ(result->unrepeated, 7u);
  EXPECT_EQ(result->harness_broken, 8u);
  EXPECT_TRUE(result->findings.empty());
}

TEST(FaultRunTest, AnythingElseIsNoResult) {
  for (const char* bad : {"", "{", "[]", "{}", R"({"inputs": 1})",
                          R"({"inputs": -1, "points": 3, "calls": 4,
                              "executions": 5, "left_out": 6,
                              "unrepeated": 7,
                              "harness_broken": 0})"}) {
    const auto result = ReadFaultCounts(bad);
    EXPECT_EQ(result.status().code(), absl::StatusCode::kDataLoss) << bad;
  }
}

}  // namespace
}  // namespace formfuzz::campaign
