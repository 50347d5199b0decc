// SPDX-License-Identifier: Apache-2.0
// Agreement of the whole hypervisor with the records, after a crash or when it
// was out of reach. The records are right: they are what was acknowledged.
#include "components/vm_manager/reconcile.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Reconcile() {
  MutexLock lock(mutex_);
  auto domains = with_.hypervisor->List();
  if (!domains.ok()) return Code::kHypervisorFailed;
  bool agreed = true;
  for (VmId id : *domains) {
    if (vms_.Find(id) != nullptr) continue;
    agreed &= RemoveDomain(*with_.hypervisor, id).ok();
  }
  for (const VmRecord* vm : vms_.in_order()) {
    out_of_step_.erase(vm->id);
    BringBack(*vm);
  }
  return agreed && out_of_step_.empty() ? Code::kOk : Code::kHypervisorFailed;
}

}  // namespace vm_manager
