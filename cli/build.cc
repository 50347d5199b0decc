// SPDX-License-Identifier: Apache-2.0
// formfuzz build [TARGET ...]: builds targets, or all of them, without running.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

struct BuildFlags {
  std::vector<std::string> targets;
  std::string preset = "fuzz";
};

int Build(const Context& context, const BuildFlags& flags) {
  auto project = OpenProject(context);
  if (!project.ok()) return Fail(project.status());
  auto targets = AllTargets(*project, flags.preset);
  if (!targets.ok()) return Fail(targets.status());
  std::vector<campaign::Target> chosen = *targets;
  if (!flags.targets.empty()) chosen.clear();
  for (const std::string& name : flags.targets) {
    auto target = campaign::PickTarget(*targets, name);
    if (!target.ok()) return Fail(target.status());
    chosen.push_back(*std::move(target));
  }
  std::vector<std::string> built;
  for (const campaign::Target& target : chosen) {
    if (!target.binary.empty()) built.push_back(target.name);
    built.push_back(target.name + "_replay");
  }
  if (built.empty()) return kNothingFound;
  const absl::Status status = project->Build(flags.preset, built);
  if (!status.ok()) return Fail(status);
  for (const campaign::Target& target : chosen) {
    std::printf("%s\n",
                ShortPath(target.binary.empty() ? target.replay : target.binary)
                    .c_str());
  }
  return kNothingFound;
}

}  // namespace

void AddBuild(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<BuildFlags>();
  CLI::App* verb = app->add_subcommand("build", "Build targets");
  verb->add_option("TARGET", flags->targets, "Their names; all without any");
  verb->add_option("--preset", flags->preset, "How to build");
  verb->callback([=] { *exit_code = Build(*context, *flags); });
}

}  // namespace formfuzz::cli
