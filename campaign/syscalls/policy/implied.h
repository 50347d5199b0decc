// SPDX-License-Identifier: Apache-2.0
// Calls that belong into a profile though no run need show them, each with its
// reason.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_IMPLIED_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_IMPLIED_H_

#include <span>
#include <string_view>

#include "campaign/syscalls/policy/policy.h"
#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

// For each architecture that the profile has calls of, or the native one where
// it has none. What is seen already stays as it is, but for its arguments and
// phases: what the kernel or another host may do with the call, and when, is
// not told by them.
void AddImplied(Profile& profile);

// What a container's runtime itself calls between its filter and the program.
std::span<const std::string_view> CallsOf(Runtime runtime);
std::string_view ReasonOf(Runtime runtime);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_POLICY_IMPLIED_H_
