// SPDX-License-Identifier: Apache-2.0
// Furnishing, the same for mocks and real parts.
#include "harnesses/vm_management/parts.h"

#include <utility>

namespace formfuzz {

void Furnish(const KeyRing& keys, Furniture furniture,
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

}  // namespace formfuzz
