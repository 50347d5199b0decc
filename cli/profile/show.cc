// SPDX-License-Identifier: Apache-2.0
// formfuzz profile show PROFILE [--why CALL]: a line a call, or all about one.

#include <cstdio>
#include <memory>
#include <string>

#include "campaign/project/nearest.h"
#include "campaign/syscalls/report/profile_text.h"
#include "cli/profile/profile_file.h"
#include "cli/profile/profile_verbs.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

struct ProfileShowFlags {
  std::string path;
  std::string why;
};

int Unknown(const campaign::Profile& profile, const ProfileShowFlags& flags) {
  std::vector<std::string> names;
  for (const auto& entry : profile.entries) names.push_back(entry.name);
  const auto nearest = campaign::NearestNames(flags.why, names);
  const std::string hint =
      nearest.empty() ? "" : Concat("; did you mean ", nearest[0], "?");
  return Fail(absl::NotFoundError(
      Concat(flags.path, " has no call ", flags.why, hint)));
}

int ProfileShow(const ProfileShowFlags& flags) {
  const auto profile = OpenProfile(flags.path);
  if (!profile.ok()) return Fail(profile.status());
  if (flags.why.empty()) {
    std::fputs(campaign::ProfileText(*profile).c_str(), stdout);
    return kNothingFound;
  }
  const auto entries = campaign::EntriesNamed(*profile, flags.why);
  if (entries.empty()) return Unknown(*profile, flags);
  for (const auto* entry : entries) {
    std::fputs(campaign::WhyText(*entry).c_str(), stdout);
  }
  return kNothingFound;
}

}  // namespace

void AddProfileShow(CLI::App* profile, const Context* /*context*/,
                    int* exit_code) {
  auto flags = std::make_shared<ProfileShowFlags>();
  CLI::App* verb = profile->add_subcommand("show", "Print a profile");
  verb->add_option("PROFILE", flags->path, "The profile")->required();
  verb->add_option("--why", flags->why, "All that is known about this call")
      ->type_name("CALL");
  verb->callback([=] { *exit_code = ProfileShow(*flags); });
}

}  // namespace formfuzz::cli
