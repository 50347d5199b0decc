// SPDX-License-Identifier: Apache-2.0
// formfuzz profile merge A B...: what any of them was seen to need.

#include <memory>
#include <string>
#include <vector>

#include "campaign/syscalls/policy/comparison.h"
#include "campaign/syscalls/profile/profile_json.h"
#include "cli/profile/profile_file.h"
#include "cli/profile/profile_verbs.h"

namespace formfuzz::cli {
namespace {

struct MergeFlags {
  std::vector<std::string> paths;
  std::string out;
};

int MergeProfiles(const MergeFlags& flags) {
  auto merged = OpenProfile(flags.paths[0]);
  if (!merged.ok()) return Fail(merged.status());
  for (size_t i = 1; i < flags.paths.size(); ++i) {
    const auto more = OpenProfile(flags.paths[i]);
    if (!more.ok()) return Fail(more.status());
    campaign::Merge(*merged, *more);
  }
  const auto written = WriteOut(flags.out, campaign::ProfileJson(*merged));
  return written.ok() ? kNothingFound : Fail(written);
}

}  // namespace

void AddProfileMerge(CLI::App* profile, const Context* /*context*/,
                     int* exit_code) {
  auto flags = std::make_shared<MergeFlags>();
  CLI::App* verb =
      profile->add_subcommand("merge", "All that any of several allows");
  verb->add_option("PROFILES", flags->paths, "In any form that can be read")
      ->required()
      ->expected(2, -1);
  verb->add_option("--out", flags->out, "A file; else standard output")
      ->type_name("FILE");
  verb->callback([=] { *exit_code = MergeProfiles(*flags); });
}

}  // namespace formfuzz::cli
