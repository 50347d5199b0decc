// SPDX-License-Identifier: Apache-2.0
// The profile's own file format: docs/profile_format.md. What is written is
// read back as it was, bytes that are no text included.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_PROFILE_JSON_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_PROFILE_JSON_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/syscalls/profile/profile.h"

namespace formfuzz::campaign {

// Grows when a reader of today would misunderstand what is written; fields
// that are only new do not count.
inline constexpr int kProfileVersion = 1;
inline constexpr char kProfileFormat[] = "formfuzz-profile";

// Files are refused above this, in any form; the largest seen has 400 KB.
inline constexpr size_t kProfileFileSizeMax = 64 << 20;

std::string ProfileJson(const Profile& profile);

// `json` is not trusted. Errors: InvalidArgument, which names the place.
absl::StatusOr<Profile> ReadProfileJson(std::string_view json);

// Whether a file with this content claims to be a profile of ours.
bool LooksLikeProfile(std::string_view content);

absl::Status WriteProfile(const std::string& path, const Profile& profile);
absl::StatusOr<Profile> ReadProfile(const std::string& path);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PROFILE_PROFILE_JSON_H_
