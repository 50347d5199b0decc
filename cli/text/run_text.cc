// SPDX-License-Identifier: Apache-2.0
// Writing what `run` shows.

#include "cli/text/run_text.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "campaign/reproduce/reproduction.h"
#include "cli/text/number_text.h"
#include "framework/base/file.h"

namespace formfuzz::cli {
namespace {

using campaign::Finding;
using campaign::RunNumbers;
using campaign::RunOptions;
using campaign::RunResult;

constexpr size_t kStorySizeMax = 1 << 20;
// More stories than this nobody reads; the folders are named all the same.
constexpr size_t kStoriesMax = 5;
constexpr size_t kSaidLinesMax = 20;

std::string ReadOr(const std::string& path, const std::string& otherwise) {
  auto text = ReadFile(path, kStorySizeMax);
  return text.ok() && !text->empty() ? *std::move(text) : otherwise;
}

std::string Indented(std::string_view text) {
  std::string out;
  const std::string whole(text);
  for (const absl::string_view line :
       absl::StrSplit(absl::StripTrailingAsciiWhitespace(whole), '\n')) {
    absl::StrAppend(&out, line.empty() ? "" : "  ", line, "\n");
  }
  return out;
}

std::string LastLines(std::string_view text, size_t lines_max) {
  size_t at = text.size();
  for (size_t line = 0; line <= lines_max && at != std::string_view::npos;
       ++line) {
    at = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  }
  return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

std::string CommandText(const Context& context, const char* verb,
                        const std::string& target, const std::string& path) {
  return campaign::ShellWords({context.command, verb, target, ShortPath(path)});
}

std::string_view ReasonText(RunResult::Reason reason) {
  switch (reason) {
    case RunResult::Reason::kTimeLimit:
      return "time is up";
    case RunResult::Reason::kRunsDone:
      return "all runs done";
    case RunResult::Reason::kFinding:
      return "stopped at a finding";
    case RunResult::Reason::kInterrupted:
      return "interrupted";
    case RunResult::Reason::kStartFails:
      return "an input of the corpus fails at every start";
    case RunResult::Reason::kEngineFailed:
      return "the target ended without saying why";
  }
  return "";
}

std::string HeadText(const RunOptions& options, const RunResult& result) {
  const size_t count = result.findings.size() + result.unrepeated.size();
  const std::string what =
      count == 0 ? std::string(result.unsaved.empty() ? "nothing found"
                                                      : "a finding was lost")
                 : absl::StrCat(count, count == 1 ? " finding" : " findings");
  return absl::StrCat(options.target.name, ": ", what, " (",
                      std::string(ReasonText(result.reason)), ")\n");
}

// What was never reached was never tested.
std::string GoalsText(const campaign::GoalsSeen& goals) {
  if (goals.names.empty()) return "";
  const std::vector<std::string> unreached = goals.Unreached();
  std::string text =
      absl::StrCat("\n  goals       ", goals.names.size() - unreached.size(),
                   " of ", goals.names.size(), " reached");
  for (const std::string& name : unreached) {
    absl::StrAppend(&text, "\n              never reached: ", name);
  }
  return text;
}

// The path of the test in C++, and whether it may be trusted.
std::string ReproducerText(const Finding& finding) {
  if (finding.reproducer.empty()) return "";
  const std::string path = campaign::FindingReproducer(finding.folder);
  std::string text = "\n  as C++    ";
  if (ReadFile(path, kStorySizeMax).ok()) {
    absl::StrAppend(&text, ShortPath(path), "\n            ");
  }
  absl::StrAppend(&text, finding.reproducer);
  if (finding.reproducer != campaign::kVerified) return text;
  return text + ": compiled and run, it fails in the same way";
}

std::string UnrepeatedText(const Context& context, const RunOptions& options,
                           const RunResult& result) {
  std::string text;
  for (const std::string& artifact : result.unrepeated) {
    absl::StrAppend(
        &text,
        "died, and did not do so again when replayed: ", ShortPath(artifact),
        "\n  replay    ",
        CommandText(context, "replay", options.target.name, artifact), "\n\n");
  }
  return text;
}

}  // namespace

std::string ProgressText(const RunNumbers& numbers) {
  return absl::StrCat(
      DurationText(numbers.seconds), "  ", WithCommas(numbers.executions),
      " runs  ", WithCommas(static_cast<uint64_t>(numbers.PerSecond())),
      "/s  edges ", WithCommas(numbers.edges), "  states ",
      WithCommas(numbers.states), "  corpus ", WithCommas(numbers.corpus),
      "  findings ", WithCommas(numbers.findings));
}

std::string FindingText(const Context& context, const std::string& target,
                        const Finding& finding) {
  std::string text = finding.kind.empty() ? "failed" : finding.kind;
  if (!finding.validator.empty()) {
    absl::StrAppend(&text, " · ", finding.validator);
  }
  if (!finding.message.empty()) absl::StrAppend(&text, ": ", finding.message);
  const std::string scenario =
      ReadOr(campaign::FindingScenario(finding.folder), "");
  const std::string trace =
      ReadOr(campaign::FindingTrace(finding.folder), scenario);
  const std::string smallest =
      ReadOr(campaign::FindingMinimizedTrace(finding.folder), "");
  // Its first line says what is said here already.
  const size_t line = smallest.find('\n');
  const std::string story =
      line == std::string::npos ? trace : smallest.substr(line + 1);
  absl::StrAppend(&text, "\n\n", Indented(story), "\n  finding   ",
                  ShortPath(finding.folder), "\n  replay    ",
                  CommandText(context, "replay", target, finding.folder));
  absl::StrAppend(&text, "\n  minimise  ",
                  CommandText(context, "tmin", target, finding.folder),
                  ReproducerText(finding), "\n\n");
  return text;
}

std::string SummaryText(const Context& context, const RunOptions& options,
                        const RunResult& result) {
  std::string text;
  for (size_t i = 0; i < result.findings.size(); ++i) {
    const Finding& finding = result.findings[i];
    absl::StrAppend(&text,
                    i < kStoriesMax
                        ? FindingText(context, options.target.name, finding)
                        : ShortPath(finding.folder) + "\n");
  }
  absl::StrAppend(&text, UnrepeatedText(context, options, result));
  for (const std::string& why : result.unsaved) {
    absl::StrAppend(&text, "a finding is NOT saved: ", why, "\n\n");
  }
  if (result.reason == RunResult::Reason::kEngineFailed) {
    absl::StrAppend(&text, "the target ended by itself (",
                    campaign::ToString(result.ending), "); it said last:\n",
                    Indented(LastLines(result.last_said, kSaidLinesMax)), "\n");
    if (!result.in_flight.empty()) {
      absl::StrAppend(&text,
                      "what it was running does not fail when replayed: ",
                      ShortPath(result.in_flight),
                      "\nwas it killed from outside, or out of memory?\n\n");
    }
  }
  const RunNumbers& numbers = result.numbers;
  absl::StrAppend(&text, HeadText(options, result), "  time        ",
                  DurationText(numbers.seconds), "\n  executions  ",
                  WithCommas(numbers.executions), " (",
                  WithCommas(static_cast<uint64_t>(numbers.PerSecond())),
                  "/s)\n  edges       ", WithCommas(numbers.edges),
                  "\n  states      ", WithCommas(numbers.states),
                  "\n  corpus      ", WithCommas(numbers.corpus), " in ",
                  ShortPath(options.work.corpus()), GoalsText(result.goals),
                  "\n  findings    ", WithCommas(numbers.findings));
  if (numbers.findings > 0) {
    absl::StrAppend(&text, " in ", ShortPath(options.work.findings()));
  }
  return text + "\n";
}

std::string RunJson(const RunOptions& options, const RunResult& result) {
  using Json = nlohmann::ordered_json;
  const RunNumbers& numbers = result.numbers;
  Json json = {{"schema_version", 1},
               {"target", options.target.name},
               {"exit_reason", NameOf(result.reason)},
               {"seconds", numbers.seconds},
               {"executions", numbers.executions},
               {"executions_per_second", numbers.PerSecond()},
               {"edges", numbers.edges},
               {"states", numbers.states},
               {"corpus", numbers.corpus},
               {"findings", numbers.findings},
               {"jobs", options.jobs}};
  json["finding_list"] = Json::array();
  for (const Finding& finding : result.findings) {
    json["finding_list"].push_back({{"folder", finding.folder},
                                    {"kind", finding.kind},
                                    {"validator", finding.validator},
                                    {"signature", finding.signature},
                                    {"message", finding.message},
                                    {"reproducer", finding.reproducer},
                                    {"certificate", finding.certificate}});
  }
  json["goals"] = {{"declared", result.goals.names.size()},
                   {"unreached", result.goals.Unreached()}};
  json["unrepeated"] = result.unrepeated;
  json["unsaved"] = result.unsaved;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace formfuzz::cli
