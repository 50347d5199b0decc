// SPDX-License-Identifier: Apache-2.0
// The rules judged after a step: each looks at one VM or account at a time, so
// a step costs the same however many there are.
#include <algorithm>
#include <array>
#include <utility>
#include <variant>
#include <vector>

#include "framework/base/bytes.h"
#include "framework/base/same_text.h"
#include "framework/base/text.h"
#include "framework/schedule/scheduler.h"
#include "harnesses/vm_management/subject.h"

namespace formfuzz {
namespace {

using vm_manager::VmRecord;

template <class Texts>
bool HoldsSame(const std::vector<std::string>& a, const Texts& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!IsSameText(a[i], b[i])) return false;
  }
  return true;
}

bool IsSame(const vm_manager::Shape& a, const vm_manager::Shape& b) {
  if (a.vcpus != b.vcpus || a.memory_mb != b.memory_mb) return false;
  if (a.disks_gb.size() != b.disks_gb.size()) return false;
  for (size_t i = 0; i < a.disks_gb.size(); ++i) {
    if (a.disks_gb[i] != b.disks_gb[i]) return false;
  }
  return true;
}

// Both as operator== says, without its calls.
bool IsSame(const VmRecord& a, const VmRecord& b) {
  // A member more asks to be compared.
  [[maybe_unused]] const auto& [id, name, owner, state, shape, host, image,
                                user_data, networks, grants, snapshots, offer] =
      a;
  return a.id == b.id && a.state == b.state && IsSame(a.shape, b.shape) &&
         IsSameText(a.name, b.name) && IsSameText(a.owner, b.owner) &&
         IsSameText(a.host, b.host) && IsSameText(a.image, b.image) &&
         IsSameText(a.user_data, b.user_data) &&
         HoldsSame(a.networks, b.networks) && a.grants == b.grants &&
         a.snapshots == b.snapshots && a.offer == b.offer;
}

bool IsSame(const vm_manager::AccountRecord& a,
            const vm_manager::AccountRecord& b) {
  [[maybe_unused]] const auto& [id, key, quota, administrator, revoked] = a;
  return IsSameText(a.id, b.id) && IsSameText(AsText(a.key), AsText(b.key)) &&
         a.quota == b.quota && a.administrator == b.administrator &&
         a.revoked == b.revoked;
}

// What nothing that can be asked for changes.
bool WasMadeAs(const VmRecord& vm, const vm_manager::CreateVm& made) {
  return IsSameText(vm.name, made.name) && IsSameText(vm.image, made.image) &&
         IsSameText(vm.user_data, made.user_data) &&
         HoldsSame(vm.networks, made.networks);
}

bool HasSnapshots(const VmRecord& vm, const ModelVm& model) {
  if (vm.snapshots.size() != model.snapshots.size()) return false;
  for (size_t i = 0; i < vm.snapshots.size(); ++i) {
    const vm_manager::Snapshot& is = vm.snapshots[i];
    const ModelSnapshot& should = model.snapshots[i];
    if (!IsSameText(is.name, should.name) || is.state != should.state ||
        !IsSame(is.shape, should.shape)) {
      return false;
    }
  }
  return true;
}

std::string Told(const vm_manager::Resources& usage,
                 const vm_manager::Resources& due) {
  return Concat(" is charged for ", usage.vcpus, " vCPUs, ", usage.memory_mb,
                " MB, ", usage.disk_gb, " GB, ", usage.vms,
                " VMs; its VMs have ", due.vcpus, ", ", due.memory_mb, ", ",
                due.disk_gb, ", ", due.vms);
}

bool HasOffer(const VmRecord& vm, const ModelVm& model) {
  if (vm.offer.has_value() != model.offered) return false;
  return !model.offered || (ActorIndex(vm.offer->from) == model.offer_from &&
                            ActorIndex(vm.offer->to) == model.offer_to &&
                            vm.offer->expires_ms == model.offer_expires_ms);
}

}  // namespace

void VmManagement::Watch(VmId touched) {
  touched_ = touched;
  other_ = other_ + 1 < model_.next_id() ? other_ + 1 : 1;
}

VmManagement::Watched VmManagement::Look(VmId id,
                                         const vm_manager::View& view) const {
  return {id, view.FindVm(id), model_.Find(id)};
}

