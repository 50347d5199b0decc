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
constexpr FaultKinds kKinds = CanDo(FaultKind::kAfterwards, FaultKind::kDelay);
constexpr char kWrongState[] = "not in this state";

bool IsHost(std::string_view host) {
  return std::find(std::begin(MockHypervisor::kHosts),
                   std::end(MockHypervisor::kHosts),
                   host) != std::end(MockHypervisor::kHosts);
}

}  // namespace

MockHypervisor::MockHypervisor(FaultPlan& faults)
    : define_(faults, kDefine, kKinds),
      power_(faults, kPower, kKinds),
      snapshot_(faults, kSnapshot, kKinds),
      change_(faults, kChange, kKinds),
      undefine_(faults, kUndefine, kKinds),
      look_(faults, kLook, CanDo(FaultKind::kDelay)) {}

bool MockHypervisor::Fails(FaultPoint& point) {
  YieldAt(kCall);
  is_late_ = false;
  const Fault* fault = point.Hit();
  if (fault == nullptr) [[likely]]
    return false;
  faults_shown_.Add();
  is_late_ = fault->kind == FaultKind::kAfterwards;
  return !is_late_;
}

absl::Status MockHypervisor::Done() const {
  return is_late_ ? absl::UnavailableError("out of reach") : absl::OkStatus();
}

size_t MockHypervisor::PlaceOf(const Machine& machine, std::string_view name) {
  const auto& names = machine.domain.snapshots;
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) -
                             names.begin());
}

absl::Status MockHypervisor::Refuse(const char* why) {
  refusals_.Add();
  return absl::FailedPreconditionError(why);
}

absl::Status MockHypervisor::RefuseUnknownSnapshot() {
  refusals_.Add();
  return absl::NotFoundError("no such snapshot");
}

absl::StatusOr<MockHypervisor::Machine*> MockHypervisor::Reach(
    FaultPoint& point, VmId vm) {
  if (Fails(point)) return absl::UnavailableError("out of reach");
  Machine* machine = domains_.Find(vm);
  if (machine != nullptr) return machine;
  if (&point != &look_) refusals_.Add();
  return absl::NotFoundError("no such domain");
}

absl::Status MockHypervisor::Move(VmId vm, VmState from, VmState or_from,
                                  VmState to) {
  const auto machine = Reach(power_, vm);
  if (!machine.ok()) return machine.status();
  VmState& state = (*machine)->domain.state;
  if (state != from && state != or_from) return Refuse(kWrongState);
  state = to;
  return Done();
}

absl::Status MockHypervisor::Define(const vm_manager::VmRecord& vm) {
  if (Fails(define_)) return absl::UnavailableError("out of reach");
  if (!IsHost(vm.host)) return absl::InvalidArgumentError("no such host");
  if (domains_.Find(vm.id) != nullptr) {
    refusals_.Add();
    return absl::AlreadyExistsError("defined already");
  }
  Domain& domain = domains_.Add(vm.id).domain;
  domain.shape = vm.shape;
  domain.host = vm.host;
  return Done();
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
  const auto machine = Reach(snapshot_, vm);
  if (!machine.ok()) return machine.status();
  Domain& domain = (*machine)->domain;
  if (PlaceOf(**machine, name) != domain.snapshots.size()) {
    refusals_.Add();
    return absl::AlreadyExistsError("a snapshot of that name");
  }
  domain.snapshots.emplace_back(name);
  (*machine)->held.push_back({domain.state, domain.shape});
  return Done();
}

absl::Status MockHypervisor::DropSnapshot(VmId vm, std::string_view name) {
  const auto machine = Reach(snapshot_, vm);
  if (!machine.ok()) return machine.status();
  const size_t place = PlaceOf(**machine, name);
  if (place == (*machine)->held.size()) return RefuseUnknownSnapshot();
  const auto at = static_cast<std::ptrdiff_t>(place);
  auto& names = (*machine)->domain.snapshots;
  names.erase(names.begin() + at);
  (*machine)->held.erase((*machine)->held.begin() + at);
  return Done();
}

absl::Status MockHypervisor::Revert(VmId vm,
                                    const vm_manager::Snapshot& snapshot) {
  const auto machine = Reach(change_, vm);
  if (!machine.ok()) return machine.status();
  const size_t place = PlaceOf(**machine, snapshot.name);
  if (place == (*machine)->held.size()) return RefuseUnknownSnapshot();
  const Held& held = (*machine)->held[place];
  (*machine)->domain.state = held.state;
  (*machine)->domain.shape = held.shape;
  return Done();
}

absl::Status MockHypervisor::Resize(VmId vm, const vm_manager::Shape& shape) {
  const auto machine = Reach(change_, vm);
  if (!machine.ok()) return machine.status();
  Domain& domain = (*machine)->domain;
  if (domain.state != VmState::kStopped) return Refuse(kWrongState);
  domain.shape = shape;
  return Done();
}

absl::Status MockHypervisor::Migrate(VmId vm, std::string_view host) {
  const auto machine = Reach(change_, vm);
  if (!machine.ok()) return machine.status();
  if (!IsHost(host)) return absl::InvalidArgumentError("no such host");
  Domain& domain = (*machine)->domain;
  if (domain.state != VmState::kRunning) return Refuse(kWrongState);
  if (!domain.snapshots.empty()) return Refuse(kWrongState);
  domain.host = host;
  return Done();
}

absl::Status MockHypervisor::Undefine(VmId vm) {
  const auto machine = Reach(undefine_, vm);
  if (!machine.ok()) return machine.status();
  if ((*machine)->domain.state != VmState::kStopped) {
    return Refuse(kWrongState);
  }
  domains_.Remove(vm);
  return Done();
}

absl::StatusOr<vm_manager::Domain> MockHypervisor::Observe(VmId vm) {
  const auto machine = Reach(look_, vm);
  if (!machine.ok()) return machine.status();
  return (*machine)->domain;
}

absl::StatusOr<std::vector<vm_manager::VmId>> MockHypervisor::List() {
  if (Fails(look_)) return absl::UnavailableError("out of reach");
  std::vector<VmId> ids;
  ids.reserve(domains_.size());
  for (const auto& [id, machine] : domains_) ids.push_back(id);
  return ids;
}

bool MockHypervisor::Holds(VmId vm,
                           const vm_manager::Snapshot& snapshot) const {
  const Machine* machine = domains_.Find(vm);
  if (machine == nullptr) return false;
  const size_t place = PlaceOf(*machine, snapshot.name);
  if (place == machine->held.size()) return false;
  const Held& held = machine->held[place];
  return held.state == snapshot.state && held.shape == snapshot.shape;
}

const vm_manager::Domain* MockHypervisor::Find(VmId vm) const {
  const Machine* machine = domains_.Find(vm);
  return machine == nullptr ? nullptr : &machine->domain;
}

}  // namespace formfuzz
