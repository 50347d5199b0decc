// SPDX-License-Identifier: Apache-2.0
// formfuzz show [TARGET] PATH: an input or a finding, as text, JSON,
// a trace or a test in C++. A finding's own files are shown as they were
// written when it was found.

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "cli/program/program_finding.h"
#include "cli/verb.h"
#include "framework/base/file.h"

namespace formfuzz::cli {
namespace {

constexpr size_t kShownMax = 1 << 26;

struct ShowFlags {
  std::vector<std::string> words;  // [TARGET] PATH
  std::string as = "text";
  std::string preset = "fuzz";
};

std::string FileFor(const std::string& finding, const std::string& as) {
  if (as == "json") return campaign::FindingDescription(finding);
  if (as == "trace") return campaign::FindingTrace(finding);
  if (as == "cpp") return campaign::FindingReproducer(finding);
  return campaign::FindingScenario(finding);
}

int ShowFile(const Context& context, const ShowFlags& flags) {
  auto input = OpenInput(context, flags.preset, flags.words);
  if (!input.ok()) return Fail(input.status());
  auto run = campaign::RunToEnd({.arguments = {input->target.replay, "--show",
                                               input->path, "--as", flags.as},
                                 .environment = {},
                                 .folder = ""},
                                campaign::Child::Output::kOurs, 0);
  if (!run.ok()) return Fail(run.status());
  if (run->ending.ok()) return kNothingFound;
  return run->ending.code == kUsage ? kUsage : kEnvironment;
}

int Show(const Context& context, const ShowFlags& flags) {
  const std::string& path = flags.words.back();
  if (campaign::IsFinding(path)) {
    auto text = ReadFile(FileFor(path, flags.as), kShownMax);
    if (text.ok()) {
      std::fwrite(text->data(), 1, text->size(), stdout);
      return kNothingFound;
    }
    if (IsProgramFinding(path)) {
      return Fail(absl::InvalidArgumentError(
          absl::StrCat("a program's finding has no ", flags.as,
                       ": show it as text, trace or json")));
    }
  }
  return ShowFile(context, flags);
}

}  // namespace

void AddShow(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<ShowFlags>();
  CLI::App* verb = app->add_subcommand("show", "Print an input or a finding");
  verb->add_option("PATH", flags->words,
                   "A finding or an input; a target's name may stand before it")
      ->required()
      ->expected(1, 2);
  verb->add_option("--as", flags->as, "text, json, trace or cpp")
      ->check(CLI::IsMember({"text", "json", "trace", "cpp"}));
  verb->add_option("--preset", flags->preset, "Which build to use");
  verb->callback([=] { *exit_code = Show(*context, *flags); });
}

}  // namespace formfuzz::cli
