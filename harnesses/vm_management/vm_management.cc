// SPDX-License-Identifier: Apache-2.0
// The VM manager among mocks that may fail: who may do what, in which order,
// and what is left when the hypervisor or the store lets the manager down.
#include "harnesses/vm_management/goals/goals.h"
#include "harnesses/vm_management/recipe.h"
#include "mocks/mock_hypervisor.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

[[maybe_unused]] const auto vm_management = [] {
  auto target =
      DescribeVmManagement(RegisterHarness<VmManagement>("vm_management"));
  target.Faults({MockHypervisor::kDefine, MockHypervisor::kPower,
                 MockHypervisor::kSnapshot, MockHypervisor::kChange,
                 MockHypervisor::kUndefine, MockHypervisor::kLook,
                 MockStateStore::kCommit, MockStateStore::kLoad});
  DescribeGoalsOfFaults(target);
  return target;
}();

}  // namespace
}  // namespace formfuzz
