// SPDX-License-Identifier: Apache-2.0
// Running a finding of a program again, and making it smaller.

#include "cli/program/program_finding.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "campaign/loop/form/input_form.h"
#include "campaign/loop/triage/failure.h"
#include "campaign/loop/triage/program_finding.h"
#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

using campaign::Failure;

constexpr size_t kInputMax = size_t{1} << 30;
constexpr uint32_t kTriesMax = 100'000;

// A finding, ready to be run.
struct Again {
  campaign::FoundProgram found;
  std::unique_ptr<campaign::InputForm> form;
  std::unique_ptr<campaign::Executor> executor;
  campaign::InputBytes input;

  absl::StatusOr<std::optional<Failure>> Run(Bytes bytes) {
    campaign::ProgramInput program;
    form->Fill(bytes, program);
    campaign::Execution execution;
    const absl::Status status = executor->Run(program, execution);
    if (!status.ok()) return status;
    if (!execution.crashed && !execution.hung()) return std::nullopt;
    return FailureOf(execution, found.config.timeout_ms);
  }
};

absl::StatusOr<Again> Open(const std::string& finding,
                           const std::string& path) {
  auto found = campaign::ReadFoundProgram(finding);
  if (!found.ok()) return found.status();
  const auto input = ReadFile(path, kInputMax);
  if (!input.ok()) return input.status();
  auto executor = MakeExecutor(OptionsFor(found->target, found->config));
  if (!executor.ok()) return executor.status();
  const bool typed = found->config.typed;
  return Again{.found = *std::move(found),
               .form = typed ? campaign::MakeCommandLineForm({})
                             : campaign::MakePlainForm(),
               .executor = *std::move(executor),
               .input = {input->begin(), input->end()}};
}

}  // namespace

bool IsProgramFinding(const std::string& path) {
  std::error_code ignored;
  return campaign::IsFinding(path) &&
         std::filesystem::exists(campaign::FindingProgram(path), ignored);
}

int ReplayProgram(const std::string& finding, const std::string& input) {
  const std::string path =
      input.empty() ? campaign::FindingInput(finding) : input;
  auto again = Open(finding, path);
  if (!again.ok()) return Fail(again.status());
  const auto failure = again->Run(again->input);
  if (!failure.ok()) return Fail(failure.status());
  if (!failure->has_value()) {
    std::printf("%s: passed\n", ShortPath(path).c_str());
    return kNothingFound;
  }
  std::printf("%s: %s · %s: %s\n", ShortPath(path).c_str(),
              (*failure)->hung ? "hung" : "crashed", (*failure)->what.c_str(),
              (*failure)->message.c_str());
  std::fputs((*failure)->errors.c_str(), stderr);
  return kFound;
}

int MinimiseProgram(const Context& context, const std::string& finding,
                    const std::string& out, uint64_t runs_max) {
  auto again = Open(finding, campaign::FindingInput(finding));
  if (!again.ok()) return Fail(again.status());
  const auto first = again->Run(again->input);
  if (!first.ok()) return Fail(first.status());
  if (!first->has_value()) {
    return Fail(absl::InvalidArgumentError(
        Concat(finding, " does not fail: nothing to minimise")));
  }
  const uint64_t likeness = (*first)->Likeness();
  absl::Status status;
  const auto still_does = [&](Bytes candidate) {
    if (!status.ok() || campaign::Interrupted()) return false;
    const auto failure = again->Run(candidate);
    if (!failure.ok()) status = failure.status();
    return failure.ok() && failure->has_value() &&
           (*failure)->Likeness() == likeness;
  };
  const size_t before = again->input.size();
  const auto tries = static_cast<uint32_t>(
      runs_max == 0 ? kTriesMax : std::min<uint64_t>(runs_max, kTriesMax));
  again->form->Shrink(
      {.tries_max = tries, .pieces_max = UINT32_MAX, .plain = true}, still_does,
      again->input);
  if (status.ok()) status = WriteFileAtomically(out, AsText(again->input));
  if (!status.ok()) return Fail(status);
  std::printf("%s\n  minimised %s (%zu bytes of %zu)\n",
              again->form->Text(again->input).c_str(), ShortPath(out).c_str(),
              again->input.size(), before);
  std::printf("  replay    %s\n",
              campaign::ShellWords({context.command, "replay",
                                    ShortPath(finding), ShortPath(out)})
                  .c_str());
  return kNothingFound;
}

}  // namespace formfuzz::cli
