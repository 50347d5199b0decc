// SPDX-License-Identifier: Apache-2.0
// Which mutator is tried next: those that lately made inputs worth keeping are
// drawn more often (the idea of MOpt: Lyu et al., USENIX Security 2019), none
// ever less than a floor, and what was learnt long ago fades.
//
// Deterministic: depends on what it was told and the Random alone.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_YIELD_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_YIELD_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "framework/base/random.h"

namespace formfuzz::campaign {

class YieldSelector {
 public:
  // Of `count` > 0 ways, equally likely at first.
  explicit YieldSelector(size_t count);

  size_t Pick(Random& random) const {
    return wheel_[random.Below(wheel_.size())];
  }
  void Used(size_t way) { ++ways_[way].uses; }
  void Yielded(size_t way) { ++ways_[way].yields; }

  // Takes in what was counted since it was called last.
  void Adapt();
  // The chance that Pick gives it, in [0, 1].
  double Share(size_t way) const;

 private:
  struct Way {
    double uses = 0;
    double yields = 0;
    double rate = 0;
  };
  void FillWheel();

  std::vector<Way> ways_;
  std::vector<uint16_t> wheel_;  // each way as often as it is likely
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_YIELD_H_
