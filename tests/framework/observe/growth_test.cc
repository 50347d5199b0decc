// SPDX-License-Identifier: Apache-2.0
// Exponents of costs that are known, and silence where too little is.
#include "framework/observe/growth.h"

#include <gtest/gtest.h>

#include <vector>

namespace formfuzz {
namespace {

template <class Cost>
std::optional<double> ExponentOf(Cost cost, uint64_t size_max = 64) {
  std::vector<CostSample> samples;
  for (uint64_t size = 1; size <= size_max; ++size) {
    samples.push_back({size, cost(size)});
  }
  return GrowthExponent(samples);
}

TEST(GrowthTest, KnowsThePowersOfSize) {
  EXPECT_NEAR(*ExponentOf([](uint64_t) { return uint64_t{100}; }), 0, 1e-9);
  EXPECT_NEAR(*ExponentOf([](uint64_t n) { return 7 * n; }), 1, 1e-9);
  EXPECT_NEAR(*ExponentOf([](uint64_t n) { return 3 * n * n; }), 2, 1e-9);
  EXPECT_NEAR(*ExponentOf([](uint64_t n) { return n * n * n; }), 3, 1e-9);
}

TEST(GrowthTest, AFixedPartMakesItLookFlatterNeverSteeper) {
  const auto exponent =
      ExponentOf([](uint64_t n) { return uint64_t{5000} + 10 * n * n; });
  EXPECT_GT(*exponent, 0);
  EXPECT_LT(*exponent, 2);
}

TEST(GrowthTest, SaysNothingOfTooLittle) {
  const auto square = [](uint64_t n) { return n * n; };
  EXPECT_FALSE(ExponentOf(square, 4).has_value()) << "too few";
  EXPECT_FALSE(ExponentOf(square, 7).has_value()) << "too narrow";
  EXPECT_TRUE(ExponentOf(square, 8).has_value());
  EXPECT_FALSE(ExponentOf([](uint64_t) { return uint64_t{0}; }).has_value());
  EXPECT_FALSE(GrowthExponent({}).has_value());
}

}  // namespace
}  // namespace formfuzz
