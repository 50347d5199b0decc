// SPDX-License-Identifier: Apache-2.0
// A line a call.
#include "harnesses/vm_management_real/failing_parts.h"

#include "absl/status/status.h"
#include "mocks/mock_hypervisor.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

constexpr FaultKinds kKinds = CanDo(FaultKind::kAfterwards, FaultKind::kDelay);

absl::Status OutOfReach() { return absl::UnavailableError("out of reach"); }

}  // namespace

FailingHypervisor::FailingHypervisor(FaultPlan& faults,
                                     vm_manager::Hypervisor& real)
    : real_(real),
      define_(faults, MockHypervisor::kDefine, kKinds),
      power_(faults, MockHypervisor::kPower, kKinds),
      snapshot_(faults, MockHypervisor::kSnapshot, kKinds),
      change_(faults, MockHypervisor::kChange, kKinds),
      undefine_(faults, MockHypervisor::kUndefine, kKinds),
      look_(faults, MockHypervisor::kLook, CanDo(FaultKind::kDelay)) {}

// A host that does not exist is no matter of the domain.
template <class Call>
absl::Status FailingHypervisor::Change(FaultPoint& point, const Call& call) {
  const Fault* fault = point.Hit();
  const bool fails = fault != nullptr;
  if (fails) faults_shown_.Add();
  if (fails && fault->kind != FaultKind::kAfterwards) return OutOfReach();
  absl::Status status = call();
  if (fails) return OutOfReach();
  if (!status.ok() && !absl::IsInvalidArgument(status)) refusals_.Add();
  return status;
}

bool FailingHypervisor::CannotLook() {
  if (look_.Hit() == nullptr) return false;
  faults_shown_.Add();
  return true;
}

absl::Status FailingHypervisor::Define(const vm_manager::VmRecord& vm) {
  return Change(define_, [&] { return real_.Define(vm); });
}
absl::Status FailingHypervisor::Start(VmId vm) {
  return Change(power_, [&] { return real_.Start(vm); });
}
absl::Status FailingHypervisor::Stop(VmId vm) {
  return Change(power_, [&] { return real_.Stop(vm); });
}
absl::Status FailingHypervisor::Pause(VmId vm) {
  return Change(power_, [&] { return real_.Pause(vm); });
}
absl::Status FailingHypervisor::Resume(VmId vm) {
  return Change(power_, [&] { return real_.Resume(vm); });
}
absl::Status FailingHypervisor::Reboot(VmId vm) {
  return Change(power_, [&] { return real_.Reboot(vm); });
}
absl::Status FailingHypervisor::TakeSnapshot(VmId vm, std::string_view name) {
  return Change(snapshot_, [&] { return real_.TakeSnapshot(vm, name); });
}
absl::Status FailingHypervisor::DropSnapshot(VmId vm, std::string_view name) {
  return Change(snapshot_, [&] { return real_.DropSnapshot(vm, name); });
}
absl::Status FailingHypervisor::Revert(VmId vm,
                                       const vm_manager::Snapshot& snapshot) {
  return Change(change_, [&] { return real_.Revert(vm, snapshot); });
}
absl::Status FailingHypervisor::Resize(VmId vm,
                                       const vm_manager::Shape& shape) {
  return Change(change_, [&] { return real_.Resize(vm, shape); });
}
absl::Status FailingHypervisor::Migrate(VmId vm, std::string_view host) {
  return Change(change_, [&] { return real_.Migrate(vm, host); });
}
absl::Status FailingHypervisor::Undefine(VmId vm) {
  return Change(undefine_, [&] { return real_.Undefine(vm); });
}

absl::StatusOr<vm_manager::Domain> FailingHypervisor::Observe(VmId vm) {
  if (CannotLook()) return OutOfReach();
  return real_.Observe(vm);
}

absl::StatusOr<std::vector<vm_manager::VmId>> FailingHypervisor::List() {
  if (CannotLook()) return OutOfReach();
  return real_.List();
}

FailingStore::FailingStore(FaultPlan& faults, vm_manager::StateStore& real)
    : real_(real),
      commit_(faults, MockStateStore::kCommit, MockStateStore::kKinds),
      load_(faults, MockStateStore::kLoad, MockStateStore::kKinds) {}

absl::Status FailingStore::Load(vm_manager::StateImage* image) {
  if (load_.Hit() == nullptr) return real_.Load(image);
  faults_shown_.Add();
  return OutOfReach();
}

absl::Status FailingStore::Commit(std::span<const vm_manager::Change> changes) {
  if (commit_.Hit() == nullptr) return real_.Commit(changes);
  faults_shown_.Add();
  return OutOfReach();
}

}  // namespace formfuzz
