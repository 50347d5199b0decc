// SPDX-License-Identifier: Apache-2.0
// The rules judged after a step: each looks at one VM or account at a time, so
// a step costs the same however many there are.
#include <algorithm>
#include <array>
#include <cstring>
#include <utility>
#include <variant>
#include <vector>

#include "framework/base/text.h"
#include "framework/schedule/scheduler.h"
#include "harnesses/vm_management/subject.h"

namespace formfuzz {
namespace {

using vm_manager::VmRecord;

std::string Wrong(const VmRecord& vm, std::string_view what) {
  return Concat("VM ", vm.id, " (", vm.name, "): ", what);
}

// Nearly always they are, and short: a call, which coverage intercepts, would
// take several times as long as the comparison.
bool IsSame(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  size_t at = 0;
  for (; at + sizeof(uint64_t) <= a.size(); at += sizeof(uint64_t)) {
    uint64_t words[2];
    std::memcpy(&words[0], a.data() + at, sizeof(uint64_t));
    std::memcpy(&words[1], b.data() + at, sizeof(uint64_t));
    if (words[0] != words[1]) return false;
  }
  for (; at < a.size(); ++at) {
    if (a[at] != b[at]) return false;
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

// As operator== says, without its calls.
bool IsSame(const VmRecord& a, const VmRecord& b) {
  return a.id == b.id && a.state == b.state && IsSame(a.shape, b.shape) &&
         IsSame(a.name, b.name) && IsSame(a.owner, b.owner) &&
         IsSame(a.host, b.host) && IsSame(a.image, b.image) &&
         IsSame(a.user_data, b.user_data) && a.networks == b.networks &&
         a.grants == b.grants && a.snapshots == b.snapshots &&
         a.offer == b.offer;
}

// What nothing that can be asked for changes.
bool WasMadeAs(const VmRecord& vm, const vm_manager::CreateVm& made) {
  if (!IsSame(vm.name, made.name) || !IsSame(vm.image, made.image) ||
      !IsSame(vm.user_data, made.user_data) ||
      vm.networks.size() != made.networks.size()) {
    return false;
  }
  for (size_t i = 0; i < vm.networks.size(); ++i) {
    if (!IsSame(vm.networks[i], made.networks[i])) return false;
  }
  return true;
}

bool HasSnapshots(const VmRecord& vm, const ModelVm& model) {
  if (vm.snapshots.size() != model.snapshots.size()) return false;
  for (size_t i = 0; i < vm.snapshots.size(); ++i) {
    const vm_manager::Snapshot& is = vm.snapshots[i];
    const ModelSnapshot& should = model.snapshots[i];
    if (!IsSame(is.name, should.name) || is.state != should.state ||
        !IsSame(is.shape, should.shape)) {
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

}  // namespace

void VmManagement::Watch(VmId touched) {
  touched_ = touched;
  other_ = other_ + 1 < model_.next_id() ? other_ + 1 : 1;
}

VmManagement::Watched VmManagement::Look(VmId id,
                                         const vm_manager::View& view) const {
  return {id, view.FindVm(id), model_.Find(id)};
}

// All rules look at the same two VMs, so they are judged together; of one that
// is not there all of them hold.
std::optional<BrokenInvariant> VmManagement::JudgeStep() const {
  const vm_manager::View view = manager_->Observe();
  const auto* account = view.FindAccount(kActorIds[actor_]);
  std::optional<BrokenInvariant> broken;
  const auto holds = [&](Rule rule, std::string wrong) {
    if (wrong.empty()) [[likely]]
      return true;
    broken = BrokenInvariant{static_cast<size_t>(rule), std::move(wrong)};
    return false;
  };
  const auto others_hold = [&](const Watched& watched) {
    return holds(Rule::kGrants, JudgeGrants(watched)) &&
           holds(Rule::kVm, JudgeVm(watched)) &&
           holds(Rule::kStored, JudgeStored(watched)) &&
           holds(Rule::kDomain, JudgeDomain(watched, view));
  };
  const Watched one = Look(touched_, view);
  const Watched two = Look(other_, view);
  holds(Rule::kOwner, JudgeNames(view)) &&
      holds(Rule::kOwner, JudgeOwner(one, view)) &&
      holds(Rule::kQuota, JudgeUsages(account, view)) &&
      holds(Rule::kAccount, JudgeAccount(actor_, account)) &&
      others_hold(one) &&
      (one.id == two.id ||
       (holds(Rule::kOwner, JudgeOwner(two, view)) && others_hold(two))) &&
      holds(Rule::kStored, JudgeStoredAccount(actor_, account)) &&
      holds(Rule::kStored, JudgeStoredProgress());
  return broken;
}

std::string VmManagement::JudgeUsages(const vm_manager::AccountState* account,
                                      const vm_manager::View& view) const {
  std::string broken = JudgeUsage(actor_, account);
  const ModelVm* vm = model_.Find(touched_);
  if (broken.empty() && vm != nullptr && vm->owner != actor_) {
    broken = JudgeUsage(vm->owner, view.FindAccount(kActorIds[vm->owner]));
  }
  return broken;
}

// When each VM is found as its owner's, and there are no more names than VMs,
// then nobody else finds it as his own.
std::string VmManagement::JudgeOwner(const Watched& watched,
                                     const vm_manager::View& view) const {
  const auto& [id, vm, model] = watched;
  if (vm == nullptr || model == nullptr) return {};
  if (!IsSame(vm->owner, kActorIds[model->owner])) {
    return Wrong(*vm, Concat("belongs to ", vm->owner, " and not to ",
                             kActorIds[model->owner]));
  }
  if (view.FindVm(vm->owner, vm->name) != vm) {
    return Wrong(*vm, "its owner does not find it");
  }
  return {};
}

std::string VmManagement::JudgeNames(const vm_manager::View& view) const {
  return view.name_count() == view.vms().size()
             ? std::string()
             : Concat(view.name_count(), " names lead to ", view.vms().size(),
                      " VMs");
}

std::string VmManagement::JudgeUsage(
    size_t actor, const vm_manager::AccountState* account) const {
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

// By the time of the first grant.
std::string VmManagement::JudgeGrants(const Watched& watched) const {
  const auto& [id, vm, model] = watched;
  if (vm == nullptr || model == nullptr) return {};
  uint32_t latest = 0;
  for (const vm_manager::Grant& grant : vm->grants) {
    const size_t holder = ActorIndex(grant.account);
    if (model->grants[holder] != grant.level) {
      return Wrong(*vm,
                   Concat(grant.account, " holds a level not given to it"));
    }
    const uint32_t given = model->granted[holder];
    if (given < latest) return Wrong(*vm, "lists its grants in another order");
    latest = given;
  }
  return vm->grants.size() == model->CountGrants()
             ? std::string()
             : Wrong(*vm, "a grant was lost");
}

std::string VmManagement::JudgeVm(const Watched& watched) const {
  const auto& [id, vm, model] = watched;
  if ((vm != nullptr) != (model != nullptr)) {
    return Concat("VM ", id, vm != nullptr ? " should be gone" : " is gone");
  }
  if (vm == nullptr) return {};
  if (vm->id != id) return Wrong(*vm, "is found by another's id");
  if (vm->state != model->state) return Wrong(*vm, "is in another state");
  if (!IsSame(vm->shape, model->shape)) return Wrong(*vm, "has another shape");
  if (!IsSame(vm->host, model->host)) return Wrong(*vm, "is on another host");
  if (!HasSnapshots(*vm, *model)) return Wrong(*vm, "has other snapshots");
  if (!HasOffer(*vm, *model)) return Wrong(*vm, "has another offer");
  if (!WasMadeAs(*vm, model->made)) return Wrong(*vm, "was made otherwise");
  return {};
}

std::string VmManagement::JudgeStored(const Watched& watched) const {
  const VmRecord* vm = watched.vm;
  const VmRecord* stored = parts_->StoredVm(watched.id);
  if ((vm != nullptr) != (stored != nullptr)) {
    return Concat("VM ", watched.id, " is ", vm == nullptr ? "only" : "not",
                  " stored");
  }
  if (vm == nullptr || IsSame(*vm, *stored)) return {};
  return Wrong(*vm, "is stored differently");
}

std::string VmManagement::JudgeStoredAccount(
    size_t actor, const vm_manager::AccountState* account) const {
  const auto* kept = parts_->StoredAccount(static_cast<Actor>(actor));
  const bool same = account == nullptr || kept == nullptr
                        ? account == nullptr && kept == nullptr
                        : account->record == *kept;
  return same ? std::string()
              : Concat("account ", kActorIds[actor], " is stored differently");
}

// What a restart would begin with: no restart is needed to see that it is
// wrong. More time may have been made durable than had to be.
std::string VmManagement::JudgeStoredProgress() const {
  const vm_manager::Progress& kept = parts_->StoredProgress();
  const vm_manager::Progress due = model_.stored_progress();
  if (kept.next_vm != due.next_vm) {
    return Concat("the next VM is stored as ", kept.next_vm, ", not ",
                  due.next_vm);
  }
  return kept.time_floor_ms >= due.time_floor_ms
             ? std::string()
             : "a time that has passed is not stored";
}

std::string VmManagement::JudgeDomain(const Watched& watched,
                                      const vm_manager::View& view) const {
  if (!in_step_) return {};
  const auto& [id, vm, model] = watched;
  if (view.IsOutOfStep(id)) {
    return parts_->HypervisorHasFailed()
               ? std::string()
               : Concat("VM ", id, " is out of step, and nothing had failed");
  }
  const vm_manager::Domain* domain = parts_->DomainOf(id);
  if (vm == nullptr) {
    return domain == nullptr || strays_
               ? std::string()
               : Concat("VM ", id, " is gone and its domain is not");
  }
  if (domain == nullptr) return Wrong(*vm, "has no domain");
  const bool agrees =
      domain->state == vm->state && IsSame(domain->shape, vm->shape) &&
      IsSame(domain->host, vm->host) &&
      domain->snapshots.size() == vm->snapshots.size() &&
      std::ranges::all_of(vm->snapshots, [&](const auto& snapshot) {
        return parts_->DomainHolds(id, snapshot);
      });
  return agrees ? std::string() : Wrong(*vm, "has another domain");
}

bool VmManagement::MayKnow(size_t signer, VmId vm) const {
  const ModelVm* known = model_.Find(vm);
  return known != nullptr &&
         (model_.LevelOf(signer, *known) != vm_manager::Level::kNone ||
          (known->offered && known->offer_to == signer));
}

}  // namespace formfuzz
