// SPDX-License-Identifier: Apache-2.0
// What gets scenarios further than chance would: parts are looked up in the
// model, moments that matter are told, and so is how a VM looks by then.
#include <array>

#include "harnesses/vm_management/subject.h"

namespace formfuzz {

Actor VmManagement::ActorFor(Signer signer, VmId vm) const {
  if (signer < Signer::kOwner) return static_cast<Actor>(signer);
  const ModelVm* model = model_.Find(vm != 0 ? vm : about_);
  size_t party = kParties;
  if (signer == Signer::kNewcomer) {
    party = model_.newcomer();
  } else if (model == nullptr) {
    // Whoever stands in.
  } else if (signer == Signer::kOwner) {
    party = model->owner;
  } else if (signer == Signer::kGuest) {
    party = model->FirstGuest();
  } else if (model->offered) {
    party = model->offer_to;
  }
  if (party < kActors) return static_cast<Actor>(party);
  constexpr std::array<Actor, 4> kStandIns = {Actor::kAlice, Actor::kBob,
                                              Actor::kCarol, Actor::kAlice2};
  return kStandIns[static_cast<size_t>(signer) -
                   static_cast<size_t>(Signer::kOwner)];
}

std::string_view VmManagement::IdFor(std::string_view account, VmId vm) const {
  const std::optional<Signer> part = PartNamed(account);
  return part.has_value() ? formfuzz::IdOf(ActorFor(*part, vm)) : account;
}

Outcome VmManagement::DropGrant(SignedBy by, VmHandle vm) {
  return RevokeGrant(by, vm, formfuzz::IdOf(ActorFor(by.signer, IdOf(vm))));
}

Outcome VmManagement::ShareWithTwo(SignedBy by, VmHandle vm,
                                   vm_manager::Level bob,
                                   vm_manager::Level carol) {
  const std::array with{Permission{formfuzz::IdOf(Actor::kBob), bob},
                        Permission{formfuzz::IdOf(Actor::kCarol), carol}};
  return Share(by, vm, with);
}

std::string_view VmManagement::LastGuestOf(VmId vm) const {
  const ModelVm* model = model_.Find(vm);
  const size_t guest = model == nullptr ? kParties : model->LastGuest();
  return formfuzz::IdOf(guest < kActors ? static_cast<Actor>(guest)
                                        : Actor::kCarol);
}

Outcome VmManagement::TakeGrant(SignedBy by, VmHandle vm) {
  return RevokeGrant(by, vm, LastGuestOf(IdOf(vm)));
}

Outcome VmManagement::ChangeGrant(SignedBy by, VmHandle vm,
                                  vm_manager::Level level) {
  return Grant(by, vm, LastGuestOf(IdOf(vm)), level);
}

// When the message's nonce may be forgotten, and the offer may not be taken.
void VmManagement::NoteDeadlines(const Sealed& message,
                                 const vm_manager::Operation& operation) {
  run_.SetDeadline(static_cast<uint64_t>(message.expires_ms));
  if (!std::holds_alternative<vm_manager::OfferVm>(operation)) return;
  const ModelVm* vm = model_.Find(about_);
  if (vm == nullptr || !vm->offered) return;
  run_.SetDeadline(static_cast<uint64_t>(vm->offer_expires_ms));
}

// Who there is: administrators, and those revoked, are few.
void VmManagement::ObserveAccounts() {
  uint64_t administrators = 0;
  uint64_t revoked = 0;
  uint64_t former = 0;  // both
  for (size_t actor = 0; actor < kParties; ++actor) {
    const ModelAccount& account = model_.account(actor);
    administrators += account.administrator && !account.revoked;
    revoked += account.revoked;
    former += account.administrator && account.revoked;
  }
  run_.Observe(uint64_t{1} << 48 | administrators << 16 | revoked << 8 |
               former);
}

// What happened, and what the VM it was about then looked like: how deep a
// scenario got.
void VmManagement::ObserveVm(uint64_t what) {
  const ModelVm* vm = model_.Find(about_);
  if (vm == nullptr) return;
  const size_t guest = vm->FirstGuest();
  const uint64_t looks[] = {vm->offered, guest < kParties,
                            !vm->snapshots.empty(),
                            vm->owner != static_cast<size_t>(Actor::kAlice),
                            model_.account(vm->owner).revoked};
  uint64_t state = static_cast<uint64_t>(vm->state);
  for (const uint64_t look : looks) state = state << 1 | look;
  run_.Observe(what << 16 | state << 8 | 0xff);
  // On the way to a limit every one more is new.
  run_.Observe(uint64_t{vm->snapshots.size()} << 32);
  run_.Observe(uint64_t{vm->CountGrants()} << 40);
  // Who shares it with whom: what one may do to the other.
  const size_t other = vm->LastGuest();
  if (guest == other) return;
  run_.Observe(uint64_t{1} << 56 |
               static_cast<uint64_t>(vm->grants[guest]) << 8 |
               static_cast<uint64_t>(vm->grants[other]));
}

}  // namespace formfuzz
