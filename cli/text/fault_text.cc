// SPDX-License-Identifier: Apache-2.0
// Stories first, as `run` tells them; then the counts.

#include "cli/text/fault_text.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "cli/text/number_text.h"
#include "cli/text/run_text.h"

namespace formfuzz::cli {
namespace {

// More stories than this nobody reads; the folders are named all the same.
constexpr size_t kStoriesMax = 5;

std::string Headline(size_t findings) {
  if (findings == 0) return "nothing found";
  return absl::StrCat(findings, findings == 1 ? " finding" : " findings");
}

}  // namespace

std::string FaultSummaryText(const Context& context,
                             const campaign::RunOptions& options,
                             const campaign::FaultRunResult& result) {
  std::string text;
  for (size_t i = 0; i < result.findings.size(); ++i) {
    absl::StrAppend(&text, i < kStoriesMax
                               ? FindingText(context, options.target.name,
                                             result.findings[i])
                               : ShortPath(result.findings[i].folder) + "\n");
  }
  absl::StrAppend(
      &text, options.target.name, ": ", Headline(result.findings.size()),
      " with every call failing in turn\n  time        ",
      DurationText(result.seconds), "\n  inputs      ",
      WithCommas(result.inputs), "\n  points      ", WithCommas(result.points),
      " reached, ", WithCommas(result.calls), " calls that can fail",
      "\n  executions  ", WithCommas(result.executions), "\n  left out    ",
      WithCommas(result.left_out), " (--runs or --time allow more)",
      "\n  findings    ", WithCommas(result.findings.size()));
  if (result.unrepeated > 0) {
    absl::StrAppend(&text, ", and ", WithCommas(result.unrepeated),
                    " failures that did not happen again alone");
  }
  if (result.harness_broken > 0) {
    absl::StrAppend(&text, "\n  harness     broke in ",
                    WithCommas(result.harness_broken),
                    result.harness_broken == 1 ? " way" : " ways",
                    "; what it said is above");
  }
  return text + "\n";
}

std::string FaultJson(const campaign::RunOptions& options,
                      const campaign::FaultRunResult& result) {
  using Json = nlohmann::ordered_json;
  Json json = {{"schema_version", 1},
               {"target", options.target.name},
               {"faults", "exhaustive"},
               {"seconds", result.seconds},
               {"inputs", result.inputs},
               {"points", result.points},
               {"calls", result.calls},
               {"executions", result.executions},
               {"left_out", result.left_out},
               {"unrepeated", result.unrepeated},
               {"harness_broken", result.harness_broken},
               {"findings", result.findings.size()}};
  json["finding_list"] = Json::array();
  for (const campaign::Finding& finding : result.findings) {
    json["finding_list"].push_back({{"folder", finding.folder},
                                    {"kind", finding.kind},
                                    {"validator", finding.validator},
                                    {"signature", finding.signature},
                                    {"message", finding.message}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace formfuzz::cli
