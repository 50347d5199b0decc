// SPDX-License-Identifier: Apache-2.0
// formfuzz sources [NAME ...]: gets the sources of the real libraries that
// come with a harness, by ci/fetch_sources of formfuzz's own clone.

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "campaign/process/child.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

int Sources(const Context& context, const std::vector<std::string>& names) {
  if (context.home.empty()) {
    return Fail(absl::FailedPreconditionError(
        "sources are for the targets that come with formfuzz: run ./formfuzz "
        "sources in a clone of it"));
  }
  campaign::Command command;
  command.arguments = {absl::StrCat(context.home, "/ci/fetch_sources")};
  command.arguments.insert(command.arguments.end(), names.begin(), names.end());
  std::fflush(stdout);
  auto run = campaign::RunToEnd(command, campaign::Child::Output::kOurs, 0);
  if (!run.ok()) return Fail(run.status());
  const int code = run->ending.signal == 0 ? run->ending.code : kEnvironment;
  return code == kNothingFound || code == kUsage ? code : kEnvironment;
}

}  // namespace

void AddSources(CLI::App* app, const Context* context, int* exit_code) {
  auto names = std::make_shared<std::vector<std::string>>();
  CLI::App* verb = app->add_subcommand(
      "sources", "Get the sources of real libraries under test");
  verb->add_option("NAME", *names, "Their names; all without any");
  verb->callback([=] { *exit_code = Sources(*context, *names); });
}

}  // namespace formfuzz::cli
