// SPDX-License-Identifier: Apache-2.0
// The formfuzz program: takes the command line apart and hands it to a verb.
// Exit codes: 0 nothing found, 1 findings, 2 usage, 3 environment or build.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "campaign/process/child.h"
#include "campaign/project/nearest.h"
#include "cli/context.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

constexpr char kAbout[] =
    "Typed, stateful, coverage-guided fuzzing of C++.\n"
    "Exit codes: 0 nothing found, 1 findings, 2 usage, 3 environment or build.";

std::string FromEnvironment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

// Everything after a bare -- is the engine's, and not ours to parse.
std::vector<std::string> TakeOwnArguments(int argc, char** argv,
                                          Context* context) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto bare = std::find(words.begin(), words.end(), "--");
  context->has_engine_flags = bare != words.end();
  if (context->has_engine_flags) {
    context->engine_flags.assign(bare + 1, words.end());
  }
  words.erase(bare, words.end());
  return words;
}

void AddVerbs(CLI::App* app, const Context* context, int* exit_code) {
  for (const auto add : {AddRun, AddRunProgram, AddReplay, AddShow, AddTmin,
                         AddList, AddBuild, AddProfile, AddTest, AddSources,
                         AddSeeds, AddInit, AddAdd, AddDoctor}) {
    add(app, context, exit_code);
  }
}

// A word where the verb belongs and none is: what was meant?
absl::Status CheckVerb(const CLI::App& app,
                       const std::vector<std::string>& words) {
  if (words.empty() || words[0][0] == '-') return absl::OkStatus();
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) {
    names.push_back(verb->get_name());
    if (verb->get_name() == words[0]) return absl::OkStatus();
  }
  const auto nearest = campaign::NearestNames(words[0], names);
  return absl::InvalidArgumentError(absl::StrCat(
      "no verb is named \"", words[0], "\"; ",
      nearest.empty() ? absl::StrCat("there are: ", absl::StrJoin(names, ", "))
                      : absl::StrCat("did you mean ",
                                     absl::StrJoin(nearest, " or "), "?")));
}

// Flags for an engine begin with a dash; a word that does not is a program.
void TellProgramsFromTargets(const Context& context,
                             std::vector<std::string>* words) {
  const auto run = std::find(words->begin(), words->end(), "run");
  const bool program = !context.engine_flags.empty() &&
                       !context.engine_flags[0].empty() &&
                       context.engine_flags[0][0] != '-';
  if (program && run != words->end()) *run = kRunProgramVerb;
}

// Elsewhere than with these a bare -- would be lost silently.
absl::Status CheckEngineFlags(const std::vector<std::string>& words,
                              const Context& context) {
  const bool takes =
      std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return word == "run" || word == "profile";
      });
  if (takes || !context.has_engine_flags) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "a bare -- goes before flags for the engine or before a program, and "
      "only run and profile take those");
}

int Main(int argc, char** argv) {
  Context context;
  context.command = FromEnvironment("FORMFUZZ_COMMAND", "formfuzz");
  context.home = FromEnvironment("FORMFUZZ_HOME", "");
  int exit_code = kNothingFound;
  CLI::App app(kAbout, context.command);
  app.require_subcommand(1);
  app.add_option("--project", context.project_root,
                 "The project's folder; else the nearest one, upwards")
      ->type_name("DIR");
  AddVerbs(&app, &context, &exit_code);

  std::vector<std::string> words = TakeOwnArguments(argc, argv, &context);
  absl::Status status = CheckVerb(app, words);
  if (status.ok()) status = CheckEngineFlags(words, context);
  if (!status.ok()) return Fail(status);
  TellProgramsFromTargets(context, &words);
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  campaign::CatchInterrupts();
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kNothingFound : kUsage;
  }
  return exit_code;
}

}  // namespace
}  // namespace formfuzz::cli

int main(int argc, char** argv) { return formfuzz::cli::Main(argc, argv); }
