// SPDX-License-Identifier: Apache-2.0
// The VM manager among mocks.
#include "harnesses/vm_management/parts.h"
#include "mocks/mock_hypervisor.h"
#include "mocks/mock_signature_verifier.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

const std::array<vm_manager::PublicKey, kActors>& Keys() {
  static const auto keys = [] {
    std::array<vm_manager::PublicKey, kActors> made;
    for (size_t i = 0; i < kActors; ++i) made[i] = MockKeyOf(kActorIds[i]);
    return made;
  }();
  return keys;
}

class MockParts final : public Parts {
 public:
  explicit MockParts(Run& run)
      : hypervisor_(run.faults()), store_(run.faults()) {}

  vm_manager::PublicKey PublicKeyOf(Actor actor) const override {
    return Keys()[static_cast<size_t>(actor)];
  }
  vm_manager::Signature Sign(Actor actor,
                             std::span<const uint8_t> message) const override {
    return MockSign(Keys()[static_cast<size_t>(actor)], message);
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
  const vm_manager::Domain* DomainOf(vm_manager::VmId vm) override {
    return hypervisor_.Find(vm);
  }
  size_t DomainCount() override { return hypervisor_.domain_count(); }
  uint64_t StoreDigest() override { return store_.digest(); }
  Failures failures() const override {
    return {hypervisor_.faults_shown(), store_.faults_shown()};
  }

 private:
  MockSignatureVerifier verifier_;
  MockHypervisor hypervisor_;
  MockStateStore store_;
};

}  // namespace

std::unique_ptr<Parts> MakeParts(Run& run) {
  return std::make_unique<MockParts>(run);
}

}  // namespace formfuzz
