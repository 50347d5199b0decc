// SPDX-License-Identifier: Apache-2.0
// Brings a domain of the hypervisor to what the record says, whatever it is
// now; nothing is called where nothing differs. Used after a failed commit or
// call and after a crash. What a guest held in memory or on a disk that had to
// be made anew is lost; so is what a snapshot held that had to be taken anew,
// but for the state and shape that it goes back to.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_RECONCILE_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_RECONCILE_H_

#include "absl/status/status.h"
#include "components/vm_manager/hypervisor.h"
#include "components/vm_manager/records.h"

namespace vm_manager {

// OK when the domain agrees with the record; else the first error of the
// hypervisor, and the domain is anywhere in between: try again later.
absl::Status BringInStep(Hypervisor& hypervisor, const VmRecord& vm);

// Removes a domain that has no record, in whatever state it is.
absl::Status RemoveDomain(Hypervisor& hypervisor, VmId vm);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_RECONCILE_H_
