// SPDX-License-Identifier: Apache-2.0
// A program that serves, as a profile says it and as an executor takes it.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_SERVICE_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_SERVICE_H_

#include <optional>

#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

// Nothing for a program that does not serve. InvalidArgument for an address
// that is neither a port, "port/udp" nor the absolute path of a socket;
// NotFound for a peer that there is not.
absl::StatusOr<std::optional<Service>> ServiceOf(
    const ProfiledService& service);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_SERVICE_H_
