// SPDX-License-Identifier: Apache-2.0
// A fuzzing run of one target: jobs on one corpus, until the time or the runs
// are used up, something is found, or somebody interrupts.

#ifndef FORMFUZZ_CAMPAIGN_RUN_TARGET_RUN_H_
#define FORMFUZZ_CAMPAIGN_RUN_TARGET_RUN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/run/findings.h"
#include "campaign/run/job.h"

namespace formfuzz::campaign {

struct RunNumbers {
  double seconds = 0;
  uint64_t executions = 0;
  uint64_t edges = 0;
  uint64_t states = 0;
  uint64_t corpus = 0;
  uint64_t findings = 0;

  double PerSecond() const {
    return seconds > 0 ? static_cast<double>(executions) / seconds : 0;
  }
};

struct RunResult {
  enum class Reason {
    kTimeLimit,
    kRunsDone,
    kFinding,
    kInterrupted,
    kStartFails,    // dies again and again before the corpus is read
    kEngineFailed,  // ended without a finding and without being asked to
  };
  Reason reason = Reason::kTimeLimit;
  RunNumbers numbers;
  GoalsSeen goals;  // by any job
  std::vector<Finding> findings;
  // What the engine kept of deaths that did not happen again when replayed.
  std::vector<std::string> unrepeated;
  // Why findings could not be written: "cannot write ...: No space left ...".
  std::vector<std::string> unsaved;
  Ending ending;          // of the job that ended the run
  std::string last_said;  // by that job
  // What it was running when it was killed from outside, or "".
  std::string in_flight;
};

// "time_limit", "runs_done", ...
std::string_view NameOf(RunResult::Reason reason);

class TargetRun {
 public:
  using Watcher = std::function<void(const RunNumbers&)>;

  explicit TargetRun(RunOptions options);

  // Calls `watch` about four times a second.
  absl::StatusOr<RunResult> Run(const Watcher& watch);

 private:
  absl::Status StartAll();
  absl::Status Turn();  // looks at every job once
  absl::Status HandleEnd(Job* job, const Ending& ending);
  bool RecordArtifact(const std::string& artifact);
  bool IsWritten(const Job& job, std::string_view input) const;
  bool TakeDeath(const Job& job, const Ending& ending);
  bool RecordKilled(const Job& job, const Ending& ending);
  void TakeUnsaved(const Job& job);
  bool StartFailedAgain(const Job& job);
  void Stop(RunResult::Reason reason);
  void StopAll();
  void WaitForOutput() const;
  bool AnyRunning() const;
  bool TimeIsUp() const;
  double Seconds() const;
  RunNumbers Numbers() const;

  RunOptions options_;
  std::vector<std::unique_ptr<Job>> jobs_;
  FindingWatch watch_;
  uint64_t started_ns_ = 0;
  bool stopping_ = false;
  int failed_starts_ = 0;
  std::vector<std::string> recorded_;
  RunResult result_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_TARGET_RUN_H_
