// SPDX-License-Identifier: Apache-2.0
// A sorted vector, the next offer to end at its back.
#include "components/vm_manager/state/offer_calendar.h"

#include <algorithm>
#include <functional>

namespace vm_manager {

void OfferCalendar::Add(VmId vm, int64_t expires_ms) {
  const std::pair<int64_t, VmId> entry(expires_ms, vm);
  entries_.insert(std::lower_bound(entries_.begin(), entries_.end(), entry,
                                   std::greater<>()),
                  entry);
}

void OfferCalendar::Remove(VmId vm, int64_t expires_ms) {
  entries_.erase(std::lower_bound(entries_.begin(), entries_.end(),
                                  std::make_pair(expires_ms, vm),
                                  std::greater<>()));
}

VmId OfferCalendar::NextDue(int64_t now_ms) const {
  if (entries_.empty() || entries_.back().first > now_ms) return 0;
  return entries_.back().second;
}

}  // namespace vm_manager
