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
  out_of_step_.clear();
  for (VmId id : *domains) {
    if (vms_.Find(id) != nullptr) continue;
    if (!RemoveDomain(*with_.hypervisor, id).ok()) out_of_step_.insert(id);
  }
  for (const VmRecord* vm : vms_.in_order()) BringBack(*vm);
  return out_of_step_.empty() ? Code::kOk : Code::kHypervisorFailed;
}

}  // namespace vm_manager
