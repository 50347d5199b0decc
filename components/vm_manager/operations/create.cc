// SPDX-License-Identifier: Apache-2.0
// Making a VM. Ids are used once, even when the creation fails half-way, so
// that a domain left behind can never be taken for another VM's.
#include <utility>

#include "components/vm_manager/reconcile.h"
#include "components/vm_manager/state/quota.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {
namespace {

std::unique_ptr<VmRecord> MakeRecord(const CreateVm& create,
                                     const std::string& owner,
                                     const std::string& host) {
  auto vm = std::make_unique<VmRecord>();
  vm->name = create.name;
  vm->owner = owner;
  vm->shape = create.shape;
  vm->host = host;
  vm->image = create.image;
  vm->user_data = create.user_data;
  vm->networks.reserve(create.networks.size());
  for (std::string_view network : create.networks) {
    vm->networks.emplace_back(network);
  }
  return vm;
}

}  // namespace

Code VmManager::Apply(Call& call, const CreateVm& create) {
  const AccountRecord& owner = call.signer->record;
  if (vms_.FindByName(owner.id, create.name) != nullptr) {
    return Code::kAlreadyExists;
  }
  if (!Fits(owner.quota, call.signer->usage, CostOf(create.shape))) {
    return Code::kQuotaExceeded;
  }
  return Place(call, MakeRecord(create, owner.id, home_host_));
}

Code VmManager::Place(Call& call, std::unique_ptr<VmRecord> vm) {
  vm->id = progress_.next_vm++;
  if (!with_.hypervisor->Define(*vm).ok()) {
    Unmake(vm->id);
    return Code::kHypervisorFailed;
  }
  if (!Commit(call, {vm.get(), progress_})) {
    Unmake(vm->id);
    return Code::kStoreFailed;
  }
  call.vm = vm->id;
  Charge(&call.signer->usage, CostOf(vm->shape));
  vms_.Add(std::move(vm));
  return Code::kOk;
}

// A domain that stays behind has no record: Reconcile removes it.
void VmManager::Unmake(VmId vm) {
  if (!RemoveDomain(*with_.hypervisor, vm).ok()) out_of_step_.insert(vm);
}

}  // namespace vm_manager
