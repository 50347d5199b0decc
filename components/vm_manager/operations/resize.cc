// SPDX-License-Identifier: Apache-2.0
// Another shape for a stopped VM, and what a change of shape does to the
// owner's usage.
#include "components/vm_manager/request/arguments.h"
#include "components/vm_manager/state/quota.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Apply(Call& call, const ResizeVm& resize) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, resize.vm, &vm);
  if (code != Code::kOk) return code;
  if (vm->state != VmState::kStopped) return Code::kWrongState;
  if (!KeepsDisks(vm->shape, resize.shape)) return Code::kWrongState;
  const AccountState& owner = *accounts_.Find(vm->owner);
  if (!FitsChange(owner.record.quota, owner.usage, CostOf(vm->shape),
                  CostOf(resize.shape))) {
    return Code::kQuotaExceeded;
  }
  if (!InStep(*vm) ||
      !Acted(*vm, with_.hypervisor->Resize(vm->id, resize.shape))) {
    return Code::kHypervisorFailed;
  }
  return Reshape(call, vm, resize.shape, vm->state);
}

Code VmManager::Reshape(Call& call, VmRecord* vm, const Shape& shape,
                        VmState state) {
  const Shape shape_before = vm->shape;
  const VmState state_before = vm->state;
  vm->shape = shape;
  vm->state = state;
  if (!Commit(call, {vm})) {
    vm->shape = shape_before;
    vm->state = state_before;
    BringBack(*vm);
    return Code::kStoreFailed;
  }
  Resources& usage = accounts_.Find(vm->owner)->usage;
  Release(&usage, CostOf(shape_before));
  Charge(&usage, CostOf(vm->shape));
  return Code::kOk;
}

}  // namespace vm_manager
