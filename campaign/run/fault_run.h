// SPDX-License-Identifier: Apache-2.0
// One pass over a target's corpus with every call that can fail failing in
// turn. The target's replay binary does it; see what it says of --faults.

#ifndef FORMFUZZ_CAMPAIGN_RUN_FAULT_RUN_H_
#define FORMFUZZ_CAMPAIGN_RUN_FAULT_RUN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/run/findings.h"
#include "campaign/run/job.h"

namespace formfuzz::campaign {

struct FaultRunResult {
  uint64_t inputs = 0;          // that pass without faults
  uint64_t points = 0;          // fault points that one of them reaches
  uint64_t calls = 0;           // that can fail, in all inputs together
  uint64_t executions = 0;      // with a fault
  uint64_t left_out = 0;        // variations that the limits left no room for
  uint64_t unrepeated = 0;      // failures that did not happen again alone
  uint64_t harness_broken = 0;  // ways in which the harness broke
  double seconds = 0;
  std::vector<Finding> findings;
};

// Of the options: target, work, time_ms and runs_max; all inputs of the work
// folder are played. Unavailable if the replay binary fails; FailedPrecondition
// if the target has no fault points or no inputs.
absl::StatusOr<FaultRunResult> RunFaults(const RunOptions& options);

// What the replay binary printed; DataLoss if that is something else.
absl::StatusOr<FaultRunResult> ReadFaultCounts(const std::string& json);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_FAULT_RUN_H_
