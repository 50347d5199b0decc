// SPDX-License-Identifier: Apache-2.0
// Byte mutations for where there is no engine, and beside one.
#include "framework/input/mutation.h"

#include <algorithm>
#include <cstring>

namespace formfuzz {
namespace {

void Overwrite(Random& random, uint8_t* bytes, size_t size) {
  if (size == 0) return;
  uint8_t& byte = bytes[random.Below(size)];
  if (random.OneIn(2)) {
    byte = static_cast<uint8_t>(byte ^ (1u << random.Below(8)));
  } else {
    byte = static_cast<uint8_t>(random.Next());
  }
}

size_t Insert(Random& random, uint8_t* bytes, size_t size, size_t size_max) {
  if (size >= size_max) return size;
  const size_t count = 1 + random.Below(std::min<size_t>(8, size_max - size));
  const size_t at = random.Below(size + 1);
  std::memmove(bytes + at + count, bytes + at, size - at);
  for (size_t i = 0; i < count; ++i) {
    bytes[at + i] = static_cast<uint8_t>(random.Next());
  }
  return size + count;
}

size_t Remove(Random& random, uint8_t* bytes, size_t size) {
  if (size == 0) return 0;
  const size_t at = random.Below(size);
  const size_t count = 1 + random.Below(size - at);
  std::memmove(bytes + at, bytes + at + count, size - at - count);
  return size - count;
}

size_t Repeat(Random& random, uint8_t* bytes, size_t size, size_t size_max) {
  if (size == 0) return 0;
  const size_t from = random.Below(size);
  const size_t to = random.Below(size + 1);
  const size_t count = std::min(size - from, size_max - to);
  std::memmove(bytes + to, bytes + from, count);
  return std::max(size, to + count);
}

}  // namespace

size_t Mutation::MutateBytes(uint8_t* bytes, size_t size, size_t size_min,
                             size_t size_max) {
  if (size_max == 0) return 0;
  size_t mutated = size;
  if (engine_ != nullptr && !random_->OneIn(4)) {
    mutated = engine_(bytes, size, size_max);
  } else {
    switch (random_->Below(size_min == size_max ? 1 : 4)) {
      case 0:
        Overwrite(*random_, bytes, size);
        break;
      case 1:
        mutated = Insert(*random_, bytes, size, size_max);
        break;
      case 2:
        mutated = Remove(*random_, bytes, size);
        break;
      default:
        mutated = Repeat(*random_, bytes, size, size_max);
        break;
    }
  }
  if (mutated < size_min) {
    std::memset(bytes + mutated, 0, size_min - mutated);
    mutated = size_min;
  }
  return mutated;
}

}  // namespace formfuzz
