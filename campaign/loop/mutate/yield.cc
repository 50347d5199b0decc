// SPDX-License-Identifier: Apache-2.0
// Rates are yields a use, smoothed; the wheel has a floor for every way.
#include "campaign/loop/mutate/yield.h"

#include <algorithm>

namespace formfuzz::campaign {
namespace {

constexpr size_t kWheelPerWay = 32;
constexpr size_t kFloorPerWay = 8;  // of those 32 on average
constexpr double kKept = 0.75;      // of what was counted before
// Uses without knowing better: one yield in so many is taken for granted.
constexpr double kPriorUses = 2000;

}  // namespace

YieldSelector::YieldSelector(size_t count) : ways_(count) { FillWheel(); }

void YieldSelector::Adapt() {
  double uses = kPriorUses;
  double yields = 1;
  for (const Way& way : ways_) {
    uses += way.uses;
    yields += way.yields;
  }
  const double prior = yields / uses;
  for (Way& way : ways_) {
    way.rate = (way.yields + prior * kPriorUses) / (way.uses + kPriorUses);
    way.uses *= kKept;
    way.yields *= kKept;
  }
  FillWheel();
}

void YieldSelector::FillWheel() {
  double sum = 0;
  for (const Way& way : ways_) sum += way.rate;
  const double shared =
      static_cast<double>(ways_.size() * (kWheelPerWay - kFloorPerWay));
  wheel_.clear();
  for (size_t i = 0; i < ways_.size(); ++i) {
    const double share =
        sum > 0 ? ways_[i].rate / sum : 1 / static_cast<double>(ways_.size());
    const size_t places = kFloorPerWay + static_cast<size_t>(share * shared);
    wheel_.insert(wheel_.end(), places, static_cast<uint16_t>(i));
  }
}

double YieldSelector::Share(size_t way) const {
  const auto places = std::count(wheel_.begin(), wheel_.end(), way);
  return static_cast<double>(places) / static_cast<double>(wheel_.size());
}

}  // namespace formfuzz::campaign
