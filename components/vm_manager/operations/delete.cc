// SPDX-License-Identifier: Apache-2.0
// Removing a stopped VM with all that hangs on it: snapshots, grants, offer and
// the owner's usage.
#include "components/vm_manager/state/quota.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Apply(Call& call, const DeleteVm& erase) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, erase.vm, &vm);
  if (code != Code::kOk) return code;
  if (vm->state != VmState::kStopped) return Code::kWrongState;
  if (!InStep(*vm) || !Acted(*vm, with_.hypervisor->Undefine(vm->id))) {
    return Code::kHypervisorFailed;
  }
  if (!Commit(call, {EraseVm{vm->id}})) {
    BringBack(*vm);
    return Code::kStoreFailed;
  }
  Release(&accounts_.Find(vm->owner)->usage, CostOf(vm->shape));
  if (vm->offer) offers_.Remove(vm->id, vm->offer->expires_ms);
  vms_.Remove(vm->id);
  return Code::kOk;
}

}  // namespace vm_manager
