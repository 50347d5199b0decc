// SPDX-License-Identifier: Apache-2.0
// The random source: same seed, same sequence; bounds are kept and reached.
#include "framework/base/random.h"

#include <gtest/gtest.h>

#include <array>

namespace formfuzz {
namespace {

TEST(RandomTest, GivesThePublishedSequence) {
  Random random(0);
  EXPECT_EQ(random.Next(), 0xe220a8397b1dcdafu);
  EXPECT_EQ(random.Next(), 0x6e789e6aa1b965f4u);
}

TEST(RandomTest, SameSeedMakesTheSameSequence) {
  Random one(42);
  Random other(42);
  Random different(43);
  int equal = 0;
  for (int i = 0; i < 1000; ++i) {
    const uint64_t number = one.Next();
    ASSERT_EQ(number, other.Next());
    equal += number == different.Next();
  }
  EXPECT_EQ(equal, 0);
}

TEST(RandomTest, StaysBelowItsBoundAndReachesAllOfIt) {
  Random random(1);
  for (const size_t bound : {1, 2, 3, 7, 64}) {
    std::array<int, 64> seen{};
    for (int i = 0; i < 10'000; ++i) {
      const size_t number = random.Below(bound);
      ASSERT_LT(number, bound);
      ++seen[number];
    }
    const int fair = 10'000 / static_cast<int>(bound);
    for (size_t i = 0; i < bound; ++i) {
      EXPECT_GT(seen[i], fair / 2) << i << " below " << bound;
      EXPECT_LT(seen[i], fair * 2) << i << " below " << bound;
    }
  }
}

TEST(RandomTest, BoundsMayBeAsLargeAsTheType) {
  Random random(2);
  size_t largest = 0;
  for (int i = 0; i < 1000; ++i) {
    const size_t number = random.Below(SIZE_MAX);
    ASSERT_LT(number, SIZE_MAX);
    largest = number > largest ? number : largest;
  }
  EXPECT_GT(largest, SIZE_MAX / 2);
}

TEST(RandomTest, OneInSaysYesThatOften) {
  Random random(3);
  int yes = 0;
  for (int i = 0; i < 80'000; ++i) yes += random.OneIn(8);
  EXPECT_NEAR(yes, 10'000, 500);
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(random.OneIn(1));
}

}  // namespace
}  // namespace formfuzz
