// SPDX-License-Identifier: Apache-2.0
// Every level holds the sums of sixteen of the level below, padded to whole
// nodes, so that no loop has to look for the end.
#include "campaign/loop/queue/sum_tree.h"

#include <utility>

namespace formfuzz::campaign {

void SumTree::Set(size_t slot, uint64_t weight) {
  if (slot >= levels_[0].size()) Grow(slot + 1);
  const uint64_t change = weight - levels_[0][slot];  // wraps, and back again
  for (std::vector<uint64_t>& level : levels_) {
    level[slot] += change;
    slot >>= kShift;
  }
  total_ += change;
}

size_t SumTree::Find(uint64_t point) const {
  size_t node = 0;
  for (size_t depth = levels_.size(); depth-- > 0;) {
    const uint64_t* child = &levels_[depth][node << kShift];
    size_t i = 0;
    while (point >= child[i]) point -= child[i++];
    node = (node << kShift) + i;
  }
  return node;
}

uint64_t SumTree::SumBefore(size_t slot) const {
  if (slot >= levels_[0].size()) return total_;
  uint64_t sum = 0;
  for (const std::vector<uint64_t>& level : levels_) {
    for (size_t i = slot & ~(kFan - 1); i < slot; ++i) {
      sum += level[i];
    }
    slot >>= kShift;
  }
  return sum;
}

void SumTree::Grow(size_t slots) {
  size_t size = kFan;
  while (size < slots) size *= 2;
  std::vector<uint64_t> leaves = std::move(levels_[0]);
  leaves.resize(size);
  levels_.clear();
  levels_.push_back(std::move(leaves));
  while (levels_.back().size() > kFan) {
    const std::vector<uint64_t>& below = levels_.back();
    const size_t nodes = (below.size() + kFan - 1) >> kShift;
    std::vector<uint64_t> sums((nodes + kFan - 1) & ~(kFan - 1));
    for (size_t i = 0; i < below.size(); ++i) sums[i >> kShift] += below[i];
    levels_.push_back(std::move(sums));
  }
}

}  // namespace formfuzz::campaign
