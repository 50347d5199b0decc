// SPDX-License-Identifier: Apache-2.0
// formfuzz tmin [TARGET] PATH: the smallest scenario that still fails the same
// way, fewest steps first. Of a finding, it is written beside its input as
// `minimized`, and its test in C++ is written, compiled and run again; of a
// file, as <file>.minimized. Ends with 0 when it was written
// and 2 when the input does not fail at all.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "campaign/reproduce/reproduction.h"
#include "cli/program/program_finding.h"
#include "cli/verb.h"

namespace formfuzz::cli {
namespace {

struct TminFlags {
  std::vector<std::string> words;  // [TARGET] PATH
  std::string out;
  std::string preset = "fuzz";
  uint64_t runs_max = 0;
};

std::string OutFor(const std::string& path) {
  return campaign::IsFinding(path) ? campaign::FindingMinimized(path)
                                   : path + ".minimized";
}

int Minimise(const Context& context, const TminFlags& flags) {
  const std::string& path = flags.words.back();
  const bool of_finding = campaign::IsFinding(path) && flags.out.empty();
  if (IsProgramFinding(path)) {
    return MinimiseProgram(context, path,
                           flags.out.empty() ? OutFor(path) : flags.out,
                           flags.runs_max);
  }
  auto input = OpenInput(context, flags.preset, flags.words);
  if (!input.ok()) return Fail(input.status());

  const std::string out = flags.out.empty() ? OutFor(path) : flags.out;
  campaign::MinimiseOptions options{
      .input = input->path, .out = out, .runs_max = flags.runs_max};
  if (of_finding) {
    options.reproducer = campaign::FindingReproducer(path);
    options.certificate = campaign::FindingCertificate(path);
  }
  const campaign::Command command =
      campaign::MinimiseCommand(input->target, options);
  auto run = campaign::RunToEnd(command, campaign::Child::Output::kOurs, 0);
  if (!run.ok()) return Fail(run.status());
  if (!run->ending.ok()) {
    return run->ending.code == kUsage ? kUsage : kEnvironment;
  }
  std::printf("\n  minimised %s\n  replay    %s\n", ShortPath(out).c_str(),
              campaign::ShellWords({context.command, "replay",
                                    input->target.name, ShortPath(out)})
                  .c_str());
  if (!of_finding) return kNothingFound;
  const campaign::Finding noted = campaign::Verify(
      input->project, flags.preset, input->target, campaign::ReadFinding(path));
  std::printf("  as C++    %s\n            %s\n",
              ShortPath(options.reproducer).c_str(), noted.reproducer.c_str());
  return kNothingFound;
}

}  // namespace

void AddTmin(CLI::App* app, const Context* context, int* exit_code) {
  auto flags = std::make_shared<TminFlags>();
  CLI::App* verb = app->add_subcommand(
      "tmin", "Minimise a failing input, fewest steps first");
  verb->add_option("PATH", flags->words,
                   "A finding or an input; a target's name may stand before it")
      ->required()
      ->expected(1, 2);
  verb->add_option("--out", flags->out, "Where to write the result");
  verb->add_option("--runs-max", flags->runs_max, "Try at most so many inputs")
      ->check(CLI::PositiveNumber);
  verb->add_option("--preset", flags->preset, "Which build to use");
  verb->callback([=] { *exit_code = Minimise(*context, *flags); });
}

}  // namespace formfuzz::cli
