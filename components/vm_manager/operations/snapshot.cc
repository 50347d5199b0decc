// SPDX-License-Identifier: Apache-2.0
// Taking snapshots and going back to them. A revert changes the machine, and
// with its shape what the owner is charged; who owns it and who may use it are
// no part of a snapshot.
#include <algorithm>

#include "components/vm_manager/state/quota.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {
namespace {

const Snapshot* FindSnapshot(const VmRecord& vm, std::string_view name) {
  const auto found = std::find_if(
      vm.snapshots.begin(), vm.snapshots.end(),
      [name](const Snapshot& snapshot) { return snapshot.name == name; });
  return found == vm.snapshots.end() ? nullptr : &*found;
}

}  // namespace

Code VmManager::Apply(Call& call, const SnapshotVm& snapshot) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, snapshot.vm, &vm);
  if (code != Code::kOk) return code;
  if (FindSnapshot(*vm, snapshot.name) != nullptr) return Code::kAlreadyExists;
  if (vm->snapshots.size() >= kSnapshotsMax) return Code::kTooMany;
  if (!InStep(*vm) ||
      !Acted(*vm, with_.hypervisor->TakeSnapshot(vm->id, snapshot.name))) {
    return Code::kHypervisorFailed;
  }
  vm->snapshots.push_back({std::string(snapshot.name), vm->state, vm->shape});
  if (Commit(call, {vm})) return Code::kOk;
  vm->snapshots.pop_back();
  BringBack(*vm);
  return Code::kStoreFailed;
}

Code VmManager::Apply(Call& call, const RevertVm& revert) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, revert.vm, &vm);
  if (code != Code::kOk) return code;
  const Snapshot* snapshot = FindSnapshot(*vm, revert.name);
  if (snapshot == nullptr) return Code::kNoSnapshot;
  const AccountState& owner = *accounts_.Find(vm->owner);
  if (!FitsChange(owner.record.quota, owner.usage, CostOf(vm->shape),
                  CostOf(snapshot->shape))) {
    return Code::kQuotaExceeded;
  }
  if (!InStep(*vm) ||
      !Acted(*vm, with_.hypervisor->Revert(vm->id, *snapshot))) {
    return Code::kHypervisorFailed;
  }
  return Reshape(call, vm, snapshot->shape, snapshot->state);
}

}  // namespace vm_manager
