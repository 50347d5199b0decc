// SPDX-License-Identifier: Apache-2.0
// One of two policies, and a list.
#include "framework/schedule/search/drawn_policy.h"

#include <limits>

namespace formfuzz {

void DrawnPolicy::Begin() {
  taken_.clear();
  listed_all_ = true;
  priorities_.reset();
  walk_.reset();
  if (draw_.by == DrawnBy::kPriorities) {
    priorities_.emplace(draw_.seed, draw_.depth, draw_.yields());
    priorities_->Begin();
  } else {
    walk_.emplace(draw_.seed);
  }
}

uint8_t DrawnPolicy::Choose(const Choice& choice) {
  const uint8_t chosen =
      priorities_ ? priorities_->Choose(choice) : walk_->Choose(choice);
  if (chosen == choice.usual) return chosen;
  listed_all_ = listed_all_ && taken_.size() < kSwitchesMax &&
                choice.yield <= std::numeric_limits<uint16_t>::max();
  if (listed_all_) {
    taken_.push_back({static_cast<uint16_t>(choice.yield), chosen});
  }
  return chosen;
}

}  // namespace formfuzz
