// SPDX-License-Identifier: Apache-2.0
// Mutators that know nothing of the input but that it is bytes, and those that
// cross it with another.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_BYTE_MUTATORS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_BYTE_MUTATORS_H_

#include <array>
#include <cstdint>
#include <span>

#include "campaign/loop/mutate/mutator.h"

namespace formfuzz::campaign {

// Values at which code tends to change its mind: the bounds of signed and
// unsigned types and of common buffers, and their neighbours.
std::span<const int64_t> InterestingNumbers();
// Those that fit into so many bytes, signed or unsigned; 1, 2, 4 or 8.
std::span<const int64_t> InterestingNumbers(size_t bytes);

// How far arithmetic goes from the value that is there.
inline constexpr uint64_t kArithmeticMax = 35;

// Little- or big-endian, `width` at most 8.
uint64_t LoadNumber(const uint8_t* at, size_t width, bool big_endian);
void StoreNumber(uint8_t* at, size_t width, bool big_endian, uint64_t value);

// bit, byte, number, arithmetic, block copies, insertions, removals, ...
void AddByteMutators(Mutators* mutators);

// Pieces and tails of the other input.
void AddSpliceMutators(Mutators* mutators);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_BYTE_MUTATORS_H_
