// SPDX-License-Identifier: Apache-2.0
// The rules: each looks at one VM or account at a time, so a step costs the
// same however many there are.
#include <array>

#include "framework/base/text.h"
#include "harnesses/vm_management/argument_rules.h"
#include "harnesses/vm_management/subject.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

using vm_manager::VmRecord;

std::string Wrong(const VmRecord& vm, std::string_view what) {
  return Concat("VM ", vm.id, " (", vm.name, "): ", what);
}

bool HasSnapshots(const VmRecord& vm, const ModelVm& model) {
  if (vm.snapshots.size() != model.snapshots.size()) return false;
  for (size_t i = 0; i < vm.snapshots.size(); ++i) {
    const vm_manager::Snapshot& is = vm.snapshots[i];
    const ModelSnapshot& should = model.snapshots[i];
    if (is.name != should.name || is.state != should.state ||
        !(is.shape == should.shape)) {
      return false;
    }
  }
  return true;
}

bool HasOffer(const VmRecord& vm, const ModelVm& model) {
  if (vm.offer.has_value() != model.offered) return false;
  return !model.offered || (ActorIndex(vm.offer->from) == model.offer_from &&
                            ActorIndex(vm.offer->to) == model.offer_to &&
                            vm.offer->expires_ms == model.offer_expires_ms);
}

bool HasSnapshotNames(const vm_manager::Domain& domain, const VmRecord& vm) {
  if (domain.snapshots.size() != vm.snapshots.size()) return false;
  for (const vm_manager::Snapshot& snapshot : vm.snapshots) {
    const auto& names = domain.snapshots;
    if (std::find(names.begin(), names.end(), snapshot.name) == names.end()) {
      return false;
    }
  }
  return true;
}

}  // namespace

template <class Judge>
std::string VmManagement::OnWatched(const Judge& judge) const {
  if (model_.next_id() == 1) return {};
  const vm_manager::View view = manager_->Observe();
  std::string broken;
  if (touched_ != 0) broken = (this->*judge)(touched_, view);
  if (broken.empty() && other_ != touched_) {
    broken = (this->*judge)(other_, view);
  }
  return broken;
}

template <class Judge>
std::string VmManagement::OnAll(const Judge& judge) const {
  const vm_manager::View view = manager_->Observe();
  for (VmId id = 1; id < model_.next_id(); ++id) {
    std::string broken = (this->*judge)(id, view);
    if (!broken.empty()) return broken;
  }
  return {};
}

std::string VmManagement::OneOwnerPerVm() const {
  return OnWatched(&VmManagement::JudgeOwner);
}
std::string VmManagement::OnlyGrantsGivenStand() const {
  return OnWatched(&VmManagement::JudgeGrants);
}
std::string VmManagement::VmIsAsForetold() const {
  return OnWatched(&VmManagement::JudgeVm);
}
std::string VmManagement::StoreAgreesWithMemory() const {
  return OnWatched(&VmManagement::JudgeStored);
}
std::string VmManagement::HypervisorAgreesWithRecords() const {
  return OnWatched(&VmManagement::JudgeDomain);
}

std::string VmManagement::QuotaIsSumOfVms() const {
  const vm_manager::View view = manager_->Observe();
  std::string broken = JudgeUsage(actor_, view);
  const ModelVm* vm = model_.Find(touched_);
  if (broken.empty() && vm != nullptr && vm->owner != actor_) {
    broken = JudgeUsage(vm->owner, view);
  }
  return broken;
}

// The former owner's name for it must lead nowhere, or to another VM.
std::string VmManagement::JudgeOwner(VmId id,
                                     const vm_manager::View& view) const {
  const VmRecord* vm = view.FindVm(id);
  const ModelVm* model = model_.Find(id);
  if (vm == nullptr || model == nullptr) return {};
  if (vm->owner != kActorIds[model->owner]) {
    return Wrong(*vm, Concat("belongs to ", vm->owner, " and not to ",
                             kActorIds[model->owner]));
  }
  if (view.FindVm(vm->owner, vm->name) != vm) {
    return Wrong(*vm, "its owner does not find it");
  }
  for (const std::string_view other : kActorIds) {
    if (other != vm->owner && view.FindVm(other, vm->name) == vm) {
      return Wrong(*vm, Concat(other, " finds it as its own"));
    }
  }
  return {};
}

std::string VmManagement::JudgeUsage(size_t actor,
                                     const vm_manager::View& view) const {
  const vm_manager::AccountState* account = view.FindAccount(kActorIds[actor]);
  const ModelAccount& model = model_.account(actor);
  if ((account != nullptr) != model.exists) {
    return Concat(kActorIds[actor], ": the account is there, or is not");
  }
  if (account == nullptr || account->usage == model.usage) return {};
  return Concat(
      kActorIds[actor], " is charged for ", account->usage.vcpus, " vCPUs, ",
      account->usage.memory_mb, " MB, ", account->usage.disk_gb, " GB, ",
      account->usage.vms, " VMs; its VMs have ", model.usage.vcpus, ", ",
      model.usage.memory_mb, ", ", model.usage.disk_gb, ", ", model.usage.vms);
}

std::string VmManagement::JudgeGrants(VmId id,
                                      const vm_manager::View& view) const {
  const VmRecord* vm = view.FindVm(id);
  const ModelVm* model = model_.Find(id);
  if (vm == nullptr || model == nullptr) return {};
  size_t given = 0;
  for (const vm_manager::Level level : model->grants) {
    given += level != vm_manager::Level::kNone;
  }
  for (const vm_manager::Grant& grant : vm->grants) {
    if (model->grants[ActorIndex(grant.account)] == grant.level) continue;
    return Wrong(*vm, Concat(grant.account, " holds a level not given to it"));
  }
  return vm->grants.size() == given ? std::string()
                                    : Wrong(*vm, "a grant was lost");
}

