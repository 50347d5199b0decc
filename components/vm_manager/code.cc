// SPDX-License-Identifier: Apache-2.0
// The names of the codes, as logs and reports print them.
#include "components/vm_manager/code.h"

#include <array>
#include <cstddef>

namespace vm_manager {
namespace {

constexpr std::array<std::string_view, kCodeCount> kNames = {
    "ok",
    "malformed",
    "unknown_account",
    "revoked",
    "bad_signature",
    "invalid_window",
    "future",
    "expired",
    "replayed",
    "throttled",
    "invalid_argument",
    "not_found",
    "permission_denied",
    "unknown_target",
    "revoked_target",
    "no_grant",
    "no_snapshot",
    "no_offer",
    "offer_pending",
    "offer_expired",
    "wrong_state",
    "already_exists",
    "too_many",
    "quota_exceeded",
    "hypervisor_failed",
    "store_failed",
};

}  // namespace

std::string_view CodeName(Code code) {
  const auto index = static_cast<size_t>(code);
  return index < kNames.size() ? kNames[index] : "unknown";
}

}  // namespace vm_manager
