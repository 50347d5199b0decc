// SPDX-License-Identifier: Apache-2.0
// formfuzz list: the project's targets, one a line, and on stderr those that
// this build leaves out, with the reason.

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

struct ListFlags {
  std::string preset = "fuzz";
  bool json = false;
};

void PrintJson(const std::vector<campaign::Target>& targets) {
  auto list = nlohmann::ordered_json::array();
  for (const campaign::Target& target : targets) {
    list.push_back({{"name", target.name},
                    {"engine", target.engine},
                    {"binary", target.binary},
                    {"replay", target.replay},
                    {"seeds", target.seeds},
                    {"regressions", target.regressions}});
  }
  std::printf("%s\n", list.dump(2).c_str());
}

int List(const Context& context, const ListFlags& flags) {
  auto project = OpenProject(context);
  if (!project.ok()) return Fail(project.status());
  auto targets = AllTargets(*project, flags.preset);
  if (!targets.ok()) return Fail(targets.status());
  auto absent = campaign::LoadAbsentTargets(project->BuildFolder(flags.preset));
  if (!absent.ok()) return Fail(absent.status());
  if (flags.json) {
    PrintJson(*targets);
    return kNothingFound;
  }
  for (const campaign::Target& target : *targets) {
    std::printf("%s\n", target.name.c_str());
  }
  for (const campaign::AbsentTarget& target : *absent) {
    std::fprintf(stderr, "formfuzz: %s is left out: %s\n", target.name.c_str(),
                 target.reason.c_str());
  }
  if (targets->empty()) {
    std::fprintf(stderr, "formfuzz: no targets yet: %s add NAME makes one\n",
                 context.command.c_str());
  }
  return kNothingFound;
}

}  // namespace

void AddList(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<ListFlags>();
  CLI::App* verb = app->add_subcommand("list", "Name the project's targets");
  verb->add_option("--preset", flags->preset, "Which build to look at");
  verb->add_flag("--json", flags->json, "With their binaries and corpora");
  verb->callback([=] { *exit_code = List(*context, *flags); });
}

}  // namespace formfuzz::cli
