// SPDX-License-Identifier: Apache-2.0
// Situations that a campaign must have been in before "nothing found" says
// anything about the VM manager.
#ifndef FORMFUZZ_HARNESSES_VM_MANAGEMENT_GOALS_GOALS_H_
#define FORMFUZZ_HARNESSES_VM_MANAGEMENT_GOALS_GOALS_H_

#include "harnesses/vm_management/subject.h"

namespace formfuzz {

void DescribeGoals(HarnessBuilder<VmManagement>& target);
// Those that only parts that fail lead to.
void DescribeGoalsOfFaults(HarnessBuilder<VmManagement>& target);

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_VM_MANAGEMENT_GOALS_GOALS_H_
