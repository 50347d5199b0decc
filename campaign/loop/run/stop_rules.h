// SPDX-License-Identifier: Apache-2.0
// When enough is enough.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_RUN_STOP_RULES_H_
#define FORMFUZZ_CAMPAIGN_LOOP_RUN_STOP_RULES_H_

#include <string_view>

#include "campaign/loop/config/config.h"
#include "campaign/loop/run/statistics.h"

namespace formfuzz::campaign {

enum class StopReason {
  kNone,
  kTimeLimit,
  kRunsDone,
  kIdle,
  kResidual,
  kFinding,
  kInterrupted,
  kTrouble,  // it cannot go on
};

// "time_limit", ... ; "" for kNone.
std::string_view NameOf(StopReason reason);

// The estimate of what is left means little before so many executions.
inline constexpr uint64_t kResidualRunsMin = 10'000;

StopReason ShouldStop(const LoopConfig& config, const Statistics& statistics);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_RUN_STOP_RULES_H_
