// SPDX-License-Identifier: Apache-2.0
// The pseudo-random source of every mutator: SplitMix64, seeded by whoever
// owns the run, the same sequence on every machine.
#ifndef FORMFUZZ_FRAMEWORK_BASE_RANDOM_H_
#define FORMFUZZ_FRAMEWORK_BASE_RANDOM_H_

#include <cstddef>
#include <cstdint>

#include "framework/base/digest.h"

namespace formfuzz {

class Random {
 public:
  explicit constexpr Random(uint64_t seed) : state_(seed) {}

  constexpr uint64_t Next() { return Mix(state_ += 0x9e3779b97f4a7c15); }

  // Uniform in [0, bound) up to a bias below 2^-32; `bound` > 0.
  constexpr size_t Below(size_t bound) {
    __extension__ using Wide = unsigned __int128;
    return static_cast<size_t>((static_cast<Wide>(Next()) * bound) >> 64);
  }

  // True once in `n` calls on average; `n` > 0.
  constexpr bool OneIn(size_t n) { return Below(n) == 0; }

 private:
  uint64_t state_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_RANDOM_H_
