// SPDX-License-Identifier: Apache-2.0
// What the verbs below `profile` share: profiles in any form, and what this
// host knows that reading and writing them needs.
#ifndef FORMFUZZ_CLI_PROFILE_PROFILE_FILE_H_
#define FORMFUZZ_CLI_PROFILE_PROFILE_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/syscalls/profile/profile.h"
#include "campaign/syscalls/render/systemd_groups.h"

namespace formfuzz::cli {

// Asks systemd-analyze, once; empty where there is none.
const campaign::SystemdGroups& HostSystemdGroups();

// From a file in any form that can be read. Says on stderr what its reader
// passed over.
absl::StatusOr<campaign::Profile> OpenProfile(const std::string& path);

// To the file, or to stdout where `path` is "".
absl::Status WriteOut(const std::string& path, const std::string& text);

}  // namespace formfuzz::cli

#endif  // FORMFUZZ_CLI_PROFILE_PROFILE_FILE_H_
