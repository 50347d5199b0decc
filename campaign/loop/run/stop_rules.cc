// SPDX-License-Identifier: Apache-2.0
// Each rule is one line; the first that holds counts.
#include "campaign/loop/run/stop_rules.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kNsPerMs = 1'000'000;

}  // namespace

std::string_view NameOf(StopReason reason) {
  switch (reason) {
    case StopReason::kNone:
      break;
    case StopReason::kTimeLimit:
      return "time_limit";
    case StopReason::kRunsDone:
      return "runs_done";
    case StopReason::kIdle:
      return "idle";
    case StopReason::kResidual:
      return "residual";
    case StopReason::kFinding:
      return "finding";
    case StopReason::kInterrupted:
      return "interrupted";
    case StopReason::kTrouble:
      return "trouble";
  }
  return "";
}

StopReason ShouldStop(const LoopConfig& config, const Statistics& now) {
  if (config.findings_max != 0 && now.findings >= config.findings_max) {
    return StopReason::kFinding;
  }
  if (config.runs_max != 0 && now.executions >= config.runs_max) {
    return StopReason::kRunsDone;
  }
  if (config.time_ms != 0 && now.run_ns >= config.time_ms * kNsPerMs) {
    return StopReason::kTimeLimit;
  }
  if (config.idle_ms != 0 &&
      now.run_ns - now.last_new_ns >= config.idle_ms * kNsPerMs) {
    return StopReason::kIdle;
  }
  if (config.residual > 0 && now.executions >= kResidualRunsMin &&
      now.residual < config.residual) {
    return StopReason::kResidual;
  }
  return StopReason::kNone;
}

}  // namespace formfuzz::campaign
