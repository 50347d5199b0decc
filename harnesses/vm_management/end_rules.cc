// SPDX-License-Identifier: Apache-2.0
// The rules judged when the last step was run, on all there is, what an account
// should be, and whether a manager that was opened anew remembers all.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "framework/base/text.h"
#include "harnesses/vm_management/argument_rules.h"
#include "harnesses/vm_management/subject.h"

namespace formfuzz {

using vm_manager::VmRecord;

// One look at each VM and each account for all rules.
std::optional<BrokenInvariant> VmManagement::JudgeEnd() const {
  Judging judging(*manager_);
  NamesHold(judging) && EveryVmHolds(judging) && SumsHold(judging) &&
      EveryAccountHolds(judging) && CountsHold(judging) &&
      StoredCountsHold(judging) && DomainCountHolds(judging);
  return std::move(judging.broken);
}

bool VmManagement::EveryVmHolds(Judging& judging) const {
  for (VmId id = 1; id < model_.next_id(); ++id) {
    const Watched watched = Look(id, judging.view);
    if (!OwnerHolds(watched, judging) || !OthersHold(watched, judging)) {
      return false;
    }
  }
  return true;
}

bool VmManagement::EveryAccountHolds(Judging& judging) const {
  for (size_t actor = 0; actor < kActors; ++actor) {
    const auto* account = judging.view.FindAccount(kActorIds[actor]);
    if (!AccountHolds(actor, account, judging) ||
        !NoncesHold(actor, account, judging) ||
        !StoredAccountHolds(actor, account, judging)) {
      return false;
    }
  }
  return true;
}

bool VmManagement::SumsHold(Judging& judging) const {
  std::array<vm_manager::Resources, kParties> sums{};
  for (const VmRecord* vm : judging.view.vms()) {
    vm_manager::Resources& sum = sums[ActorIndex(vm->owner)];
    const vm_manager::Resources price = PriceOf(vm->shape);
    sum.vcpus += price.vcpus;
    sum.memory_mb += price.memory_mb;
    sum.disk_gb += price.disk_gb;
    sum.vms += price.vms;
  }
  for (const auto& account : judging.view.accounts()) {
    if (account->usage == sums[ActorIndex(account->record.id)]) continue;
    return judging.Breaks(
        Rule::kQuota,
        Concat(account->record.id, " is charged for other VMs than it has"));
  }
  return true;
}

bool VmManagement::AccountHolds(size_t actor,
                                const vm_manager::AccountState* account,
                                Judging& judging) const {
  if (account == nullptr) return true;
  const ModelAccount& model = model_.account(actor);
  const vm_manager::AccountRecord& record = account->record;
  if (!(record.quota == model.quota)) {
    return judging.Breaks(Rule::kAccount, actor, " has another quota");
  }
  if (record.revoked != model.revoked) {
    return judging.Breaks(Rule::kAccount, actor, " is revoked, or is not");
  }
  return record.administrator == model.administrator ||
         judging.Breaks(Rule::kAccount, actor,
                        " is an administrator, or is not");
}

bool VmManagement::NoncesHold(size_t actor,
                              const vm_manager::AccountState* account,
                              Judging& judging) const {
  if ((account != nullptr) != model_.account(actor).exists) {
    return judging.Breaks(Rule::kAccount, actor,
                          ": the account is there, or is not");
  }
  return account == nullptr ||
         account->nonces.size() == model_.remembered_nonce_count(actor) ||
         judging.Breaks(Rule::kAccount, actor, ": other nonces are remembered");
}

bool VmManagement::CountsHold(Judging& judging) const {
  const vm_manager::View& view = judging.view;
  if (view.vms().size() != model_.vm_count()) {
    return judging.Breaks(Rule::kVm, "there are other VMs");
  }
  return view.offer_count() == model_.offer_count() ||
         judging.Breaks(Rule::kVm, Concat(view.offer_count(),
                                          " offers wait for their end, not ",
                                          model_.offer_count()));
}

bool VmManagement::StoredCountsHold(Judging& judging) const {
  if (parts_->StoredVmCount() != model_.vm_count()) {
    return judging.Breaks(Rule::kStored, "the store holds other VMs");
  }
  const auto nonces = parts_->StoredNonces();
  const bool same = nonces.size() == model_.stored_nonce_count() &&
                    std::ranges::all_of(nonces, [this](const auto& nonce) {
                      return model_.HasStored(nonce);
                    });
  return same || judging.Breaks(Rule::kStored, "the store holds other nonces");
}

bool VmManagement::DomainCountHolds(Judging& judging) const {
  if (!in_step_ || strays_) return true;
  const vm_manager::View& view = judging.view;
  for (const VmRecord* vm : view.vms()) {
    if (view.IsOutOfStep(vm->id)) return true;
  }
  return parts_->DomainCount() == view.vms().size() ||
         judging.Breaks(Rule::kDomain,
                        "the hypervisor has domains that nobody owns");
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
