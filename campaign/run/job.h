// SPDX-License-Identifier: Apache-2.0
// One engine process of a run, started again after it died where the run goes
// on. Its counts go on over restarts.

#ifndef FORMFUZZ_CAMPAIGN_RUN_JOB_H_
#define FORMFUZZ_CAMPAIGN_RUN_JOB_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "campaign/process/child.h"
#include "campaign/process/work_folder.h"
#include "campaign/project/target.h"
#include "campaign/run/engine_output.h"
#include "campaign/run/findings.h"
#include "campaign/run/in_flight.h"
#include "campaign/run/live_stats.h"

namespace formfuzz::campaign {

struct RunOptions {
  Target target;
  WorkFolder work;
  uint64_t time_ms = 0;   // 0: no limit
  uint64_t runs_max = 0;  // 0: no limit
  int jobs = 1;
  uint64_t seed = 0;  // 0: the engine chooses
  bool keep_going = false;
  std::string strategy;            // "": all
  std::vector<std::string> flags;  // the engine's own, last word
};

class Job {
 public:
  Job(const RunOptions& options, int number);

  absl::Status Start();
  void Read();  // takes in what the process has said
  // How it ended, once after each end.
  std::optional<Ending> TryWait();
  // The input that the process was running when it ended, as a file among the
  // artifacts; "" if there is none.
  std::string KeepInFlight() const;
  void AskToStop();  // the engine ends after the execution that it is in
  void Kill();
  // Writes the end of what it said to its log.
  absl::Status KeepLog() const;

  bool running() const { return child_ != nullptr; }
  int output_fd() const { return child_ ? child_->output_fd() : -1; }
  const EngineOutput& output() const { return output_; }
  // Written since the process was started, by it or by another job.
  std::vector<std::string> fresh_findings() const { return watch_.Fresh(); }
  // What the process that ended last was running.
  const std::optional<LastRun>& in_flight() const { return in_flight_; }
  uint64_t runs_left() const;  // of those that the job was given
  bool has_runs_limit() const { return runs_max_ != 0; }

  uint64_t executions() const;
  uint64_t states() const;
  // Of processes that ended.
  const GoalsSeen& goals() const { return goals_; }

 private:
  Command MakeCommand() const;

  const RunOptions& options_;
  int number_;
  uint64_t runs_max_;
  int starts_ = 0;
  std::unique_ptr<Child> child_;
  EngineOutput output_;
  FindingWatch watch_;
  std::optional<LastRun> in_flight_;  // of the process that ended last
  uint64_t executions_before_ = 0;    // of processes that ended
  uint64_t states_before_ = 0;        // the most that one of them saw
  GoalsSeen goals_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_JOB_H_
