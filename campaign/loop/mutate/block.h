// SPDX-License-Identifier: Apache-2.0
// Pieces of inputs: where a piece lies, and putting bytes in and taking them
// out without leaving the bounds.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_BLOCK_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_BLOCK_H_

#include <algorithm>
#include <bit>

#include "campaign/loop/mutate/mutator.h"

namespace formfuzz::campaign {

struct Block {
  size_t at = 0;
  size_t size = 0;
};

// Uniform up to a bound that is itself a random power of two: up to 32 mostly,
// else inputs grow long before they have grown to be different; now and then up
// to 4,096.
inline size_t BlockSize(Random& random, size_t size_max) {
  constexpr size_t kLongEvery = 16;
  const size_t powers_max = random.OneIn(kLongEvery) ? 13 : 6;
  const auto powers = static_cast<size_t>(std::bit_width(size_max));
  const size_t bound = size_t{1} << random.Below(std::min(powers, powers_max));
  return std::min(size_max, 1 + random.Below(bound));
}

// Of an input of `size` > 0 bytes.
inline Block RandomBlock(Random& random, size_t size) {
  const size_t length = BlockSize(random, size);
  return {random.Below(size - length + 1), length};
}

inline void InsertBytes(InputBytes& input, size_t at, Bytes bytes) {
  input.insert(input.begin() + static_cast<ptrdiff_t>(at), bytes.begin(),
               bytes.end());
}

inline void EraseBlock(InputBytes& input, Block block) {
  const auto first = input.begin() + static_cast<ptrdiff_t>(block.at);
  input.erase(first, first + static_cast<ptrdiff_t>(block.size));
}

// Puts `bytes` where `block` was, as many as there is room for.
inline void ReplaceBlock(InputBytes& input, Block block, Bytes bytes,
                         size_t size_max) {
  EraseBlock(input, block);
  const size_t room = size_max > input.size() ? size_max - input.size() : 0;
  InsertBytes(input, block.at, bytes.first(std::min(room, bytes.size())));
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_BLOCK_H_
