// SPDX-License-Identifier: Apache-2.0
// A look at the state of a manager that stands still: a View holds the
// manager's lock as long as it lives, so the same thread must not submit
// meanwhile, and pointers taken from it are good until it is gone. Finding one
// VM or account costs the same however many there are.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_VIEW_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_VIEW_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "components/vm_manager/records.h"
#include "components/vm_manager/state/account_table.h"
#include "components/vm_manager/state/vm_table.h"
#include "components/vm_manager/sync.h"

namespace vm_manager {

class VmManager;

class View {
 public:
  // Null when there is none.
  const VmRecord* FindVm(VmId id) const;
  const VmRecord* FindVm(std::string_view owner, std::string_view name) const;
  // How many pairs of owner and name lead to a VM: as many as there are VMs.
  size_t name_count() const;
  const AccountState* FindAccount(std::string_view id) const;

  // Ascending by id.
  const std::vector<VmRecord*>& vms() const;
  // By time of addition; those loaded come first, in the order of the store.
  const std::vector<std::unique_ptr<AccountState>>& accounts() const;

  // Offers that stand, expired ones that nobody ended yet included.
  size_t offer_count() const;
  // After reopening, the time floor may be an older one than before.
  const Progress& progress() const;
  // Whether the hypervisor is known to differ from the record, or to have a
  // domain where there is no record, because it failed to undo what it or the
  // store refused. The next operation on the VM, and VmManager::Reconcile, try
  // again.
  bool IsOutOfStep(VmId id) const;

 private:
  friend class VmManager;
  View(const VmManager& manager, Mutex& mutex);

  MutexLock lock_;
  const VmManager* manager_;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_VIEW_H_
