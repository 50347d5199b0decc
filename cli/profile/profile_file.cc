// SPDX-License-Identifier: Apache-2.0
// Profiles from files, and systemd's groups from systemd.

#include "cli/profile/profile_file.h"

#include <cstdio>

#include "campaign/process/child.h"
#include "campaign/syscalls/parse/read.h"
#include "campaign/syscalls/profile/profile_json.h"
#include "framework/base/file.h"

namespace formfuzz::cli {
namespace {

// It prints 30 KB; more than this is something else.
constexpr size_t kGroupsTextMax = 1 << 20;
constexpr uint64_t kGroupsDeadlineMs = 10'000;

campaign::SystemdGroups AskSystemd() {
  const auto said = campaign::RunToEnd(
      {.arguments = {"systemd-analyze", "--no-pager", "syscall-filter"},
       .environment = {},
       .folder = ""},
      campaign::Child::Output::kPiped, kGroupsTextMax, kGroupsDeadlineMs);
  if (!said.ok() || !said->ending.ok()) return {};
  return campaign::ParseSystemdGroups(said->output);
}

}  // namespace

const campaign::SystemdGroups& HostSystemdGroups() {
  static const auto* const kGroups = new campaign::SystemdGroups(AskSystemd());
  return *kGroups;
}

absl::StatusOr<campaign::Profile> OpenProfile(const std::string& path) {
  campaign::ReadOptions options;
  const auto content = ReadFile(path, campaign::kProfileFileSizeMax);
  if (!content.ok()) return content.status();
  if (campaign::GuessFormat(*content) == campaign::Format::kSystemd) {
    const campaign::SystemdGroups& groups = HostSystemdGroups();
    if (!groups.empty()) options.groups = &groups;
  }
  auto profile = campaign::ReadAnyProfile(path, options);
  const bool foreign = profile.ok() && !campaign::LooksLikeProfile(*content);
  if (foreign) {
    for (const std::string& remark : profile->notes) {
      std::fprintf(stderr, "formfuzz: %s: %s\n", path.c_str(), remark.c_str());
    }
  }
  return profile;
}

absl::Status WriteOut(const std::string& path, const std::string& text) {
  if (!path.empty()) return WriteFileAtomically(path, text);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return absl::OkStatus();
}

}  // namespace formfuzz::cli
