// SPDX-License-Identifier: Apache-2.0
// The steps, strategies and rules of VM management, for whatever surrounds
// the manager.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_RECIPE_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_RECIPE_H_

#include "harnesses/vm_management/subject.h"

namespace formfuzz {

// Adds them to `target`, and returns it for what is its own.
HarnessBuilder<VmManagement> DescribeVmManagement(
    HarnessBuilder<VmManagement> target);

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_RECIPE_H_
