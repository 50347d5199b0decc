// SPDX-License-Identifier: Apache-2.0
// Most goals are a look at what the model says, which the rules hold the
// manager to: it takes no lock, so that a goal costs little until it is
// reached.
#include "harnesses/vm_management/goals/goals.h"

#include <algorithm>

#include "framework/schedule/scheduler.h"
#include "harnesses/vm_management/vm_model.h"
#include "mocks/mock_hypervisor.h"

namespace formfuzz {
namespace {

using vm_manager::VmState;

template <class Matches>
bool AnyVm(const VmModel& model, Matches&& matches) {
  return std::ranges::any_of(
      model.vms(), [&](const ModelVm& vm) { return vm.exists && matches(vm); });
}

template <class Matches>
bool AnyAccount(const VmModel& model, Matches&& matches) {
  return std::ranges::any_of(model.accounts(),
                             [&](const ModelAccount& account) {
                               return account.exists && matches(account);
                             });
}

template <class Looks>
auto OnModel(Looks looks) {
  return
      [looks](const VmManagement& subject) { return looks(subject.model()); };
}

bool IsPaused(const VmModel& model) {
  return AnyVm(model,
               [](const ModelVm& vm) { return vm.state == VmState::kPaused; });
}

bool HasMoved(const VmModel& model) {
  return AnyVm(model, [](const ModelVm& vm) {
    return vm.host != MockHypervisor::kHosts[0];
  });
}

bool HasEightSnapshots(const VmModel& model) {
  return AnyVm(model,
               [](const ModelVm& vm) { return vm.snapshots.size() == 8; });
}

bool GuestMayManage(const VmModel& model) {
  return AnyVm(model, [](const ModelVm& vm) {
    return std::ranges::find(vm.grants, vm_manager::Level::kManager) !=
           vm.grants.end();
  });
}

// Of VMs made in the run alice's own never say so: she may have made them.
bool HomeHasAnotherOwner(const VmModel& model) {
  return AnyVm(model, [](const ModelVm& vm) {
    return vm.owner != static_cast<size_t>(Actor::kAlice) &&
           vm.made.name == "home";
  });
}

bool RevokedOwns(const VmModel& model) {
  return AnyVm(model, [&](const ModelVm& vm) {
    return model.account(vm.owner).revoked;
  });
}

bool RevokedIsInvited(const VmModel& model) {
  return AnyVm(model, [&](const ModelVm& vm) {
    return vm.offered && model.account(vm.offer_to).revoked;
  });
}

bool QuotaIsFull(const VmModel& model) {
  return AnyAccount(model, [](const ModelAccount& account) {
    return account.usage.vms > 0 &&
           (account.usage.vcpus == account.quota.vcpus ||
            account.usage.memory_mb == account.quota.memory_mb ||
            account.usage.disk_gb == account.quota.disk_gb);
  });
}

bool QuotaIsExceeded(const VmModel& model) {
  return AnyAccount(model, [](const ModelAccount& account) {
    return account.usage.vcpus > account.quota.vcpus ||
           account.usage.vms > account.quota.vms;
  });
}

// What the manager alone knows.
bool IsOutOfStep(const VmManagement& subject) {
  const Scheduler::Still still;
  const vm_manager::View view = subject.manager().Observe();
  return std::ranges::any_of(view.vms(), [&](const vm_manager::VmRecord* vm) {
    return view.IsOutOfStep(vm->id);
  });
}

}  // namespace

void DescribeGoals(HarnessBuilder<VmManagement>& target) {
  target.Goal("a VM is paused", OnModel(IsPaused))
      .Goal("a VM is on another host", OnModel(HasMoved))
      .Goal("a VM has eight snapshots", OnModel(HasEightSnapshots))
      .Goal("a guest may manage a VM", OnModel(GuestMayManage))
      .Goal("two offers are open", OnModel([](const VmModel& model) {
              return model.offer_count() == 2;
            }))
      .Goal("home has another owner", OnModel(HomeHasAnotherOwner))
      .Goal("a revoked account owns a VM", OnModel(RevokedOwns))
      .Goal("a revoked account is invited", OnModel(RevokedIsInvited))
      .Goal("a quota is used up", OnModel(QuotaIsFull))
      .Goal("a quota is exceeded", OnModel(QuotaIsExceeded))
      .Goal("the last VM is gone", OnModel([](const VmModel& model) {
              return model.vm_count() == 0;
            }));
}

void DescribeGoalsOfFaults(HarnessBuilder<VmManagement>& target) {
  target.Goal("a VM is out of step", IsOutOfStep);
}

}  // namespace formfuzz
