// SPDX-License-Identifier: Apache-2.0
// The seam to what runs the machines. A domain is the hypervisor's side of a
// VM, known by the same VmId. The manager calls under its lock, one call at a
// time. A call that returns an error may have done all of it, a part or
// nothing, as when an answer is lost: the manager looks at the domain then.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_HYPERVISOR_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_HYPERVISOR_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "components/vm_manager/records.h"

namespace vm_manager {

// What the hypervisor itself says about a domain.
struct Domain {
  VmState state = VmState::kStopped;
  Shape shape;
  std::string host;
  std::vector<std::string> snapshots;  // names, in any order
};

class Hypervisor {
 public:
  virtual ~Hypervisor() = default;

  // A stopped domain with the shape, image, networks and host of `vm`.
  // kAlreadyExists when there is a domain of that id.
  virtual absl::Status Define(const VmRecord& vm) = 0;
  virtual absl::Status Start(VmId vm) = 0;   // stopped -> running
  virtual absl::Status Stop(VmId vm) = 0;    // running, paused -> stopped
  virtual absl::Status Pause(VmId vm) = 0;   // running -> paused
  virtual absl::Status Resume(VmId vm) = 0;  // paused -> running
  virtual absl::Status Reboot(VmId vm) = 0;  // running -> running
  virtual absl::Status TakeSnapshot(VmId vm, std::string_view name) = 0;
  virtual absl::Status DropSnapshot(VmId vm, std::string_view name) = 0;
  // Back to the snapshot, which holds the machine state and the shape that
  // the domain had; `snapshot` says which these are.
  virtual absl::Status Revert(VmId vm, const Snapshot& snapshot) = 0;
  virtual absl::Status Resize(VmId vm, const Shape& shape) = 0;  // stopped
  // A running domain without snapshots moves to `host`, still running.
  virtual absl::Status Migrate(VmId vm, std::string_view host) = 0;
  // A stopped domain and its snapshots are gone afterwards.
  virtual absl::Status Undefine(VmId vm) = 0;

  // kNotFound when there is no such domain.
  virtual absl::StatusOr<Domain> Observe(VmId vm) = 0;
  // Every domain that belongs to this manager, in any order.
  virtual absl::StatusOr<std::vector<VmId>> List() = 0;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_HYPERVISOR_H_
