// SPDX-License-Identifier: Apache-2.0
// Numbers and durations, read and written.

#include "cli/text/number_text.h"

#include <gtest/gtest.h>

#include <string>

namespace formfuzz::cli {
namespace {

TEST(NumberTextTest, SeparatesThousands) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1000), "1,000");
  EXPECT_EQ(WithCommas(123456), "123,456");
  EXPECT_EQ(WithCommas(18446744073709551615u), "18,446,744,073,709,551,615");
}

TEST(NumberTextTest, DurationsGrowCoarser) {
  EXPECT_EQ(DurationText(0), "0.0s");
  EXPECT_EQ(DurationText(9.46), "9.5s");
  EXPECT_EQ(DurationText(61.9), "61s");
  EXPECT_EQ(DurationText(601), "10m01s");
  EXPECT_EQ(DurationText(7260), "2h01m");
}

struct DurationCase {
  const char* name;
  const char* text;
  uint64_t ms;  // 0: refused
};

class DurationTest : public testing::TestWithParam<DurationCase> {};

TEST_P(DurationTest, IsReadExactlyOrRefused) {
  const auto ms = ParseDurationMs(GetParam().text);
  EXPECT_EQ(ms.ok(), GetParam().ms != 0) << GetParam().text;
  if (ms.ok()) {
    EXPECT_EQ(*ms, GetParam().ms);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rows, DurationTest,
    testing::Values(
        DurationCase{"Bare", "60", 60'000},
        DurationCase{"Seconds", "60s", 60'000},
        DurationCase{"Minutes", "5m", 300'000},
        DurationCase{"Hours", "2h", 7'200'000},
        DurationCase{"Day", "1d", 86'400'000},
        DurationCase{"Milliseconds", "500ms", 500},
        DurationCase{"AYear", "365d", 31'536'000'000},
        DurationCase{"Nothing", "", 0}, DurationCase{"Zero", "0", 0},
        DurationCase{"Negative", "-1s", 0}, DurationCase{"Fraction", "1.5h", 0},
        DurationCase{"UnitAlone", "s", 0}, DurationCase{"UnknownUnit", "3x", 0},
        DurationCase{"MoreThanAYear", "366d", 0},
        DurationCase{"Blank", "1 s", 0},
        DurationCase{"Overflow", "99999999999999999999", 0}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace formfuzz::cli
