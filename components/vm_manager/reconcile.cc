// SPDX-License-Identifier: Apache-2.0
// Compares a domain with its record part by part: there at all, host,
// snapshots, shape, power. The order lets each part be changed in a state in
// which the hypervisor allows it.
#include "components/vm_manager/reconcile.h"

#include <algorithm>

namespace vm_manager {
namespace {

// Observes a domain, or makes it when it is gone.
absl::StatusOr<Domain> Find(Hypervisor& hypervisor, const VmRecord& vm) {
  auto domain = hypervisor.Observe(vm.id);
  if (!absl::IsNotFound(domain.status())) return domain;
  absl::Status status = hypervisor.Define(vm);
  if (!status.ok()) return status;
  return Domain{VmState::kStopped, vm.shape, vm.host, {}};
}

absl::Status BringPower(Hypervisor& hypervisor, VmId vm, VmState to,
                        VmState* at) {
  absl::Status status = absl::OkStatus();
  while (status.ok() && *at != to) {
    VmState next = VmState::kRunning;
    if (to == VmState::kStopped) {
      status = hypervisor.Stop(vm);
      next = VmState::kStopped;
    } else if (*at == VmState::kStopped) {
      status = hypervisor.Start(vm);
    } else if (*at == VmState::kPaused) {
      status = hypervisor.Resume(vm);
    } else {
      status = hypervisor.Pause(vm);
      next = VmState::kPaused;
    }
    *at = next;
  }
  return status;
}

bool HasSnapshot(const VmRecord& vm, std::string_view name) {
  return std::any_of(
      vm.snapshots.begin(), vm.snapshots.end(),
      [name](const Snapshot& snapshot) { return snapshot.name == name; });
}

absl::Status DropExtraSnapshots(Hypervisor& hypervisor, const VmRecord& vm,
                                const Domain& domain) {
  for (const std::string& name : domain.snapshots) {
    if (HasSnapshot(vm, name)) continue;
    absl::Status status = hypervisor.DropSnapshot(vm.id, name);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status BringShape(Hypervisor& hypervisor, VmId vm, const Shape& to,
                        Domain* domain) {
  if (domain->shape == to) return absl::OkStatus();
  absl::Status status =
      BringPower(hypervisor, vm, VmState::kStopped, &domain->state);
  if (status.ok()) status = hypervisor.Resize(vm, to);
  if (status.ok()) domain->shape = to;
  return status;
}

// A lost snapshot is taken anew, of a machine that is brought to what the
// snapshot goes back to: its name and its shape are kept, its contents are not.
absl::Status TakeMissingSnapshots(Hypervisor& hypervisor, const VmRecord& vm,
                                  Domain* domain) {
  for (const Snapshot& snapshot : vm.snapshots) {
    const auto& names = domain->snapshots;
    if (std::find(names.begin(), names.end(), snapshot.name) != names.end()) {
      continue;
    }
    absl::Status status = BringShape(hypervisor, vm.id, snapshot.shape, domain);
    if (status.ok()) {
      status = BringPower(hypervisor, vm.id, snapshot.state, &domain->state);
    }
    if (status.ok()) status = hypervisor.TakeSnapshot(vm.id, snapshot.name);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// A domain moves while it runs, and only without snapshots; those of the other
// host are of no use here and are taken anew.
absl::Status BringHome(Hypervisor& hypervisor, const VmRecord& vm,
                       Domain* domain) {
  if (domain->host == vm.host) return absl::OkStatus();
  for (const std::string& name : domain->snapshots) {
    absl::Status status = hypervisor.DropSnapshot(vm.id, name);
    if (!status.ok()) return status;
  }
  domain->snapshots.clear();
  absl::Status status =
      BringPower(hypervisor, vm.id, VmState::kRunning, &domain->state);
  return status.ok() ? hypervisor.Migrate(vm.id, vm.host) : status;
}

}  // namespace

absl::Status BringInStep(Hypervisor& hypervisor, const VmRecord& vm) {
  auto domain = Find(hypervisor, vm);
  if (!domain.ok()) return domain.status();
  absl::Status status = BringHome(hypervisor, vm, &*domain);
  if (status.ok()) status = DropExtraSnapshots(hypervisor, vm, *domain);
  if (status.ok()) status = TakeMissingSnapshots(hypervisor, vm, &*domain);
  if (status.ok()) {
    status = BringShape(hypervisor, vm.id, vm.shape, &*domain);
  }
  if (status.ok()) {
    status = BringPower(hypervisor, vm.id, vm.state, &domain->state);
  }
  return status;
}

absl::Status RemoveDomain(Hypervisor& hypervisor, VmId vm) {
  auto domain = hypervisor.Observe(vm);
  if (absl::IsNotFound(domain.status())) return absl::OkStatus();
  if (!domain.ok()) return domain.status();
  absl::Status status =
      BringPower(hypervisor, vm, VmState::kStopped, &domain->state);
  return status.ok() ? hypervisor.Undefine(vm) : status;
}

}  // namespace vm_manager
