// SPDX-License-Identifier: Apache-2.0
// The VM manager among mocks.
#include "harnesses/vm_management/parts.h"
#include "mocks/mock_hypervisor.h"
#include "mocks/mock_signature_verifier.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

class MockKeys final : public KeyRing {
 public:
  MockKeys() {
    for (size_t i = 0; i < kActors; ++i) keys_[i] = MockKeyOf(kActorIds[i]);
  }
  vm_manager::PublicKey PublicKeyOf(Actor actor) const override {
    return keys_[static_cast<size_t>(actor)];
  }
  vm_manager::Signature Sign(Actor actor,
                             std::span<const uint8_t> message) const override {
    return MockSign(keys_[static_cast<size_t>(actor)], message);
  }

 private:
  std::array<vm_manager::PublicKey, kActors> keys_;
};

// Made once; every run starts with a copy.
struct Furnished {
  explicit Furnished(const Furniture& furniture) {
    Furnish(keys, furniture, store, hypervisor);
  }
  MockKeys keys;
  MockStateStore store;
  MockHypervisor hypervisor;
};

class MockParts final : public Parts {
 public:
  MockParts(Run& run, const Furnished& furnished)
      : keys_(furnished.keys),
        hypervisor_(run.faults(), furnished.hypervisor),
        store_(run.faults(), furnished.store) {}

  vm_manager::PublicKey PublicKeyOf(Actor actor) const override {
    return keys_.PublicKeyOf(actor);
  }
  vm_manager::Signature Sign(Actor actor,
                             std::span<const uint8_t> message) const override {
    return keys_.Sign(actor, message);
  }
  const vm_manager::SignatureVerifier& verifier() const override {
    return verifier_;
  }
  vm_manager::Hypervisor& hypervisor() override { return hypervisor_; }
  vm_manager::StateStore& store() override { return store_; }

  const vm_manager::VmRecord* StoredVm(vm_manager::VmId vm) override {
    return store_.FindVm(vm);
  }
  const vm_manager::AccountRecord* StoredAccount(Actor actor) override {
    return store_.FindAccount(IdOf(actor));
  }
  size_t StoredVmCount() override { return store_.vm_count(); }
  std::span<const vm_manager::NonceRecord> StoredNonces() override {
    return store_.nonces();
  }
  const vm_manager::Progress& StoredProgress() override {
    return store_.progress();
  }
  const vm_manager::Domain* DomainOf(vm_manager::VmId vm) override {
    return hypervisor_.Find(vm);
  }
  bool DomainHolds(vm_manager::VmId vm,
                   const vm_manager::Snapshot& snapshot) override {
    return hypervisor_.Holds(vm, snapshot);
  }
  size_t DomainCount() override { return hypervisor_.domain_count(); }
  uint64_t StoreDigest() override { return store_.digest(); }
  Failures failures() const override {
    return {hypervisor_.faults_shown().mine(), store_.faults_shown().mine()};
  }
  size_t refusals() const override { return hypervisor_.refusals().mine(); }
  bool HypervisorHasFailed() const override {
    return hypervisor_.faults_shown().total() > 0;
  }

 private:
  const MockKeys& keys_;
  MockSignatureVerifier verifier_;
  MockHypervisor hypervisor_;
  MockStateStore store_;
};

}  // namespace

std::unique_ptr<Parts> MakeParts(Run& run, const Furniture& furniture) {
  static const auto* const furnished = new Furnished(furniture);
  return std::make_unique<MockParts>(run, *furnished);
}

}  // namespace formfuzz
