// SPDX-License-Identifier: Apache-2.0
// What operations ask first: may the signer touch this VM, may that account be
// acted upon, does the hypervisor agree with the record.
#include "components/vm_manager/reconcile.h"
#include "components/vm_manager/state/permission.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Reach(Call& call, VmId id, VmRecord** vm) {
  VmRecord* found = vms_.Find(id);
  if (found == nullptr) return Code::kNotFound;
  const Level level = LevelOf(call.signer->record, *found);
  // Other tenants' VMs do not exist for the signer.
  if (level == Level::kNone) return Code::kNotFound;
  call.vm = id;
  if (level < LevelNeeded(call.request->operation.index())) {
    return Code::kPermissionDenied;
  }
  *vm = found;
  return Code::kOk;
}

Code VmManager::Target(std::string_view id, AccountState** account) {
  AccountState* found = accounts_.Find(id);
  if (found == nullptr) return Code::kUnknownTarget;
  if (found->record.revoked) return Code::kRevokedTarget;
  *account = found;
  return Code::kOk;
}

bool VmManager::InStep(const VmRecord& vm) {
  if (!out_of_step_.contains(vm.id)) return true;
  if (!BringInStep(*with_.hypervisor, vm).ok()) return false;
  out_of_step_.erase(vm.id);
  return true;
}

bool VmManager::Acted(const VmRecord& vm, const absl::Status& status) {
  if (!status.ok()) BringBack(vm);
  return status.ok();
}

void VmManager::BringBack(const VmRecord& vm) {
  if (!BringInStep(*with_.hypervisor, vm).ok()) out_of_step_.insert(vm.id);
}

}  // namespace vm_manager
