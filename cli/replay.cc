// SPDX-License-Identifier: Apache-2.0
// formfuzz replay [TARGET] [PATH ...]: runs inputs again, one after the other.
// Without a path: every curated input, twice, in two orders, with the traces
// compared. A path is an input, a folder of inputs, or a finding.

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "cli/program/program_finding.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

struct ReplayFlags {
  std::vector<std::string> words;  // [TARGET] [PATH ...]
  std::string preset = "fuzz";
};

bool Exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// A first word with a slash that exists is a path: its target is then told by
// where it lies.
absl::StatusOr<std::string> TakeTarget(std::vector<std::string>* words) {
  const std::string first = words->front();
  if (first.find('/') != std::string::npos && Exists(first)) {
    return TargetFor(first);
  }
  words->erase(words->begin());
  return first;
}

absl::StatusOr<std::vector<std::string>> Inputs(
    const campaign::Target& target, const std::vector<std::string>& paths) {
  std::vector<std::string> inputs;
  if (paths.empty()) {
    inputs = target.CuratedFolders();
    if (inputs.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          target.name, " has no curated inputs yet: put one into corpora/",
          target.name, "/seed/ and build again, or name a file"));
    }
    inputs.insert(inputs.begin(), "--twice");
  }
  for (const std::string& path : paths) {
    if (!Exists(path)) {
      return absl::InvalidArgumentError(absl::StrCat("there is no ", path));
    }
    inputs.push_back(campaign::IsFinding(path) ? campaign::FindingInput(path)
                                               : path);
  }
  return inputs;
}

// The replay binary says 0 and 2 as this program does; all else is a failure
// of what was replayed, even a death that nobody could turn into an exit code.
int ExitCode(const campaign::Ending& ending) {
  const bool ours = ending.signal == 0 &&
                    (ending.code == kNothingFound || ending.code == kUsage ||
                     ending.code == kEnvironment);
  return ours ? ending.code : kFound;
}

int Replay(const Context& context, ReplayFlags flags) {
  if (IsProgramFinding(flags.words.front())) {
    if (flags.words.size() > 2) {
      return Fail(absl::InvalidArgumentError(
          "of a program's finding one input at a time is replayed"));
    }
    return ReplayProgram(flags.words.front(),
                         flags.words.size() > 1 ? flags.words.back() : "");
  }
  auto name = TakeTarget(&flags.words);
  if (!name.ok()) return Fail(name.status());
  auto project = OpenProject(context);
  if (!project.ok()) return Fail(project.status());
  auto target = BuildTarget(*project, flags.preset, *name, false);
  if (!target.ok()) return Fail(target.status());
  auto inputs = Inputs(*target, flags.words);
  if (!inputs.ok()) return Fail(inputs.status());
  inputs->insert(inputs->begin(), target->replay);
  auto run = campaign::RunToEnd(
      {.arguments = *std::move(inputs), .environment = {}, .folder = ""},
      campaign::Child::Output::kOurs, 0);
  if (!run.ok()) return Fail(run.status());
  return ExitCode(run->ending);
}

}  // namespace

void AddReplay(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<ReplayFlags>();
  CLI::App* verb = app->add_subcommand(
      "replay", "Run inputs again; without any, all that are curated");
  verb->add_option("TARGET", flags->words,
                   "A target's name, then inputs, folders or findings; or a "
                   "program's finding, then perhaps another input for it")
      ->required();
  verb->add_option("--preset", flags->preset, "Which build to use");
  verb->callback([=] { *exit_code = Replay(*context, *flags); });
}

}  // namespace formfuzz::cli
