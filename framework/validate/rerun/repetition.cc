// SPDX-License-Identifier: Apache-2.0
// Step by step; then what is of the whole run.
#include "framework/validate/rerun/repetition.h"

#include <algorithm>
#include <string>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

Verdict Differs(size_t step, std::string message) {
  return {VerdictKind::kNondeterministic, "SameBytesSameRun",
          std::move(message), step};
}

std::string CameTo(const TraceStep& step) {
  return step.returned ? std::string(step.outcome.label())
                       : std::string("nothing");
}

// Empty where the two are equal.
std::string DifferenceOf(const TraceStep& first, const TraceStep& second) {
  if (CameTo(first) != CameTo(second)) {
    return Concat("came to ", CameTo(first), ", and the second time to ",
                  CameTo(second));
  }
  if (first.state != second.state) return "left another state the second time";
  if (first.now_ms != second.now_ms) {
    return "ended at another time the second time";
  }
  if (first.began != second.began || first.ended != second.ended) {
    return "overlapped other steps the second time";
  }
  return {};
}

}  // namespace

std::optional<Verdict> CompareRuns(const Trace& first, const Trace& second) {
  const size_t common = std::min(first.steps.size(), second.steps.size());
  for (size_t i = 0; i < common; ++i) {
    std::string difference = DifferenceOf(first.steps[i], second.steps[i]);
    if (!difference.empty()) return Differs(i, std::move(difference));
  }
  if (first.steps.size() != second.steps.size()) {
    return Differs(common,
                   Concat("there were ", first.steps.size(),
                          " steps, and the second time ", second.steps.size()));
  }
  if (first.faults_fired != second.faults_fired) {
    return Differs(common, Concat(first.faults_fired,
                                  " faults fired, and the second time ",
                                  second.faults_fired));
  }
  if (first.yields != second.yields) {
    return Differs(common, Concat(first.yields,
                                  " yield points were reached, and the second "
                                  "time ",
                                  second.yields));
  }
  return std::nullopt;
}

}  // namespace formfuzz