std::string VmManagement::JudgeVm(VmId id, const vm_manager::View& view) const {
  const VmRecord* vm = view.FindVm(id);
  const ModelVm* model = model_.Find(id);
  if ((vm != nullptr) != (model != nullptr)) {
    return Concat("VM ", id, vm != nullptr ? " should be gone" : " is gone");
  }
  if (vm == nullptr) return {};
  if (vm->id != id) return Wrong(*vm, "is found by another's id");
  if (vm->state != model->state) return Wrong(*vm, "is in another state");
  if (!(vm->shape == model->shape)) return Wrong(*vm, "has another shape");
  if (vm->host != model->host) return Wrong(*vm, "is on another host");
  if (!HasSnapshots(*vm, *model)) return Wrong(*vm, "has other snapshots");
  if (!HasOffer(*vm, *model)) return Wrong(*vm, "has another offer");
  return {};
}

std::string VmManagement::JudgeStored(VmId id,
                                      const vm_manager::View& view) const {
  const VmRecord* vm = view.FindVm(id);
  const VmRecord* stored = parts_->StoredVm(id);
  if ((vm != nullptr) != (stored != nullptr)) {
    return Concat("VM ", id, " is ", vm == nullptr ? "only" : "not", " stored");
  }
  if (vm != nullptr && !(*vm == *stored)) {
    return Wrong(*vm, "is stored differently");
  }
  const auto* account = view.FindAccount(kActorIds[actor_]);
  const auto* kept = parts_->StoredAccount(static_cast<Actor>(actor_));
  const bool same = account == nullptr || kept == nullptr
                        ? account == nullptr && kept == nullptr
                        : account->record == *kept;
  return same ? std::string()
              : Concat("account ", kActorIds[actor_], " is stored differently");
}

std::string VmManagement::JudgeDomain(VmId id,
                                      const vm_manager::View& view) const {
  if (!in_step_) return {};
  if (view.IsOutOfStep(id)) {
    return parts_->HypervisorHasFailed()
               ? std::string()
               : Concat("VM ", id, " is out of step, and nothing had failed");
  }
  const VmRecord* vm = view.FindVm(id);
  const vm_manager::Domain* domain = parts_->DomainOf(id);
  if (vm == nullptr) {
    return domain == nullptr || strays_
               ? std::string()
               : Concat("VM ", id, " is gone and its domain is not");
  }
  if (domain == nullptr) return Wrong(*vm, "has no domain");
  const bool agrees = domain->state == vm->state &&
                      domain->shape == vm->shape && domain->host == vm->host &&
                      HasSnapshotNames(*domain, *vm);
  return agrees ? std::string() : Wrong(*vm, "has another domain");
}

std::string VmManagement::EveryVmHasOneOwner() const {
  return OnAll(&VmManagement::JudgeOwner);
}

std::string VmManagement::EveryQuotaIsSumOfVms() const {
  const vm_manager::View view = manager_->Observe();
  std::array<vm_manager::Resources, kParties> sums{};
  for (const VmRecord* vm : view.vms()) {
    vm_manager::Resources& sum = sums[ActorIndex(vm->owner)];
    const vm_manager::Resources price = PriceOf(vm->shape);
    sum.vcpus += price.vcpus;
    sum.memory_mb += price.memory_mb;
    sum.disk_gb += price.disk_gb;
    sum.vms += price.vms;
  }
  for (const auto& account : view.accounts()) {
    if (account->usage == sums[ActorIndex(account->record.id)]) continue;
    return Concat(account->record.id, " is charged for other VMs than it has");
  }
  return {};
}

std::string VmManagement::EveryVmIsAsForetold() const {
  std::string broken = OnAll(&VmManagement::JudgeVm);
  if (broken.empty()) broken = OnAll(&VmManagement::JudgeGrants);
  if (!broken.empty()) return broken;
  const vm_manager::View view = manager_->Observe();
  if (view.vms().size() != model_.vm_count()) return "there are other VMs";
  return view.offer_count() == model_.offer_count()
             ? std::string()
             : Concat(view.offer_count(), " offers wait for their end, not ",
                      model_.offer_count());
}

std::string VmManagement::StoreHoldsAllThatIsInMemory() const {
  std::string broken = OnAll(&VmManagement::JudgeStored);
  if (!broken.empty()) return broken;
  return parts_->StoredVmCount() == model_.vm_count()
             ? std::string()
             : "the store holds other VMs";
}

std::string VmManagement::HypervisorHoldsAllThatIsRecorded() const {
  std::string broken = OnAll(&VmManagement::JudgeDomain);
  if (!broken.empty() || !in_step_ || strays_) return broken;
  const vm_manager::View view = manager_->Observe();
  for (const VmRecord* vm : view.vms()) {
    if (view.IsOutOfStep(vm->id)) return {};
  }
  return parts_->DomainCount() == view.vms().size()
             ? std::string()
             : "the hypervisor has domains that nobody owns";
}

uint64_t VmManagement::MemoryDigest() const {
  const vm_manager::View view = manager_->Observe();
  Digest digest;
  for (const VmRecord* vm : view.vms()) digest.Add(DigestOf(*vm));
  for (const auto& account : view.accounts()) {
    digest.Add(DigestOf(account->record)).Add(account->usage.vcpus);
    digest.Add(account->usage.memory_mb).Add(account->usage.disk_gb);
    digest.Add(account->usage.vms);
  }
  return digest.Add(view.offer_count()).value();
}

}  // namespace formfuzz
