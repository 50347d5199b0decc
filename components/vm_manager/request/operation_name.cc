// SPDX-License-Identifier: Apache-2.0
// The names of the operations, in wire order.
#include <array>

#include "components/vm_manager/request/request.h"

namespace vm_manager {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<Operation>> kNames =
    {
        "create", "start",       "stop",           "pause",     "resume",
        "reboot", "snapshot",    "revert",         "resize",    "migrate",
        "delete", "grant",       "revoke_grant",   "offer",     "accept",
        "cancel", "add_account", "revoke_account", "set_quota", "get",
        "list",
};

}  // namespace

std::string_view OperationName(size_t index) {
  return index < kNames.size() ? kNames[index] : "unknown";
}

}  // namespace vm_manager
