// SPDX-License-Identifier: Apache-2.0
// What a program that serves is sent: bytes for a connection each.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_REQUESTS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_REQUESTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz::campaign {

// In a few protocols, for a program that nothing is known of.
std::vector<std::string> UsualRequests();

// A user's own: each file of the folder is one. NotFound without the folder.
absl::StatusOr<std::vector<std::string>> RequestsIn(const std::string& folder);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_DRIVE_REQUESTS_H_