bool VmManagement::Judging::Breaks(Rule rule, std::string how) {
  broken = BrokenInvariant{static_cast<size_t>(rule), std::move(how)};
  return false;
}

bool VmManagement::Judging::Breaks(Rule rule, const VmRecord& vm,
                                   std::string_view how) {
  return Breaks(rule, Concat("VM ", vm.id, " (", vm.name, "): ", how));
}

bool VmManagement::Judging::Breaks(Rule rule, size_t actor,
                                   std::string_view how) {
  return Breaks(rule, Concat(kActorIds[actor], how));
}

// All rules look at the same two VMs, so they are judged together; of one that
// is not there all of them hold.
std::optional<BrokenInvariant> VmManagement::JudgeStep() const {
  Judging judging(*manager_);
  const auto* account = judging.view.FindAccount(kActorIds[actor_]);
  const Watched one = Look(touched_, judging.view);
  const Watched two = Look(other_, judging.view);
  NamesHold(judging) && OwnerHolds(one, judging) &&
      UsagesHold(account, judging) && AccountHolds(actor_, account, judging) &&
      OthersHold(one, judging) &&
      (one.id == two.id ||
       (OwnerHolds(two, judging) && OthersHold(two, judging))) &&
      StoredAccountHolds(actor_, account, judging) &&
      StoredProgressHolds(judging);
  return std::move(judging.broken);
}

bool VmManagement::OthersHold(const Watched& watched, Judging& judging) const {
  return GrantsHold(watched, judging) && VmHolds(watched, judging) &&
         StoredHolds(watched, judging) && DomainHolds(watched, judging);
}

bool VmManagement::UsagesHold(const vm_manager::AccountState* account,
                              Judging& judging) const {
  if (!UsageHolds(actor_, account, judging)) return false;
  const ModelVm* vm = model_.Find(touched_);
  if (vm == nullptr || vm->owner == actor_) return true;
  const auto* owner = judging.view.FindAccount(kActorIds[vm->owner]);
  return UsageHolds(vm->owner, owner, judging);
}

// When each VM is found as its owner's, and there are no more names than VMs,
// then nobody else finds it as his own.
bool VmManagement::OwnerHolds(const Watched& watched, Judging& judging) const {
  const auto& [id, vm, model] = watched;
  if (vm == nullptr || model == nullptr) return true;
  if (!IsSameText(vm->owner, kActorIds[model->owner])) {
    return judging.Breaks(Rule::kOwner, *vm,
                          Concat("belongs to ", vm->owner, " and not to ",
                                 kActorIds[model->owner]));
  }
  return judging.view.FindVm(vm->owner, vm->name) == vm ||
         judging.Breaks(Rule::kOwner, *vm, "its owner does not find it");
}

bool VmManagement::NamesHold(Judging& judging) const {
  const vm_manager::View& view = judging.view;
  return view.name_count() == view.vms().size() ||
         judging.Breaks(Rule::kOwner,
                        Concat(view.name_count(), " names lead to ",
                               view.vms().size(), " VMs"));
}

bool VmManagement::UsageHolds(size_t actor,
                              const vm_manager::AccountState* account,
                              Judging& judging) const {
  const ModelAccount& model = model_.account(actor);
  if ((account != nullptr) != model.exists) {
    return judging.Breaks(Rule::kQuota, actor,
                          ": the account is there, or is not");
  }
  if (account == nullptr || account->usage == model.usage) return true;
  return judging.Breaks(Rule::kQuota, actor, Told(account->usage, model.usage));
}

// By the time of the first grant.
bool VmManagement::GrantsHold(const Watched& watched, Judging& judging) const {
  const auto& [id, vm, model] = watched;
  if (vm == nullptr || model == nullptr) return true;
  uint32_t latest = 0;
  for (const vm_manager::Grant& grant : vm->grants) {
    const size_t holder = ActorIndex(grant.account);
    if (model->grants[holder] != grant.level) {
      return judging.Breaks(
          Rule::kGrants, *vm,
          Concat(grant.account, " holds a level not given to it"));
    }
    const uint32_t given = model->granted[holder];
    if (given < latest) {
      return judging.Breaks(Rule::kGrants, *vm,
                            "lists its grants in another order");
    }
    latest = given;
  }
  return vm->grants.size() == model->CountGrants() ||
         judging.Breaks(Rule::kGrants, *vm, "a grant was lost");
}

