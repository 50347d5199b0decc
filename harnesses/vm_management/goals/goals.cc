// SPDX-License-Identifier: Apache-2.0
// Each goal is a look at what the manager holds.
#include "harnesses/vm_management/goals/goals.h"

#include <algorithm>
#include <string>

#include "framework/schedule/scheduler.h"
#include "harnesses/vm_management/vm_model.h"
#include "mocks/mock_hypervisor.h"

namespace formfuzz {
namespace {

using vm_manager::View;
using vm_manager::VmRecord;
using vm_manager::VmState;

template <class Matches>
bool AnyVm(const View& view, Matches&& matches) {
  return std::any_of(view.vms().begin(), view.vms().end(),
                     [&](const VmRecord* vm) { return matches(*vm); });
}

template <class Matches>
bool AnyAccount(const View& view, Matches&& matches) {
  return std::any_of(view.accounts().begin(), view.accounts().end(),
                     [&](const auto& account) { return matches(*account); });
}

template <class Looks>
auto OnView(Looks looks) {
  return [looks](const VmManagement& subject) {
    const Scheduler::Still still;
    return looks(subject.manager().Observe());
  };
}

bool IsPaused(const View& view) {
  return AnyVm(view,
               [](const VmRecord& vm) { return vm.state == VmState::kPaused; });
}

bool HasMoved(const View& view) {
  return AnyVm(view, [](const VmRecord& vm) {
    return vm.host != MockHypervisor::kHosts[0];
  });
}

bool GuestMayManage(const View& view) {
  return AnyVm(view, [](const VmRecord& vm) {
    return std::any_of(vm.grants.begin(), vm.grants.end(), [](auto& grant) {
      return grant.level == vm_manager::Level::kManager;
    });
  });
}

// Of VMs made in the run alice's own never say so: she may have made them.
bool HomeHasAnotherOwner(const View& view) {
  return AnyVm(view, [](const VmRecord& vm) {
    return vm.name == "home" && vm.owner != IdOf(Actor::kAlice);
  });
}

bool RevokedOwns(const View& view) {
  return AnyVm(view, [&](const VmRecord& vm) {
    const vm_manager::AccountState* owner = view.FindAccount(vm.owner);
    return owner != nullptr && owner->record.revoked;
  });
}

bool RevokedIsInvited(const View& view) {
  return AnyVm(view, [&](const VmRecord& vm) {
    if (!vm.offer.has_value()) return false;
    const auto* invited = view.FindAccount(vm.offer->to);
    return invited != nullptr && invited->record.revoked;
  });
}

bool QuotaIsFull(const View& view) {
  return AnyAccount(view, [](const vm_manager::AccountState& account) {
    return account.usage.vms > 0 &&
           (account.usage.vcpus == account.record.quota.vcpus ||
            account.usage.memory_mb == account.record.quota.memory_mb ||
            account.usage.disk_gb == account.record.quota.disk_gb);
  });
}

bool QuotaIsExceeded(const View& view) {
  return AnyAccount(view, [](const vm_manager::AccountState& account) {
    return account.usage.vcpus > account.record.quota.vcpus ||
           account.usage.vms > account.record.quota.vms;
  });
}

bool IsOutOfStep(const View& view) {
  return AnyVm(view,
               [&](const VmRecord& vm) { return view.IsOutOfStep(vm.id); });
}

}  // namespace

void DescribeGoals(HarnessBuilder<VmManagement>& target) {
  target.Goal("a VM is paused", OnView(IsPaused))
      .Goal("a VM is on another host", OnView(HasMoved))
      .Goal("a VM has eight snapshots", OnView([](const View& view) {
              return AnyVm(view, [](const VmRecord& vm) {
                return vm.snapshots.size() == 8;
              });
            }))
      .Goal("a guest may manage a VM", OnView(GuestMayManage))
      .Goal("two offers are open",
            OnView([](const View& view) { return view.offer_count() == 2; }))
      .Goal("home has another owner", OnView(HomeHasAnotherOwner))
      .Goal("a revoked account owns a VM", OnView(RevokedOwns))
      .Goal("a revoked account is invited", OnView(RevokedIsInvited))
      .Goal("a quota is used up", OnView(QuotaIsFull))
      .Goal("a quota is exceeded", OnView(QuotaIsExceeded))
      .Goal("the last VM is gone",
            OnView([](const View& view) { return view.vms().empty(); }));
}

void DescribeGoalsOfFaults(HarnessBuilder<VmManagement>& target) {
  target.Goal("a VM is out of step", OnView(IsOutOfStep));
}

}  // namespace formfuzz
