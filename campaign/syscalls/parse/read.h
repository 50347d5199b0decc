// SPDX-License-Identifier: Apache-2.0
// Reads policies that others wrote, or that were rendered here. What a reader
// does not understand is an error with its line; what a policy cannot hold
// (rules that depend on capabilities, say) is told in its remarks.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_READ_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_READ_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "campaign/syscalls/policy/policy.h"
#include "campaign/syscalls/render/render.h"

namespace formfuzz::campaign {

struct ReadOptions {
  // Of forms that do not say which one they are for.
  Arch arch = NativeArch();
  // Without them a unit that names a @group cannot be read.
  const SystemdGroups* groups = nullptr;
};

// One function a form, in the file of its name. Input is not trusted.
absl::StatusOr<Policy> ReadOci(std::string_view text);
absl::StatusOr<Policy> ReadKubernetes(std::string_view text);
absl::StatusOr<Policy> ReadSystemd(std::string_view text,
                                   const ReadOptions& options);
absl::StatusOr<Policy> ReadMinijail(std::string_view text, Arch arch);
absl::StatusOr<Policy> ReadKafel(std::string_view text, Arch arch);
absl::StatusOr<Policy> ReadPfc(std::string_view text);

absl::StatusOr<Policy> ReadPolicy(Format format, std::string_view text,
                                  const ReadOptions& options);

// By what stands in it; nothing if no form fits.
std::optional<Format> GuessFormat(std::string_view text);

// A file in any form that can be read; a profile of ours with its evidence.
absl::StatusOr<Profile> ReadAnyProfile(const std::string& path,
                                       const ReadOptions& options);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_READ_H_
