// SPDX-License-Identifier: Apache-2.0
// formfuzz add NAME: a new harness in a project that has some.

#include <cstdio>
#include <memory>
#include <string>

#include "cli/scaffold/scaffold.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

int Add(const Context& context, const std::string& name) {
  auto project = OpenProjectToChange(context);
  if (!project.ok()) return Fail(project.status());
  Scaffold scaffold(project->root());
  const absl::Status status = scaffold.AddHarness(name);
  if (!status.ok()) return Fail(status);
  for (const std::string& path : scaffold.changed()) {
    std::printf("%s\n", path.c_str());
  }
  std::printf("\nnext: %s run %s\n", context.command.c_str(), name.c_str());
  return kNothingFound;
}

}  // namespace

void AddAdd(CLI::App* app, const Context* context, int* exit_code) {
  auto name = std::make_shared<std::string>();
  CLI::App* verb = app->add_subcommand("add", "Add a harness");
  verb->add_option("NAME", *name, "Of the harness and its target")->required();
  verb->callback([=] { *exit_code = Add(*context, *name); });
}

}  // namespace formfuzz::cli
