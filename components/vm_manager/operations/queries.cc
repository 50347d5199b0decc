// SPDX-License-Identifier: Apache-2.0
// Get and list. Their nonce is made durable first, so that an answer is given
// once for one signed request.
#include "components/vm_manager/state/permission.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Apply(Call& call, const GetVm& get) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, get.vm, &vm);
  if (code != Code::kOk) return code;
  if (!Commit(call, {})) return Code::kStoreFailed;
  if (call.answer != nullptr) call.answer->vm = *vm;
  return Code::kOk;
}

Code VmManager::Apply(Call& call, const ListVms&) {
  if (!Commit(call, {})) return Code::kStoreFailed;
  if (call.answer == nullptr) return Code::kOk;
  call.answer->vms.clear();
  for (const VmRecord* vm : vms_.in_order()) {
    if (LevelOf(call.signer->record, *vm) == Level::kNone) continue;
    call.answer->vms.push_back(vm->id);
  }
  return Code::kOk;
}

}  // namespace vm_manager
