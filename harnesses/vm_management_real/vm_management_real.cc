// SPDX-License-Identifier: Apache-2.0
// The VM manager with SQLite, libvirt's test driver and Ed25519: the same
// scenarios as vm_management, a few hundred times slower, to tell whether the
// mocks behave like what they stand for.
#include "harnesses/vm_management/recipe.h"

namespace formfuzz {
namespace {

[[maybe_unused]] const auto vm_management_real =
    DescribeVmManagement(RegisterHarness<VmManagement>("vm_management_real"));

}  // namespace
}  // namespace formfuzz
