// SPDX-License-Identifier: Apache-2.0
// Ending the offers whose time is over, one commit each: a store that fails
// half-way leaves whole offers, ended or not.
#include <utility>

#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::ExpireOffers(size_t* ended) {
  MutexLock lock(mutex_);
  const int64_t now_ms = Now();
  size_t count = 0;
  Code code = Code::kOk;
  for (VmId due = offers_.NextDue(now_ms); due != 0;
       due = offers_.NextDue(now_ms)) {
    if (!EndOffer(vms_.Find(due))) {
      code = Code::kStoreFailed;
      break;
    }
    ++count;
  }
  if (ended != nullptr) *ended = count;
  return code;
}

bool VmManager::EndOffer(VmRecord* vm) {
  std::optional<Offer> offer = std::exchange(vm->offer, std::nullopt);
  const Change change = vm;
  if (!with_.store->Commit({&change, 1}).ok()) {
    vm->offer = std::move(offer);
    return false;
  }
  offers_.Remove(vm->id, offer->expires_ms);
  return true;
}

}  // namespace vm_manager
