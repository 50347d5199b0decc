// SPDX-License-Identifier: Apache-2.0
// How cost grows with size: the exponent of the power law that fits best.
//
// Wants counted costs, not times: nothing here smooths noise away. A cost with
// a fixed part looks flatter than it is, so a steep one is truly steep.
#ifndef FORMFUZZ_FRAMEWORK_OBSERVE_GROWTH_H_
#define FORMFUZZ_FRAMEWORK_OBSERVE_GROWTH_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace formfuzz {

struct CostSample {
  uint64_t size;
  uint64_t cost;
};

inline constexpr size_t kGrowthSamplesMin = 5;
// Sizes must differ by this much before anything is said about growth.
inline constexpr uint64_t kGrowthSpanMin = 8;

// Of samples with a size and a cost above 0. None if they are too few, or of
// too similar sizes. 1 is linear; by least squares on logarithms.
inline std::optional<double> GrowthExponent(
    std::span<const CostSample> samples) {
  double count = 0, x_sum = 0, y_sum = 0, xx_sum = 0, xy_sum = 0;
  uint64_t smallest = ~uint64_t{0}, largest = 0;
  for (const CostSample& sample : samples) {
    if (sample.size == 0 || sample.cost == 0) continue;
    const double x = std::log2(static_cast<double>(sample.size));
    const double y = std::log2(static_cast<double>(sample.cost));
    ++count;
    x_sum += x;
    y_sum += y;
    xx_sum += x * x;
    xy_sum += x * y;
    smallest = std::min(smallest, sample.size);
    largest = std::max(largest, sample.size);
  }
  if (count < static_cast<double>(kGrowthSamplesMin)) return std::nullopt;
  if (largest / smallest < kGrowthSpanMin) return std::nullopt;
  const double spread = count * xx_sum - x_sum * x_sum;
  return (count * xy_sum - x_sum * y_sum) / spread;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_OBSERVE_GROWTH_H_
