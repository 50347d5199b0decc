// SPDX-License-Identifier: Apache-2.0
// A cursor over the sorted switches.
#include "framework/schedule/search/switch_policy.h"

#include <algorithm>
#include <limits>

namespace formfuzz {

void SwitchPolicy::Follow(std::span<const Switch> switches) {
  switches_.clear();
  for (const Switch& entry : switches) {
    const auto place =
        std::upper_bound(switches_.begin(), switches_.end(), entry.yield,
                         [](uint16_t yield, const Switch& other) {
                           return yield < other.yield;
                         });
    switches_.insert(place, entry);
  }
  next_ = 0;
}

uint8_t SwitchPolicy::Choose(const Choice& choice) {
  uint8_t chosen = choice.usual;
  for (; next_ < switches_.size(); ++next_) {
    const Switch& entry = switches_[next_];
    if (entry.yield > choice.yield) break;
    if (entry.yield == choice.yield && choice.IsReady(entry.task)) {
      chosen = entry.task;
    }
  }
  return chosen;
}

uint32_t SwitchPolicy::AskAgainAt(uint32_t now) const {
  while (next_ < switches_.size() && switches_[next_].yield < now) ++next_;
  return next_ < switches_.size() ? switches_[next_].yield
                                  : std::numeric_limits<uint32_t>::max();
}

}  // namespace formfuzz
