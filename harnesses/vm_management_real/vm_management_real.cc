// SPDX-License-Identifier: Apache-2.0
// The VM manager with SQLite, libvirt's test driver and Ed25519: the same
// scenarios as vm_management, faults included, a few hundred times slower, to
// tell whether the mocks behave like what they stand for.
#include "harnesses/vm_management/recipe.h"
#include "mocks/mock_hypervisor.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

[[maybe_unused]] const auto vm_management_real = [] {
  auto target =
      DescribeVmManagement(RegisterHarness<VmManagement>("vm_management_real"));
  target.Faults({MockHypervisor::kDefine, MockHypervisor::kPower,
                 MockHypervisor::kSnapshot, MockHypervisor::kChange,
                 MockHypervisor::kUndefine, MockHypervisor::kLook,
                 MockStateStore::kCommit, MockStateStore::kLoad});
  return target;
}();

}  // namespace
}  // namespace formfuzz
