// SPDX-License-Identifier: Apache-2.0
// Reads straight from the tables of the manager, under its lock.
#include "components/vm_manager/view.h"

#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

View::View(const VmManager& manager, Mutex& mutex)
    : lock_(mutex), manager_(&manager) {}

const VmRecord* View::FindVm(VmId id) const { return manager_->vms_.Find(id); }

const VmRecord* View::FindVm(std::string_view owner,
                             std::string_view name) const {
  return manager_->vms_.FindByName(owner, name);
}

const AccountState* View::FindAccount(std::string_view id) const {
  return manager_->accounts_.Find(id);
}

const std::vector<VmRecord*>& View::vms() const {
  return manager_->vms_.in_order();
}

const std::vector<std::unique_ptr<AccountState>>& View::accounts() const {
  return manager_->accounts_.accounts();
}

size_t View::name_count() const { return manager_->vms_.name_count(); }

size_t View::offer_count() const { return manager_->offers_.size(); }

const Progress& View::progress() const { return manager_->progress_; }

// Nearly always there is none.
bool View::IsOutOfStep(VmId id) const {
  const auto& out_of_step = manager_->out_of_step_;
  return !out_of_step.empty() && out_of_step.contains(id);
}

View VmManager::Observe() const { return View(*this, mutex_); }

}  // namespace vm_manager
