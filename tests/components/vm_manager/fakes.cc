// SPDX-License-Identifier: Apache-2.0
// The doubles of store and hypervisor: correct, and failing when told to.
#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "tests/components/vm_manager/fixture.h"

namespace vm_manager::testing {

absl::Status FakeStore::Load(StateImage* image) {
  *image = {};
  for (const auto& [id, account] : accounts) image->accounts.push_back(account);
  for (const auto& [id, vm] : vms) image->vms.push_back(vm);
  image->nonces = nonces;
  image->progress = progress;
  return absl::OkStatus();
}

absl::Status FakeStore::Commit(std::span<const Change> changes) {
  ++commits;
  if (fail_commits > 0) {
    --fail_commits;
    return absl::UnavailableError("told to fail");
  }
  for (const Change& change : changes) Apply(change);
  return absl::OkStatus();
}

void FakeStore::Apply(const Change& change) {
  if (const auto* account = std::get_if<const AccountRecord*>(&change)) {
    accounts[(*account)->id] = **account;
  } else if (const auto* vm = std::get_if<const VmRecord*>(&change)) {
    vms[(*vm)->id] = **vm;
  } else if (const auto* nonce = std::get_if<const NonceRecord*>(&change)) {
    std::erase_if(nonces, [nonce](const NonceRecord& one) {
      return one.account == (*nonce)->account && one.nonce == (*nonce)->nonce;
    });
    nonces.push_back(**nonce);
  } else if (const auto* erase = std::get_if<EraseVm>(&change)) {
    vms.erase(erase->vm);
  } else if (const auto* forget = std::get_if<ForgetNonces>(&change)) {
    std::erase_if(nonces, [forget](const NonceRecord& one) {
      return one.expires_ms <= forget->expired_ms;
    });
  } else {
    progress = std::get<Progress>(change);
  }
}

absl::Status FakeHypervisor::Enter() {
  ++calls;
  if (skip_calls > 0) {
    --skip_calls;
    return absl::OkStatus();
  }
  if (fail_calls == 0) return absl::OkStatus();
  --fail_calls;
  is_late_ = late;
  return late ? absl::OkStatus() : absl::UnavailableError("told to fail");
}

absl::Status FakeHypervisor::Leave() {
  return std::exchange(is_late_, false)
             ? absl::UnavailableError("told to fail afterwards")
             : absl::OkStatus();
}

absl::Status FakeHypervisor::Move(VmId vm, bool allowed, VmState to) {
  absl::Status status = Enter();
  if (!status.ok()) return status;
  if (!allowed) return absl::FailedPreconditionError("not in this state");
  domains.at(vm).state = to;
  return status;
}

absl::Status FakeHypervisor::Power(VmId vm, bool allowed, VmState to) {
  absl::Status status = Move(vm, allowed, to);
  return status.ok() ? Leave() : status;
}

absl::Status FakeHypervisor::Define(const VmRecord& vm) {
  absl::Status status = Enter();
  if (!status.ok()) return status;
  const bool is_new =
      domains.emplace(vm.id, Domain{VmState::kStopped, vm.shape, vm.host, {}})
          .second;
  return is_new ? Leave() : absl::AlreadyExistsError("defined already");
}

absl::Status FakeHypervisor::Start(VmId vm) {
  return Power(vm, domains.at(vm).state == VmState::kStopped,
               VmState::kRunning);
}
absl::Status FakeHypervisor::Stop(VmId vm) {
  return Power(vm, domains.at(vm).state != VmState::kStopped,
               VmState::kStopped);
}
absl::Status FakeHypervisor::Pause(VmId vm) {
  return Power(vm, domains.at(vm).state == VmState::kRunning, VmState::kPaused);
}
absl::Status FakeHypervisor::Resume(VmId vm) {
  return Power(vm, domains.at(vm).state == VmState::kPaused, VmState::kRunning);
}
absl::Status FakeHypervisor::Reboot(VmId vm) {
  return Power(vm, domains.at(vm).state == VmState::kRunning,
               VmState::kRunning);
}

absl::Status FakeHypervisor::TakeSnapshot(VmId vm, std::string_view name) {
  absl::Status status = Enter();
  if (!status.ok()) return status;
  domains.at(vm).snapshots.emplace_back(name);
  return Leave();
}

absl::Status FakeHypervisor::DropSnapshot(VmId vm, std::string_view name) {
  absl::Status status = Enter();
  if (!status.ok()) return status;
  std::erase(domains.at(vm).snapshots, name);
  return Leave();
}

absl::Status FakeHypervisor::Revert(VmId vm, const Snapshot& snapshot) {
  absl::Status status = Enter();
  if (!status.ok()) return status;
  domains.at(vm).state = snapshot.state;
  domains.at(vm).shape = snapshot.shape;
  return Leave();
}

absl::Status FakeHypervisor::Resize(VmId vm, const Shape& shape) {
  Domain& domain = domains.at(vm);
  absl::Status status =
      Move(vm, domain.state == VmState::kStopped, VmState::kStopped);
  if (!status.ok()) return status;
  domain.shape = shape;
  return Leave();
}

absl::Status FakeHypervisor::Migrate(VmId vm, std::string_view host) {
  Domain& domain = domains.at(vm);
  const bool allowed =
      domain.state == VmState::kRunning && domain.snapshots.empty();
  absl::Status status = Move(vm, allowed, VmState::kRunning);
  if (!status.ok()) return status;
  domain.host = host;
  return Leave();
}

absl::Status FakeHypervisor::Undefine(VmId vm) {
  absl::Status status =
      Move(vm, domains.at(vm).state == VmState::kStopped, VmState::kStopped);
  if (!status.ok()) return status;
  domains.erase(vm);
  return Leave();
}

absl::StatusOr<Domain> FakeHypervisor::Observe(VmId vm) {
  absl::Status status = Enter();
  if (status.ok()) status = Leave();
  if (!status.ok()) return status;
  const auto found = domains.find(vm);
  if (found == domains.end()) return absl::NotFoundError("no such domain");
  return found->second;
}

absl::StatusOr<std::vector<VmId>> FakeHypervisor::List() {
  absl::Status status = Enter();
  if (status.ok()) status = Leave();
  if (!status.ok()) return status;
  std::vector<VmId> ids;
  for (const auto& [id, domain] : domains) ids.push_back(id);
  return ids;
}

}  // namespace vm_manager::testing
