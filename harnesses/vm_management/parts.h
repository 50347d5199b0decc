// SPDX-License-Identifier: Apache-2.0
// What surrounds the VM manager in a run: mocks in one target, the real
// adapters in another. Each target links the MakeParts of its own.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_PARTS_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "components/vm_manager/vm_manager.h"
#include "framework/scenario/run.h"
#include "generators/sealing.h"
#include "harnesses/vm_management/vm_model.h"

namespace formfuzz {

// The scenario's time, which an operator may have set back.
class AdjustableTime {
 public:
  explicit AdjustableTime(const ScenarioClock& clock) : clock_(&clock) {}
  uint64_t NowMs() const { return clock_->NowMs() - set_back_ms_; }
  void SetBackMs(uint64_t ms) { set_back_ms_ += ms; }

 private:
  const ScenarioClock* clock_;
  uint64_t set_back_ms_ = 0;
};

class Parts : public KeyRing {
 public:
  virtual const vm_manager::SignatureVerifier& verifier() const = 0;
  virtual vm_manager::Hypervisor& hypervisor() = 0;
  virtual vm_manager::StateStore& store() = 0;

  // What validators look at; it is read past all faults. The pointers are
  // good until the next call.
  virtual const vm_manager::VmRecord* StoredVm(vm_manager::VmId vm) = 0;
  virtual const vm_manager::AccountRecord* StoredAccount(Actor actor) = 0;
  virtual size_t StoredVmCount() = 0;
  virtual std::span<const vm_manager::NonceRecord> StoredNonces() = 0;
  virtual const vm_manager::Progress& StoredProgress() = 0;
  virtual const vm_manager::Domain* DomainOf(vm_manager::VmId vm) = 0;
  // Whether the domain has that snapshot and, where that can be seen, would
  // go back to what the snapshot says.
  virtual bool DomainHolds(vm_manager::VmId vm,
                           const vm_manager::Snapshot& snapshot) = 0;
  virtual size_t DomainCount() = 0;
  // Of all stored accounts and VMs; equal digests, equal records.
  virtual uint64_t StoreDigest() = 0;
  // Calls of the current task that were made to fail so far.
  virtual Failures failures() const = 0;
  // Calls of the current task to change a domain that the hypervisor refused
  // of itself.
  virtual size_t refusals() const = 0;
  // Whether any task has seen a call of it fail.
  virtual bool HypervisorHasFailed() const { return failures().hypervisor > 0; }
};

// What is there before the first step.
struct Furniture {
  std::vector<vm_manager::AccountRecord> accounts;
  vm_manager::VmRecord home;
  vm_manager::Progress progress;
};

// Puts the furniture in; the keys of accounts are still to be filled in.
inline void Furnish(const KeyRing& keys, Furniture furniture,
                    vm_manager::StateStore& store,
                    vm_manager::Hypervisor& hypervisor) {
  std::vector<vm_manager::Change> changes;
  for (vm_manager::AccountRecord& account : furniture.accounts) {
    account.key = keys.PublicKeyOf(static_cast<Actor>(ActorIndex(account.id)));
    changes.emplace_back(&account);
  }
  changes.emplace_back(&furniture.home);
  changes.emplace_back(furniture.progress);
  FORMFUZZ_CHECK(store.Commit(changes).ok(), "the store cannot be furnished");
  FORMFUZZ_CHECK(hypervisor.Define(furniture.home).ok(),
                 "the hypervisor cannot be furnished");
}

// A store and a hypervisor that hold the furniture, and nothing else. The
// same is given in every run of a process.
std::unique_ptr<Parts> MakeParts(Run& run, const Furniture& furniture);

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_PARTS_H_
