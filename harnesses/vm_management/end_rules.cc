// SPDX-License-Identifier: Apache-2.0
// The rules judged when the last step was run, on all there is, what an account
// should be, and whether a manager that was opened anew remembers all.
#include <algorithm>
#include <array>

#include "framework/base/text.h"
#include "harnesses/vm_management/argument_rules.h"
#include "harnesses/vm_management/subject.h"

namespace formfuzz {

using vm_manager::VmRecord;

template <class Judge>
std::string VmManagement::OnAll(const vm_manager::View& view,
                                const Judge& judge) const {
  for (VmId id = 1; id < model_.next_id(); ++id) {
    std::string broken = judge(Look(id, view));
    if (!broken.empty()) return broken;
  }
  return {};
}

std::string VmManagement::EveryVmHasOneOwner() const {
  const vm_manager::View view = manager_->Observe();
  const std::string broken = JudgeNames(view);
  return !broken.empty() ? broken : OnAll(view, [&](const Watched& watched) {
    return JudgeOwner(watched, view);
  });
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

std::string VmManagement::JudgeAccount(
    size_t actor, const vm_manager::AccountState* account) const {
  if (account == nullptr) return {};
  const ModelAccount& model = model_.account(actor);
  const vm_manager::AccountRecord& record = account->record;
  if (!(record.quota == model.quota)) {
    return Concat(kActorIds[actor], " has another quota");
  }
  if (record.revoked != model.revoked) {
    return Concat(kActorIds[actor], " is revoked, or is not");
  }
  return record.administrator == model.administrator
             ? std::string()
             : Concat(kActorIds[actor], " is an administrator, or is not");
}

std::string VmManagement::EveryAccountIsAsForetold() const {
  const vm_manager::View view = manager_->Observe();
  for (size_t actor = 0; actor < kActors; ++actor) {
    const auto* account = view.FindAccount(kActorIds[actor]);
    std::string broken = JudgeAccount(actor, account);
    if (!broken.empty()) return broken;
    if ((account != nullptr) != model_.account(actor).exists) {
      return Concat(kActorIds[actor], ": the account is there, or is not");
    }
    if (account != nullptr &&
        account->nonces.size() != model_.remembered_nonce_count(actor)) {
      return Concat(kActorIds[actor], ": other nonces are remembered");
    }
  }
  return {};
}

std::string VmManagement::EveryVmIsAsForetold() const {
  const vm_manager::View view = manager_->Observe();
  const std::string broken = OnAll(view, [&](const Watched& watched) {
    std::string wrong = JudgeVm(watched);
    return wrong.empty() ? JudgeGrants(watched) : wrong;
  });
  if (!broken.empty()) return broken;
  if (view.vms().size() != model_.vm_count()) return "there are other VMs";
  return view.offer_count() == model_.offer_count()
             ? std::string()
             : Concat(view.offer_count(), " offers wait for their end, not ",
                      model_.offer_count());
}

std::string VmManagement::StoreHoldsAllThatIsInMemory() const {
  const vm_manager::View view = manager_->Observe();
  for (size_t actor = 0; actor < kActors; ++actor) {
    std::string broken =
        JudgeStoredAccount(actor, view.FindAccount(kActorIds[actor]));
    if (!broken.empty()) return broken;
  }
  std::string broken =
      OnAll(view, [&](const Watched& watched) { return JudgeStored(watched); });
  if (!broken.empty()) return broken;
  if (parts_->StoredVmCount() != model_.vm_count()) {
    return "the store holds other VMs";
  }
  const auto nonces = parts_->StoredNonces();
  return nonces.size() == model_.stored_nonce_count() &&
                 std::ranges::all_of(nonces,
                                     [this](const auto& nonce) {
                                       return model_.HasStored(nonce);
                                     })
             ? std::string()
             : "the store holds other nonces";
}

std::string VmManagement::HypervisorHoldsAllThatIsRecorded() const {
  const vm_manager::View view = manager_->Observe();
  std::string broken = OnAll(
      view, [&](const Watched& watched) { return JudgeDomain(watched, view); });
  if (!broken.empty() || !in_step_ || strays_) return broken;
  for (const VmRecord* vm : view.vms()) {
    if (view.IsOutOfStep(vm->id)) return {};
  }
  return parts_->DomainCount() == view.vms().size()
             ? std::string()
             : "the hypervisor has domains that nobody owns";
}

// Whichever offers were made, taken or withdrawn together.
std::string VmManagement::EveryOfferEnds() const {
  if (model_.offer_count() == 0) return {};
  const FaultsPaused mended(run_.faults());
  run_.clock().AdvanceMs(vm_manager::kOfferLifetimeMaxMs);
  manager_->ExpireOffers();
  const vm_manager::View view = manager_->Observe();
  size_t left = 0;
  for (const VmRecord* vm : view.vms()) {
    if (!vm->offer.has_value()) continue;
    if (vm->offer->expires_ms <= view.progress().time_floor_ms) {
      return Concat("the offer of VM ", vm->id, " never ends");
    }
    ++left;
  }
  return view.offer_count() == left
             ? std::string()
             : Concat(view.offer_count(), " offers wait for their end, not ",
                      left);
}

// Two managers, each with its own lock.
bool VmManagement::RemembersAll(const vm_manager::VmManager& before) const {
  const vm_manager::View was = before.Observe();
  const vm_manager::View is = manager_->Observe();
  const bool same_vms = std::equal(
      is.vms().begin(), is.vms().end(), was.vms().begin(), was.vms().end(),
      [](const VmRecord* a, const VmRecord* b) { return *a == *b; });
  if (!same_vms || is.offer_count() != was.offer_count()) return false;
  if (is.accounts().size() != was.accounts().size()) return false;
  for (const auto& account : was.accounts()) {
    const vm_manager::AccountState* now = is.FindAccount(account->record.id);
    if (now == nullptr || !(now->record == account->record) ||
        !(now->usage == account->usage)) {
      return false;
    }
  }
  return true;
}

}  // namespace formfuzz
