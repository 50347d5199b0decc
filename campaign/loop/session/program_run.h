// SPDX-License-Identifier: Apache-2.0
// A fuzzing run of one program: one worker in this process, or several in
// processes of their own that share a corpus and are started again when they
// die. Everything that is kept is in the work folder.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_SESSION_PROGRAM_RUN_H_
#define FORMFUZZ_CAMPAIGN_LOOP_SESSION_PROGRAM_RUN_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/loop/config/config.h"
#include "campaign/loop/run/events.h"
#include "campaign/loop/run/stop_rules.h"
#include "campaign/loop/triage/program_finding.h"
#include "campaign/process/work_folder.h"

namespace formfuzz::campaign {

struct ProgramRunOptions {
  ProgramTarget target;
  LoopConfig config;
  WorkFolder work;
  int worker = -1;  // its number, where it is one of several
};

struct ProgramRunResult {
  StopReason reason = StopReason::kNone;
  Statistics statistics;
  std::vector<std::string> findings;  // folders: new ones, or found again
  std::string executor;               // "spawn", "zygote", ...
  size_t coverage_cells = 0;
  std::vector<std::string> notes;  // what somebody should know, a line each
  absl::Status trouble;            // why it could not go on: kTrouble
};

using ProgramWatcher = std::function<void(const Statistics&)>;

// In this process. Told about four times a second. Trouble before anything was
// run is the status; later it is told in the result, with what was found.
absl::StatusOr<ProgramRunResult> RunProgram(const ProgramRunOptions& options,
                                            const ProgramWatcher& watch);

// As many processes as config.jobs says; `start` is how this program starts
// a worker, with kWorkerNumberMark where its number belongs. A worker calls
// RunProgram and WriteStatistics, and ends with 0, or 1 if it found something.
inline constexpr char kWorkerNumberMark[] = "{worker}";
absl::StatusOr<ProgramRunResult> RunWorkers(
    const ProgramRunOptions& options, const std::vector<std::string>& start,
    const ProgramWatcher& watch);

// Statistics of a worker, in a file that it writes over and over.
absl::Status WriteStatistics(const std::string& path,
                             const Statistics& statistics);
// Zeros while there is none.
Statistics ReadStatistics(const std::string& path);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_SESSION_PROGRAM_RUN_H_
