// SPDX-License-Identifier: Apache-2.0
// The whole at first, then halves of what could not be changed, largest first.
#include "campaign/loop/compare/colour.h"

#include <algorithm>
#include <queue>

#include "campaign/loop/mutate/block.h"

namespace formfuzz::campaign {
namespace {

struct Smaller {
  bool operator()(const Block& a, const Block& b) const {
    return a.size != b.size ? a.size < b.size : a.at > b.at;
  }
};

// Another one of first..last.
uint8_t OtherOf(Random& random, uint8_t now, int first, int last) {
  const int count = last - first + 1;
  const int step = 1 + static_cast<int>(random.Below(count - 1));
  return static_cast<uint8_t>(first + (now - first + step) % count);
}

uint8_t OtherLike(Random& random, uint8_t now) {
  if (now >= '0' && now <= '9') return OtherOf(random, now, '0', '9');
  if (now >= 'a' && now <= 'z') return OtherOf(random, now, 'a', 'z');
  if (now >= 'A' && now <= 'Z') return OtherOf(random, now, 'A', 'Z');
  return OtherOf(random, now, 0, 255);
}

}  // namespace

void Colour(Random& random, size_t tries, const DoesTheSame& same,
            InputBytes& input) {
  std::priority_queue<Block, std::vector<Block>, Smaller> left;
  if (!input.empty()) left.push({0, input.size()});
  for (size_t i = 0; i < tries && !left.empty(); ++i) {
    const Block block = left.top();
    left.pop();
    InputBytes changed = input;
    for (size_t at = block.at; at < block.at + block.size; ++at) {
      changed[at] = OtherLike(random, changed[at]);
    }
    if (same(changed)) {
      input = std::move(changed);
    } else if (block.size > 1) {
      const size_t half = block.size / 2;
      left.push({block.at, half});
      left.push({block.at + half, block.size - half});
    }
  }
}

}  // namespace formfuzz::campaign
