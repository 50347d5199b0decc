// SPDX-License-Identifier: Apache-2.0
// formfuzz profile: what a program asks of the kernel, as a profile that its
// own verbs show, compare and turn into other forms.

#include "cli/profile/profile_verbs.h"
#include "cli/verb.h"

namespace formfuzz::cli {

void AddProfile(CLI::App* app, const Context* context, int* exit_code) {
  CLI::App* profile = app->add_subcommand(
      "profile", "System calls that a program needs, with evidence");
  profile->require_subcommand(0, 1);
  for (const auto add :
       {AddProfileLearn, AddProfileShow, AddProfileDiff, AddProfileSubset,
        AddProfileMerge, AddProfileConvert, AddProfileVerify}) {
    add(profile, context, exit_code);
  }
}

}  // namespace formfuzz::cli
