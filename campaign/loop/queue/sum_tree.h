// SPDX-License-Identifier: Apache-2.0
// Weighted choice over slots 0, 1, 2, ...: setting a weight, drawing a slot
// and the sum before a slot all take O(log n), with sixteen children a node,
// so that a million slots are five levels of two cache lines each.
//
// Weights are integers, so sums never drift however often they change. The
// sum of all must stay below 2^64: with a million slots each may be 2^44.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_QUEUE_SUM_TREE_H_
#define FORMFUZZ_CAMPAIGN_LOOP_QUEUE_SUM_TREE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace formfuzz::campaign {

class SumTree {
 public:
  SumTree() : levels_(1) {}

  // Grows as needed; a new slot weighs nothing.
  void Set(size_t slot, uint64_t weight);
  uint64_t Get(size_t slot) const {
    return slot < levels_[0].size() ? levels_[0][slot] : 0;
  }
  uint64_t total() const { return levels_.back().empty() ? 0 : total_; }

  // The slot whose share of [0, total()) `point` lies in; `point` < total().
  size_t Find(uint64_t point) const;
  // What the slots before `slot` weigh together.
  uint64_t SumBefore(size_t slot) const;

 private:
  static constexpr size_t kShift = 4;
  static constexpr size_t kFan = size_t{1} << kShift;

  void Grow(size_t slots);

  std::vector<std::vector<uint64_t>> levels_;  // leaves first
  uint64_t total_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_QUEUE_SUM_TREE_H_
