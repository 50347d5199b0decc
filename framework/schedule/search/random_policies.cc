// SPDX-License-Identifier: Apache-2.0
// A fair pick among ready tasks, and priorities that change now and then.
#include "framework/schedule/search/random_policies.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace formfuzz {

uint8_t RandomWalk::Choose(const Choice& choice) {
  uint32_t left = choice.ready;
  for (size_t skip = random_.Below(static_cast<size_t>(std::popcount(left)));
       skip > 0; --skip) {
    left &= left - 1;
  }
  return static_cast<uint8_t>(std::countr_zero(left));
}

PriorityPolicy::PriorityPolicy(uint64_t seed, size_t depth, uint32_t yields)
    : random_(seed),
      depth_(std::clamp<size_t>(depth, 1, kDepthMax)),
      yields_(std::max<uint32_t>(yields, 1)) {}

// Priorities from depth up; below it is where changes put them.
void PriorityPolicy::Begin() {
  for (size_t i = 0; i < priorities_.size(); ++i) {
    priorities_[i] = static_cast<uint32_t>(depth_ + i);
    std::swap(priorities_[i], priorities_[random_.Below(i + 1)]);
  }
  for (size_t i = 0; i + 1 < depth_; ++i) {
    changes_[i] = static_cast<uint32_t>(random_.Below(yields_));
  }
}

uint8_t PriorityPolicy::Choose(const Choice& choice) {
  for (size_t i = 0; i + 1 < depth_; ++i) {
    if (changes_[i] == choice.yield) {
      priorities_[choice.current] = static_cast<uint32_t>(i);
    }
  }
  uint8_t highest = choice.usual;
  for (uint32_t left = choice.ready; left != 0; left &= left - 1) {
    const auto task = static_cast<uint8_t>(std::countr_zero(left));
    if (priorities_[task] > priorities_[highest]) highest = task;
  }
  return highest;
}

}  // namespace formfuzz
