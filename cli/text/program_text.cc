// SPDX-License-Identifier: Apache-2.0
// Writing what a run of a program shows.

#include "cli/text/program_text.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>

#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "campaign/run/findings.h"
#include "cli/text/number_text.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::cli {
namespace {

using campaign::Finding;
using campaign::ProgramRunOptions;
using campaign::ProgramRunResult;
using campaign::Statistics;
using campaign::StopReason;

constexpr size_t kStoriesMax = 5;
constexpr size_t kStorySizeMax = 1 << 16;
constexpr double kNsPerSecond = 1e9;

std::string_view ReasonText(StopReason reason) {
  switch (reason) {
    case StopReason::kTimeLimit:
      return "time is up";
    case StopReason::kRunsDone:
      return "all runs done";
    case StopReason::kIdle:
      return "nothing new for long";
    case StopReason::kResidual:
      return "little is left to find";
    case StopReason::kFinding:
      return "stopped at a finding";
    case StopReason::kInterrupted:
      return "interrupted";
    case StopReason::kTrouble:
      return "it could not go on";
    case StopReason::kNone:
      break;
  }
  return "";
}

std::string Indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    out += Concat(line.empty() ? "" : "  ", line, "\n");
  }
  return out;
}

std::string StoryText(const Context& context, const std::string& folder) {
  const Finding finding = campaign::ReadFinding(folder);
  const auto input = ReadFile(campaign::FindingScenario(folder), kStorySizeMax);
  const std::string shown = ShortPath(folder);
  return Concat(
      finding.kind, " · ", finding.validator, ": ", finding.message, "\n\n",
      Indented(input.ok() ? *input : ""), "\n  finding   ", shown,
      "\n  reproduce ",
      campaign::ShellWords({"sh", ShortPath(campaign::FindingScript(folder))}),
      "\n  replay    ",
      campaign::ShellWords({context.command, "replay", shown}),
      "\n  minimise  ", campaign::ShellWords({context.command, "tmin", shown}),
      "\n\n");
}

std::string ResidualText(double residual) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1e", residual);
  return text;
}

// What is counted as features: without a map of edges, classes of behaviour.
std::string_view CoverageWord(const Statistics& now) {
  return now.cells > 0 ? "edges" : "classes";
}

std::string NumbersText(const ProgramRunOptions& options,
                        const ProgramRunResult& result) {
  const Statistics& now = result.statistics;
  const campaign::RunNumbers numbers = NumbersOf(now);
  return Concat(
      "  time        ", DurationText(numbers.seconds), "\n  executions  ",
      WithCommas(numbers.executions), " (",
      WithCommas(static_cast<uint64_t>(numbers.PerSecond())), "/s",
      result.executor.empty() ? "" : Concat(", ", result.executor), ")\n", "  ",
      CoverageWord(now), now.cells > 0 ? "       " : "     ",
      WithCommas(numbers.edges), "\n  corpus      ", WithCommas(numbers.corpus),
      " in ", ShortPath(options.work.corpus()), "\n  new a run   ",
      ResidualText(now.residual), " (estimate)\n  findings    ",
      WithCommas(numbers.findings),
      numbers.findings > 0 ? " in " + ShortPath(options.work.findings()) : "",
      "\n");
}

}  // namespace

campaign::RunNumbers NumbersOf(const Statistics& statistics) {
  return {.seconds = static_cast<double>(statistics.run_ns) / kNsPerSecond,
          .executions = statistics.executions,
          .edges = statistics.features,
          .states = 0,
          .corpus = statistics.corpus,
          .findings = statistics.findings};
}

std::string ProgressText(const Statistics& now) {
  const campaign::RunNumbers numbers = NumbersOf(now);
  return Concat(
      DurationText(numbers.seconds), "  ", WithCommas(numbers.executions),
      " runs  ", WithCommas(static_cast<uint64_t>(numbers.PerSecond())), "/s  ",
      CoverageWord(now), " ", WithCommas(numbers.edges), "  corpus ",
      WithCommas(numbers.corpus), "  findings ", WithCommas(numbers.findings));
}

std::string ProgramSummaryText(const Context& context,
                               const ProgramRunOptions& options,
                               const ProgramRunResult& result) {
  std::string text;
  for (size_t i = 0; i < result.findings.size(); ++i) {
    text += i < kStoriesMax ? StoryText(context, result.findings[i])
                            : ShortPath(result.findings[i]) + "\n";
  }
  const size_t count = result.findings.size();
  text += Concat(
      options.target.name, ": ",
      count == 0 ? "nothing found"
                 : Concat(count, count == 1 ? " finding" : " findings"),
      " (", ReasonText(result.reason), ")\n", NumbersText(options, result));
  for (const std::string& note : result.notes) text += "  note: " + note + "\n";
  return text;
}

std::string ProgramJson(const ProgramRunOptions& options,
                        const ProgramRunResult& result) {
  using Json = nlohmann::ordered_json;
  const campaign::RunNumbers numbers = NumbersOf(result.statistics);
  Json json = {{"schema_version", 1},
               {"target", options.target.name},
               {"command", options.target.command},
               {"exit_reason", NameOf(result.reason)},
               {"seconds", numbers.seconds},
               {"executions", numbers.executions},
               {"executions_per_second", numbers.PerSecond()},
               {"executor", result.executor},
               {"edges", numbers.edges},
               {"corpus", numbers.corpus},
               {"residual", result.statistics.residual},
               {"unstable", result.statistics.unstable},
               {"crashes", result.statistics.crashes},
               {"hangs", result.statistics.hangs},
               {"findings", numbers.findings},
               {"jobs", options.config.jobs}};
  json["finding_list"] = Json::array();
  for (const std::string& folder : result.findings) {
    const Finding finding = campaign::ReadFinding(folder);
    json["finding_list"].push_back({{"folder", finding.folder},
                                    {"kind", finding.kind},
                                    {"validator", finding.validator},
                                    {"signature", finding.signature},
                                    {"message", finding.message}});
  }
  json["notes"] = result.notes;
  if (!result.trouble.ok()) {
    json["trouble"] = std::string(result.trouble.message());
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace formfuzz::cli
