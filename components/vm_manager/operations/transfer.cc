// SPDX-License-Identifier: Apache-2.0
// Ownership changes hands in two steps, offer and accept. Until the accept has
// been committed the offerer's side is the owner; with it, in one commit, the
// offeree is: owner, grants, offer and usage change together.
#include <utility>

#include "components/vm_manager/state/permission.h"
#include "components/vm_manager/state/quota.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Apply(Call& call, const OfferVm& offer) {
  VmRecord* vm = nullptr;
  Code code = Reach(call, offer.vm, &vm);
  if (code != Code::kOk) return code;
  AccountState* to = nullptr;
  code = Target(offer.to, &to);
  if (code != Code::kOk) return code;
  if (vm->offer && call.now_ms < vm->offer->expires_ms) {
    return Code::kOfferPending;
  }
  if (offer.to == vm->owner) return Code::kWrongState;
  std::optional<Offer> before = std::move(vm->offer);
  vm->offer = Offer{call.signer->record.id, to->record.id,
                    call.now_ms + offer.lifetime_ms};
  if (!Commit(call, {vm})) {
    vm->offer = std::move(before);
    return Code::kStoreFailed;
  }
  if (before) offers_.Remove(vm->id, before->expires_ms);
  offers_.Add(vm->id, vm->offer->expires_ms);
  return Code::kOk;
}

Code VmManager::JudgeAccept(const Call& call, const VmRecord& vm) const {
  const AccountRecord& signer = call.signer->record;
  if (!vm.offer || vm.offer->to != signer.id) {
    if (LevelOf(signer, vm) == Level::kNone) return Code::kNotFound;
    return vm.offer ? Code::kPermissionDenied : Code::kNoOffer;
  }
  if (accounts_.Find(vm.offer->from)->record.revoked) {
    return Code::kRevokedTarget;
  }
  if (call.now_ms >= vm.offer->expires_ms) return Code::kOfferExpired;
  if (vms_.FindByName(signer.id, vm.name) != nullptr) {
    return Code::kAlreadyExists;
  }
  return Fits(signer.quota, call.signer->usage, CostOf(vm.shape))
             ? Code::kOk
             : Code::kQuotaExceeded;
}

Code VmManager::Apply(Call& call, const AcceptOffer& accept) {
  VmRecord* vm = vms_.Find(accept.vm);
  if (vm == nullptr) return Code::kNotFound;
  const Code code = JudgeAccept(call, *vm);
  if (code != Code::kNotFound) call.vm = vm->id;
  call.too_late = code == Code::kOfferExpired;
  return code == Code::kOk ? TakeOver(call, vm) : code;
}

Code VmManager::TakeOver(Call& call, VmRecord* vm) {
  std::string from = vms_.ChangeOwner(vm, call.signer->record.id);
  std::vector<Grant> grants = std::exchange(vm->grants, {});
  std::optional<Offer> offer = std::exchange(vm->offer, std::nullopt);
  if (!Commit(call, {vm})) {
    vms_.ChangeOwner(vm, std::move(from));
    vm->grants = std::move(grants);
    vm->offer = std::move(offer);
    return Code::kStoreFailed;
  }
  offers_.Remove(vm->id, offer->expires_ms);
  const Resources cost = CostOf(vm->shape);
  Release(&accounts_.Find(from)->usage, cost);
  Charge(&call.signer->usage, cost);
  return Code::kOk;
}

Code VmManager::Apply(Call& call, const CancelOffer& cancel) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, cancel.vm, &vm);
  if (code != Code::kOk) return code;
  if (!vm->offer) return Code::kNoOffer;
  std::optional<Offer> before = std::exchange(vm->offer, std::nullopt);
  if (!Commit(call, {vm})) {
    vm->offer = std::move(before);
    return Code::kStoreFailed;
  }
  offers_.Remove(vm->id, before->expires_ms);
  return Code::kOk;
}

}  // namespace vm_manager
