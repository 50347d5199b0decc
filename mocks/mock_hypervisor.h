// SPDX-License-Identifier: Apache-2.0
// A hypervisor without machines: domains are records in memory, and every
// call obeys the state rules that libvirt's test driver obeys.
//
// May break: any call can fail when its fault point fires; it then reports
// kUnavailable and has done nothing. A fault that asks for "afterwards" makes
// it report that when all is done; not so Observe and List. A delay lets the
// scenario's time pass before the call is done.
// Never breaks: a call that succeeds did all of it, one that fails did all of
// it or nothing; domains do not change by themselves; snapshots hold what the
// domain was, whatever a caller believes; Observe and List tell the truth;
// domains outlive the manager that made them.
// Every call is a yield point, as a call of a real one takes its time.
// Cost: a search among the domains; no allocation but for new domains.
#ifndef FORMFUZZ_MOCKS_MOCK_HYPERVISOR_H_
#define FORMFUZZ_MOCKS_MOCK_HYPERVISOR_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "components/vm_manager/hypervisor.h"
#include "framework/base/recycled.h"
#include "framework/fault/fault_plan.h"
#include "framework/schedule/task_tally.h"
#include "mocks/by_id.h"

namespace formfuzz {

class MockHypervisor final : public vm_manager::Hypervisor {
 public:
  using VmId = vm_manager::VmId;

  // Fault points.
  static constexpr std::string_view kDefine = "hypervisor.define";
  static constexpr std::string_view kPower = "hypervisor.power";
  static constexpr std::string_view kSnapshot = "hypervisor.snapshot";
  static constexpr std::string_view kChange = "hypervisor.change";
  static constexpr std::string_view kUndefine = "hypervisor.undefine";
  static constexpr std::string_view kLook = "hypervisor.look";

  // Hosts that domains can be on; others do not exist.
  static constexpr std::string_view kHosts[] = {"host-0", "host-1", "host-2"};

  MockHypervisor() = default;  // one that never fails
  // The plan must name all six points and outlive the mock.
  explicit MockHypervisor(FaultPlan& faults);
  // One that has the domains of another, from the start.
  MockHypervisor(FaultPlan& faults, const MockHypervisor& holding)
      : MockHypervisor(faults) {
    domains_ = holding.domains_;
  }

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

  // For validators: never fails, null where there is no such domain.
  const vm_manager::Domain* Find(VmId vm) const;
  // Whether the domain has that snapshot, of that state and shape.
  bool Holds(VmId vm, const vm_manager::Snapshot& snapshot) const;
  size_t domain_count() const { return domains_.size(); }
  // Calls that a fault made fail, so far.
  const TaskTally& faults_shown() const { return faults_shown_; }
  // Calls to change a domain that its state, its snapshots or its absence made
  // fail.
  const TaskTally& refusals() const { return refusals_; }

 private:
  using Domain = vm_manager::Domain;
  using VmState = vm_manager::VmState;
  // What a snapshot goes back to.
  struct Held {
    VmState state;
    vm_manager::Shape shape;
  };
  struct Machine {
    Domain domain;
    std::vector<Held> held;  // by domain.snapshots, of the same order
  };
  // The place of a snapshot of that name; the number of them if there is none.
  static size_t PlaceOf(const Machine& machine, std::string_view name);

  bool Fails(FaultPoint& point);
  // What a call that is done reports. No other call comes in between: there is
  // no yield point but at the beginning.
  absl::Status Done() const;
  absl::Status Refuse(const char* why);
  absl::Status RefuseUnknownSnapshot();
  // The domain, unless the point fires or the domain is missing.
  absl::StatusOr<Machine*> Reach(FaultPoint& point, VmId vm);
  // Moves a domain that is in `from`, or in `or_from`, to `to`.
  absl::Status Move(VmId vm, VmState from, VmState or_from, VmState to);

  Recycled<ById<Machine>> memory_;
  ById<Machine>& domains_ = *memory_;
  FaultPoint define_;
  FaultPoint power_;
  FaultPoint snapshot_;
  FaultPoint change_;
  FaultPoint undefine_;
  FaultPoint look_;
  TaskTally faults_shown_;
  TaskTally refusals_;
  bool is_late_ = false;  // the call under way fails when it is done
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_MOCK_HYPERVISOR_H_
