// SPDX-License-Identifier: Apache-2.0
// Which offers end when, so that ending them costs nothing while none is due.
// It mirrors the `offer` of the VM records: one entry for each.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_OFFER_CALENDAR_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_OFFER_CALENDAR_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "components/vm_manager/code.h"

namespace vm_manager {

class OfferCalendar {
 public:
  void Add(VmId vm, int64_t expires_ms);
  // The entry must be there.
  void Remove(VmId vm, int64_t expires_ms);

  // A VM whose offer ends at or before now_ms, the earliest first; 0 if none.
  VmId NextDue(int64_t now_ms) const;

  size_t size() const { return entries_.size(); }

 private:
  // (expires_ms, vm), descending, so that the next one is at the back.
  std::vector<std::pair<int64_t, VmId>> entries_;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_OFFER_CALENDAR_H_
