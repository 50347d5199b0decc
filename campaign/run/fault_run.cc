// SPDX-License-Identifier: Apache-2.0
// The replay binary's command line, and what it says in the end.

#include "campaign/run/fault_run.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "campaign/process/child.h"
#include "framework/base/clock.h"
#include "framework/finding/live_stats.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr size_t kOutputMax = 1 << 14;
constexpr int kFindingExit = 77;  // of the replay binary
constexpr int kHarnessBrokenExit = 78;
constexpr int kUsageExit = 2;
// The last batch may take its time; what takes longer than this hangs.
constexpr uint64_t kGraceMs = 120'000;

bool HasFiles(const std::string& folder) {
  std::error_code ignored;
  const fs::directory_iterator files(folder, ignored);
  return files != fs::directory_iterator();
}

std::vector<std::string> Inputs(const WorkFolder& work) {
  std::vector<std::string> inputs;
  for (const std::string& folder : {work.seeds(), work.corpus()}) {
    if (HasFiles(folder)) inputs.push_back(folder);
  }
  return inputs;
}

Command MakeCommand(const RunOptions& options,
                    const std::vector<std::string>& inputs) {
  const uint64_t seconds = (options.time_ms + 999) / 1000;
  Command command{.arguments = {options.target.replay, "--faults", "exhaustive",
                                "--runs-max", absl::StrCat(options.runs_max),
                                "--seconds", absl::StrCat(seconds)},
                  .environment = {{kFindingsVariable, options.work.findings()}},
                  .folder = ""};
  command.arguments.insert(command.arguments.end(), inputs.begin(),
                           inputs.end());
  return command;
}

}  // namespace

absl::StatusOr<FaultRunResult> ReadFaultCounts(const std::string& json) {
  const Json counts = Json::parse(json, nullptr, false);
  FaultRunResult result;
  const auto read = [&](const char* key, uint64_t* count) {
    if (!counts.is_object() || !counts.contains(key) ||
        !counts[key].is_number_unsigned()) {
      return false;
    }
    *count = counts[key].get<uint64_t>();
    return true;
  };
  const bool whole =
      read("inputs", &result.inputs) && read("points", &result.points) &&
      read("calls", &result.calls) && read("executions", &result.executions) &&
      read("left_out", &result.left_out) &&
      read("unrepeated", &result.unrepeated) &&
      read("harness_broken", &result.harness_broken);
  if (whole) return result;
  return absl::DataLossError(
      absl::StrCat("expected counts of faults, got: ", json));
}

absl::StatusOr<FaultRunResult> RunFaults(const RunOptions& options) {
  const std::vector<std::string> inputs = Inputs(options.work);
  if (inputs.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.target.name,
                     " has no inputs whose calls could fail: run it "
                     "without --faults first, or put a seed into corpora/",
                     options.target.name, "/seed/"));
  }
  const FindingWatch watch(options.work.findings());
  const uint64_t started_ns = MonotonicNs();
  auto run = RunToEnd(
      MakeCommand(options, inputs), Child::Output::kResult, kOutputMax,
      options.time_ms == 0 ? kNoDeadlineMs : options.time_ms + kGraceMs);
  if (!run.ok()) return run.status();
  if (run->ending.code == kUsageExit) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.target.replay, " could not do it; see above"));
  }
  if (!run->ending.ok() && run->ending.code != kFindingExit &&
      run->ending.code != kHarnessBrokenExit) {
    return absl::UnavailableError(
        absl::StrCat(options.target.replay, ": ", ToString(run->ending)));
  }
  auto result = ReadFaultCounts(run->output);
  if (!result.ok()) return result;
  result->seconds = static_cast<double>(MonotonicNs() - started_ns) / 1e9;
  for (const std::string& folder : watch.Fresh()) {
    result->findings.push_back(ReadFinding(folder));
  }
  return result;
}

}  // namespace formfuzz::campaign
