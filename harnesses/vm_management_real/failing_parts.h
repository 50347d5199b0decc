// SPDX-License-Identifier: Apache-2.0
// A hypervisor and a store that fail as the mocks' fault points say, and else
// do what the real ones behind them do. A fault that asks for "afterwards"
// makes a change of a domain fail when it is done; a commit never, as the
// store's interface promises. What is behind is not owned.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_REAL_FAILING_PARTS_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_REAL_FAILING_PARTS_H_

#include <string_view>
#include <vector>

#include "components/vm_manager/hypervisor.h"
#include "components/vm_manager/state_store.h"
#include "framework/fault/fault_plan.h"
#include "framework/schedule/task_tally.h"

namespace formfuzz {

class FailingHypervisor final : public vm_manager::Hypervisor {
 public:
  using VmId = vm_manager::VmId;

  FailingHypervisor(FaultPlan& faults, vm_manager::Hypervisor& real);

  absl::Status Define(const vm_manager::VmRecord& vm) override;
  absl::Status Start(VmId vm) override;
  absl::Status Stop(VmId vm) override;
  absl::Status Pause(VmId vm) override;
  absl::Status Resume(VmId vm) override;
  absl::Status Reboot(VmId vm) override;
  absl::Status TakeSnapshot(VmId vm, std::string_view name) override;
  absl::Status DropSnapshot(VmId vm, std::string_view name) override;
  absl::Status Revert(VmId vm, const vm_manager::Snapshot& snapshot) override;
  absl::Status Resize(VmId vm, const vm_manager::Shape& shape) override;
  absl::Status Migrate(VmId vm, std::string_view host) override;
  absl::Status Undefine(VmId vm) override;
  absl::StatusOr<vm_manager::Domain> Observe(VmId vm) override;
  absl::StatusOr<std::vector<VmId>> List() override;

  const TaskTally& faults_shown() const { return faults_shown_; }
  // Changes of domains that exist, refused by the real one of itself.
  const TaskTally& refusals() const { return refusals_; }

 private:
  template <class Call>
  absl::Status Change(FaultPoint& point, const Call& call);
  bool CannotLook();

  vm_manager::Hypervisor& real_;
  FaultPoint define_;
  FaultPoint power_;
  FaultPoint snapshot_;
  FaultPoint change_;
  FaultPoint undefine_;
  FaultPoint look_;
  TaskTally faults_shown_;
  TaskTally refusals_;
};

class FailingStore final : public vm_manager::StateStore {
 public:
  FailingStore(FaultPlan& faults, vm_manager::StateStore& real);

  absl::Status Load(vm_manager::StateImage* image) override;
  absl::Status Commit(std::span<const vm_manager::Change> changes) override;

  const TaskTally& faults_shown() const { return faults_shown_; }

 private:
  vm_manager::StateStore& real_;
  FaultPoint commit_;
  FaultPoint load_;
  TaskTally faults_shown_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_REAL_FAILING_PARTS_H_
