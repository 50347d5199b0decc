// SPDX-License-Identifier: Apache-2.0
// formfuzz profile convert PROFILE --format FORM: as another program enforces
// it.

#include <filesystem>
#include <memory>
#include <string>

#include "cli/profile/profile_file.h"
#include "cli/profile/profile_verbs.h"
#include "cli/profile/rendering.h"

namespace formfuzz::cli {
namespace {

struct ConvertFlags {
  std::string path;
  std::string out;
  RenderingFlags rendering;
};

int Convert(const ConvertFlags& flags) {
  const auto profile = OpenProfile(flags.path);
  if (!profile.ok()) return Fail(profile.status());
  RenderingFlags rendering = flags.rendering;
  if (rendering.name.empty() && profile->command.empty()) {
    rendering.name = std::filesystem::path(flags.path).stem().string();
  }
  const absl::Status written = WriteRendering(rendering, *profile, flags.out);
  return written.ok() ? kNothingFound : Fail(written);
}

}  // namespace

void AddProfileConvert(CLI::App* profile, const Context* /*context*/,
                       int* exit_code) {
  auto flags = std::make_shared<ConvertFlags>();
  CLI::App* verb =
      profile->add_subcommand("convert", "In a form that others enforce");
  verb->add_option("PROFILE", flags->path, "In any form that can be read")
      ->required();
  AddRenderingFlags(verb, flags->rendering)->required();
  verb->add_option("--out", flags->out, "A file; else standard output")
      ->type_name("FILE");
  verb->callback([=] { *exit_code = Convert(*flags); });
}

}  // namespace formfuzz::cli