bool VmManagement::VmHolds(const Watched& watched, Judging& judging) const {
  const auto& [id, vm, model] = watched;
  if ((vm != nullptr) != (model != nullptr)) {
    return judging.Breaks(
        Rule::kVm,
        Concat("VM ", id, vm != nullptr ? " should be gone" : " is gone"));
  }
  if (vm == nullptr) return true;
  const auto breaks = [&](std::string_view how) {
    return judging.Breaks(Rule::kVm, *vm, how);
  };
  if (vm->id != id) return breaks("is found by another's id");
  if (vm->state != model->state) return breaks("is in another state");
  if (!IsSame(vm->shape, model->shape)) return breaks("has another shape");
  if (!IsSameText(vm->host, model->host)) return breaks("is on another host");
  if (!HasSnapshots(*vm, *model)) return breaks("has other snapshots");
  if (!HasOffer(*vm, *model)) return breaks("has another offer");
  return WasMadeAs(*vm, model->made) || breaks("was made otherwise");
}

bool VmManagement::StoredHolds(const Watched& watched, Judging& judging) const {
  const VmRecord* vm = watched.vm;
  const VmRecord* stored = parts_->StoredVm(watched.id);
  if ((vm != nullptr) != (stored != nullptr)) {
    return judging.Breaks(Rule::kStored,
                          Concat("VM ", watched.id, " is ",
                                 vm == nullptr ? "only" : "not", " stored"));
  }
  return vm == nullptr || IsSame(*vm, *stored) ||
         judging.Breaks(Rule::kStored, *vm, "is stored differently");
}

bool VmManagement::StoredAccountHolds(size_t actor,
                                      const vm_manager::AccountState* account,
                                      Judging& judging) const {
  const auto* kept = parts_->StoredAccount(static_cast<Actor>(actor));
  const bool same = account == nullptr || kept == nullptr
                        ? account == nullptr && kept == nullptr
                        : IsSame(account->record, *kept);
  return same ||
         judging.Breaks(Rule::kStored, actor, ": it is stored differently");
}

// What a restart would begin with: no restart is needed to see that it is
// wrong. More time may have been made durable than had to be.
bool VmManagement::StoredProgressHolds(Judging& judging) const {
  const vm_manager::Progress& kept = parts_->StoredProgress();
  const vm_manager::Progress due = model_.stored_progress();
  if (kept.next_vm != due.next_vm) {
    return judging.Breaks(Rule::kStored,
                          Concat("the next VM is stored as ", kept.next_vm,
                                 ", not ", due.next_vm));
  }
  return kept.time_floor_ms >= due.time_floor_ms ||
         judging.Breaks(Rule::kStored, "a time that has passed is not stored");
}

bool VmManagement::DomainHolds(const Watched& watched, Judging& judging) const {
  if (!in_step_) return true;
  const auto& [id, vm, model] = watched;
  if (judging.view.IsOutOfStep(id)) {
    return parts_->HypervisorHasFailed() ||
           judging.Breaks(
               Rule::kDomain,
               Concat("VM ", id, " is out of step, and nothing had failed"));
  }
  const vm_manager::Domain* domain = parts_->DomainOf(id);
  if (vm == nullptr) {
    return domain == nullptr || strays_ ||
           judging.Breaks(Rule::kDomain,
                          Concat("VM ", id, " is gone and its domain is not"));
  }
  if (domain == nullptr) {
    return judging.Breaks(Rule::kDomain, *vm, "has no domain");
  }
  const bool agrees =
      domain->state == vm->state && IsSame(domain->shape, vm->shape) &&
      IsSameText(domain->host, vm->host) &&
      domain->snapshots.size() == vm->snapshots.size() &&
      std::ranges::all_of(vm->snapshots, [&](const auto& snapshot) {
        return parts_->DomainHolds(id, snapshot);
      });
  return agrees || judging.Breaks(Rule::kDomain, *vm, "has another domain");
}

bool VmManagement::MayKnow(size_t signer, VmId vm) const {
  const ModelVm* known = model_.Find(vm);
  return known != nullptr &&
         (model_.LevelOf(signer, *known) != vm_manager::Level::kNone ||
          (known->offered && known->offer_to == signer));
}

}  // namespace formfuzz
