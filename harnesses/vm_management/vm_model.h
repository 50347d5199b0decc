// SPDX-License-Identifier: Apache-2.0
// The VM manager's rules, stated once more: who may do what, in which state,
// at which price, and which code comes of it.
//
// Written from the manager's documentation and not from its code, over other
// data structures, so that a mistake would have to be made twice. The model
// foretells the exact code of every request; it is told only how many calls
// to the hypervisor and the store were made to fail meanwhile. When no rule
// forbids the request, a failed hypervisor makes it hypervisor_failed; a
// failed store makes every authenticated request store_failed, without any
// effect, and leaves its nonce unused; an expired one, too, where the time
// that it is too late for had to be stored.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_VM_MODEL_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_VM_MODEL_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "components/vm_manager/request/request.h"
#include "framework/base/recycled.h"
#include "generators/identity.h"
#include "generators/sealing.h"

namespace formfuzz {

// The actors, and one more: whoever has an id that is no actor's, which among
// the ids that scenarios use is one that could have an account.
inline constexpr size_t kParties = kActors + 1;

struct ModelAccount {
  bool exists = false;
  bool revoked = false;
  bool administrator = false;
  vm_manager::Resources quota;
  vm_manager::Resources usage;
};

struct ModelSnapshot {
  std::string_view name;
  vm_manager::VmState state;
  vm_manager::Shape shape;
};

// Texts view into the scenario's arguments.
struct ModelVm {
  bool exists = false;
  size_t owner = 0;
  vm_manager::VmState state = vm_manager::VmState::kStopped;
  bool offered = false;
  size_t offer_from = 0;
  size_t offer_to = 0;
  int64_t offer_expires_ms = 0;
  std::string_view host;
  vm_manager::Shape shape;
  // As it was asked for: all but the shape stays so for ever. Its texts view
  // into arguments or into what the sealer keeps, which both outlast the model.
  vm_manager::CreateVm made;
  std::array<vm_manager::Level, kParties> grants{};
  // When each that stands was given, counted; a changed level keeps its place.
  std::array<uint32_t, kParties> granted{};
  uint32_t grants_given = 0;
  std::vector<ModelSnapshot> snapshots;

  size_t CountGrants() const {
    size_t count = 0;
    for (const vm_manager::Level level : grants) {
      count += level != vm_manager::Level::kNone;
    }
    return count;
  }
  // The first party that holds a grant; kParties if none does.
  size_t FirstGuest() const {
    for (size_t party = 0; party < kParties; ++party) {
      if (grants[party] != vm_manager::Level::kNone) return party;
    }
    return kParties;
  }
  size_t LastGuest() const {
    for (size_t party = kParties; party > 0; --party) {
      if (grants[party - 1] != vm_manager::Level::kNone) return party - 1;
    }
    return kParties;
  }
};

// Calls that were made to fail during a step.
struct Failures {
  size_t hypervisor = 0;
  size_t store = 0;
};

class VmModel {
 public:
  using Code = vm_manager::Code;
  using VmId = vm_manager::VmId;

  // What the manager is opened with: limits that a scenario can reach, which
  // its own are not.
  static constexpr size_t kLiveNonces = 12;
  static constexpr size_t kGrants = 2;

  // Starts with the accounts that the harness starts with.
  void Add(Actor actor, const vm_manager::Resources& quota, bool administrator);

  // The next VM, that the harness starts with.
  void AddVm(VmId id, Actor owner, const vm_manager::CreateVm& made);

  // Foretells and carries out one message, whose operation is given apart.
  Code Submit(const Sealed& message, const vm_manager::Operation& operation,
              int64_t clock_ms, Failures failures);
  // Ends offers that are due: all of them, or the first `ended` where the
  // store failed. Returns how many there should have been.
  size_t ExpireOffers(int64_t clock_ms, size_t ended);
  // The manager was opened anew: what was not stored is forgotten.
  void Reopen();

  const ModelAccount& account(size_t actor) const { return accounts_[actor]; }
  std::span<const ModelAccount> accounts() const { return accounts_; }
  // Whose account was added last, or kParties.
  size_t newcomer() const { return newcomer_; }
  // Null for an id that was not given, or whose VM is gone.
  const ModelVm* Find(VmId id) const;
  // By id - 1, those that are gone included.
  std::span<const ModelVm> vms() const { return vms_; }
  // Ids given are below it.
  VmId next_id() const { return next_id_; }
  size_t vm_count() const { return vm_count_; }
  size_t offer_count() const { return offer_count_; }
  // What the store must hold for the next start, besides accounts and VMs.
  vm_manager::Progress stored_progress() const {
    return {stored_next_id_, stored_floor_ms_};
  }
  size_t stored_nonce_count() const;
  // Of the account, that the manager has not forgotten.
  size_t remembered_nonce_count(size_t actor) const;
  bool HasStored(const vm_manager::NonceRecord& nonce) const;
  vm_manager::Level LevelOf(size_t actor, const ModelVm& vm) const;

 private:
  struct Nonce {
    size_t actor;
    uint64_t nonce;
    int64_t expires_ms;
    bool remembered;  // by the manager
    bool stored;
  };

  int64_t Now(int64_t clock_ms);
  Code Authenticate(const Sealed& message) const;
  Code Admit(const Sealed& message, int64_t now_ms) const;
  // Drops expired nonces of the account; true if there were any.
  bool Forget(size_t actor, int64_t now_ms);
  void Remember(const Sealed& message);
  // What a commit that forgets nonces, makes a VM or has to do with what came
  // too late stores besides.
  void StoreProgress(bool forgot, int64_t now_ms);

  // What the state says to an operation, and what it does once allowed.
  Code Foretell(size_t actor, const vm_manager::Operation& operation,
                int64_t now_ms) const;
  void CarryOut(size_t actor, const vm_manager::Operation& operation,
                int64_t now_ms);
  template <class Op>
  Code Judge(size_t actor, const Op& op, int64_t now_ms) const;
  template <class Op>
  void Do(size_t actor, const Op& op, int64_t now_ms);

  // kNotFound, kPermissionDenied, or kOk and the VM.
  Code Reach(size_t actor, VmId id, vm_manager::Level needed,
             const ModelVm** vm) const;
  Code JudgePower(size_t actor, VmId id, std::string_view from_states) const;
  Code Administer(size_t actor, std::string_view target) const;
  Code Target(std::string_view id) const;
  Code JudgeGrowth(const ModelVm& vm, const vm_manager::Shape& shape) const;
  bool HasVmNamed(size_t owner, std::string_view name) const;
  size_t ActiveAdministrators() const;
  ModelVm& At(VmId id) { return vms_[id - 1]; }
  void Reshape(ModelVm& vm, const vm_manager::Shape& shape);
  void EndOffer(ModelVm& vm);

  struct Memory {
    std::vector<ModelVm> vms;
    std::vector<Nonce> nonces;

    void Clear() {
      vms.clear();
      nonces.clear();
    }
  };

  Recycled<Memory> memory_;
  std::array<ModelAccount, kParties> accounts_{};
  std::vector<ModelVm>& vms_ = memory_->vms;  // by id - 1
  std::vector<Nonce>& nonces_ = memory_->nonces;
  VmId next_id_ = 1;
  VmId stored_next_id_ = 1;
  int64_t floor_ms_ = 0;
  int64_t stored_floor_ms_ = 0;
  size_t vm_count_ = 0;
  size_t offer_count_ = 0;
  size_t newcomer_ = kParties;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_VM_MODEL_H_
