// SPDX-License-Identifier: Apache-2.0
// formfuzz init [NAME]: makes a project ready for fuzz targets, with a first
// one that builds and runs.

#include <cstdio>
#include <memory>
#include <string>

#include "cli/scaffold/scaffold.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

int Init(const Context& context, const std::string& name) {
  auto project = OpenProjectToChange(context);
  if (!project.ok()) return Fail(project.status());
  Scaffold scaffold(project->root());
  const absl::Status status = scaffold.Init(name);
  if (!status.ok()) return Fail(status);
  for (const std::string& path : scaffold.changed()) {
    std::printf("%s\n", path.c_str());
  }
  std::printf("\nnext: %s run %s\n", context.command.c_str(), name.c_str());
  return kNothingFound;
}

}  // namespace

void AddInit(CLI::App* app, const Context* context, int* exit_code) {
  auto name = std::make_shared<std::string>("first");
  CLI::App* verb =
      app->add_subcommand("init", "Prepare a project of yours for fuzzing");
  verb->add_option("NAME", *name, "Of the first harness (first)");
  verb->callback([=] { *exit_code = Init(*context, *name); });
}

}  // namespace formfuzz::cli
