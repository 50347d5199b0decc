// SPDX-License-Identifier: Apache-2.0
// Every call in turn, and what was counted as JSON.
#include <nlohmann/json.hpp>

#include "framework/base/text.h"
#include "framework/replay/replay.h"
#include "framework/replay/say.h"

namespace formfuzz {
namespace {

std::string ToJson(const ExhaustiveCounts& counts) {
  const nlohmann::ordered_json json = {
      {"inputs", counts.inputs},
      {"points", counts.points},
      {"calls", counts.calls},
      {"executions", counts.executions},
      {"left_out", counts.left_out},
      {"findings", counts.findings},
      {"unrepeated", counts.unrepeated},
      {"harness_broken", counts.harness_broken}};
  return json.dump(2) + "\n";
}

}  // namespace

int Replay::PlayFaults(const std::vector<std::string>& paths,
                       const std::string& findings,
                       const ExhaustiveLimits& limits) {
  std::vector<std::string> names;
  std::vector<std::string> inputs;
  absl::Status status = LoadAll(paths, &names, &inputs);
  if (status.ok() && recipe_.fault_points.empty()) {
    status = absl::InvalidArgumentError(
        Concat(recipe_.name,
               " has no fault points: declare some with .Faults(...), or link "
               "it with INJECT"));
  }
  if (!status.ok()) return Complain(status);
  Recorder sink(findings);
  const ExhaustiveCounts counts =
      ExhaustiveFaults(session_, isolation_, sink).Play(inputs, limits);
  Say(ToJson(counts));
  if (counts.findings > 0) return kFindingExit;
  return counts.harness_broken == 0 ? 0 : kHarnessBrokenExit;
}

}  // namespace formfuzz
