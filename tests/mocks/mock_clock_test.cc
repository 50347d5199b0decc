// SPDX-License-Identifier: Apache-2.0
// The mock clock has no time of its own.
#include "mocks/mock_clock.h"

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

struct Source {
  uint64_t now_ms = 7;
  uint64_t NowMs() const { return now_ms; }
};

TEST(MockClockTest, SaysWhatItsSourceSays) {
  Source source;
  MockClock clock(source);
  EXPECT_EQ(clock.NowMs(), 7);
  EXPECT_EQ(clock.NowMs(), 7);
  source.now_ms = 3;
  EXPECT_EQ(clock.NowMs(), 3);
}

}  // namespace
}  // namespace formfuzz
