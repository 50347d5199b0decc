// SPDX-License-Identifier: Apache-2.0
// The rules of a domain's life, and nothing behind them.
#include "mocks/mock_hypervisor.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"

namespace formfuzz {
namespace {

using vm_manager::VmState;

constexpr YieldSite kCall("hypervisor.call");
constexpr char kWrongState[] = "not in this state";

bool IsHost(std::string_view host) {
  return std::find(std::begin(MockHypervisor::kHosts),
                   std::end(MockHypervisor::kHosts),
                   host) != std::end(MockHypervisor::kHosts);
}

}  // namespace

MockHypervisor::MockHypervisor(FaultPlan& faults)
    : define_(faults, kDefine),
      power_(faults, kPower),
      snapshot_(faults, kSnapshot),
      change_(faults, kChange),
      undefine_(faults, kUndefine),
      look_(faults, kLook) {}

bool MockHypervisor::Fails(FaultPoint& point) {
  YieldAt(kCall);
  if (point.Hit() == nullptr) [[likely]]
    return false;
  faults_shown_.Add();
  return true;
}

absl::Status MockHypervisor::Refuse(const char* why) {
  refusals_.Add();
  return absl::FailedPreconditionError(why);
}

absl::StatusOr<vm_manager::Domain*> MockHypervisor::Reach(FaultPoint& point,
                                                          VmId vm) {
  if (Fails(point)) return absl::UnavailableError("out of reach");
  const auto found = domains_.find(vm);
  if (found != domains_.end()) return &found->second;
  if (&point != &look_) refusals_.Add();
  return absl::NotFoundError("no such domain");
}

absl::Status MockHypervisor::Move(VmId vm, VmState from, VmState or_from,
                                  VmState to) {
  const auto domain = Reach(power_, vm);
  if (!domain.ok()) return domain.status();
  VmState& state = (*domain)->state;
  if (state != from && state != or_from) return Refuse(kWrongState);
  state = to;
  return absl::OkStatus();
}

absl::Status MockHypervisor::Define(const vm_manager::VmRecord& vm) {
  if (Fails(define_)) return absl::UnavailableError("out of reach");
  if (!IsHost(vm.host)) return absl::InvalidArgumentError("no such host");
  const auto [place, is_new] = domains_.try_emplace(vm.id);
  if (!is_new) {
    refusals_.Add();
    return absl::AlreadyExistsError("defined already");
  }
  place->second.shape = vm.shape;
  place->second.host = vm.host;
  return absl::OkStatus();
}

absl::Status MockHypervisor::Start(VmId vm) {
  return Move(vm, VmState::kStopped, VmState::kStopped, VmState::kRunning);
}

absl::Status MockHypervisor::Stop(VmId vm) {
  return Move(vm, VmState::kRunning, VmState::kPaused, VmState::kStopped);
}

absl::Status MockHypervisor::Pause(VmId vm) {
  return Move(vm, VmState::kRunning, VmState::kRunning, VmState::kPaused);
}

absl::Status MockHypervisor::Resume(VmId vm) {
  return Move(vm, VmState::kPaused, VmState::kPaused, VmState::kRunning);
}

absl::Status MockHypervisor::Reboot(VmId vm) {
  return Move(vm, VmState::kRunning, VmState::kRunning, VmState::kRunning);
}

absl::Status MockHypervisor::TakeSnapshot(VmId vm, std::string_view name) {
  const auto domain = Reach(snapshot_, vm);
  if (!domain.ok()) return domain.status();
  std::vector<std::string>& names = (*domain)->snapshots;
  if (std::find(names.begin(), names.end(), name) != names.end()) {
    refusals_.Add();
    return absl::AlreadyExistsError("a snapshot of that name");
  }
  names.emplace_back(name);
  return absl::OkStatus();
}

absl::Status MockHypervisor::DropSnapshot(VmId vm, std::string_view name) {
  const auto domain = Reach(snapshot_, vm);
  if (!domain.ok()) return domain.status();
  if (std::erase((*domain)->snapshots, name) == 0) {
    refusals_.Add();
    return absl::NotFoundError("no such snapshot");
  }
  return absl::OkStatus();
}

absl::Status MockHypervisor::Revert(VmId vm,
                                    const vm_manager::Snapshot& snapshot) {
  const auto domain = Reach(change_, vm);
  if (!domain.ok()) return domain.status();
  const std::vector<std::string>& names = (*domain)->snapshots;
  if (std::find(names.begin(), names.end(), snapshot.name) == names.end()) {
    refusals_.Add();
    return absl::NotFoundError("no such snapshot");
  }
  (*domain)->state = snapshot.state;
  (*domain)->shape = snapshot.shape;
  return absl::OkStatus();
}

absl::Status MockHypervisor::Resize(VmId vm, const vm_manager::Shape& shape) {
  const auto domain = Reach(change_, vm);
  if (!domain.ok()) return domain.status();
  if ((*domain)->state != VmState::kStopped) return Refuse(kWrongState);
  (*domain)->shape = shape;
  return absl::OkStatus();
}

absl::Status MockHypervisor::Migrate(VmId vm, std::string_view host) {
  const auto domain = Reach(change_, vm);
  if (!domain.ok()) return domain.status();
  if (!IsHost(host)) return absl::InvalidArgumentError("no such host");
  if ((*domain)->state != VmState::kRunning) return Refuse(kWrongState);
  if (!(*domain)->snapshots.empty()) return Refuse(kWrongState);
  (*domain)->host = host;
  return absl::OkStatus();
}

absl::Status MockHypervisor::Undefine(VmId vm) {
  const auto domain = Reach(undefine_, vm);
  if (!domain.ok()) return domain.status();
  if ((*domain)->state != VmState::kStopped) return Refuse(kWrongState);
  domains_.erase(vm);
  return absl::OkStatus();
}

absl::StatusOr<vm_manager::Domain> MockHypervisor::Observe(VmId vm) {
  const auto domain = Reach(look_, vm);
  if (!domain.ok()) return domain.status();
  return **domain;
}

absl::StatusOr<std::vector<vm_manager::VmId>> MockHypervisor::List() {
  if (Fails(look_)) return absl::UnavailableError("out of reach");
  std::vector<VmId> ids;
  ids.reserve(domains_.size());
  for (const auto& [id, domain] : domains_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());  // the table's order is not stable
  return ids;
}

const vm_manager::Domain* MockHypervisor::Find(VmId vm) const {
  const auto found = domains_.find(vm);
  return found == domains_.end() ? nullptr : &found->second;
}

}  // namespace formfuzz
