// SPDX-License-Identifier: Apache-2.0
// The loop over the jobs of a run.

#include "campaign/run/target_run.h"

#include <poll.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "framework/base/clock.h"
#include "framework/base/file.h"
#include "framework/finding/live_stats.h"

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

constexpr int kPollMs = 100;
constexpr uint64_t kWatchNs = 250'000'000;
// An execution may last until the engine's own limit for hangs; nobody waits
// that long for the end of a run.
constexpr uint64_t kStopGraceNs = 5'000'000'000;
constexpr uint64_t kRecordDeadlineMs = 120'000;
constexpr int kFailedStartsMax = 3;
constexpr int kInterruptedExit = 72;  // libFuzzer's
constexpr int kHarnessBrokenExit = 78;
constexpr size_t kPathMax = 1 << 13;
constexpr size_t kInputMax = 1 << 26;

std::string LastLine(std::string_view text) {
  text = text.substr(0, text.find_last_not_of(" \n\r\t") + 1);
  const size_t at = text.rfind('\n');
  return std::string(at == std::string_view::npos ? text : text.substr(at + 1));
}

}  // namespace

std::string_view NameOf(RunResult::Reason reason) {
  switch (reason) {
    case RunResult::Reason::kTimeLimit:
      return "time_limit";
    case RunResult::Reason::kRunsDone:
      return "runs_done";
    case RunResult::Reason::kFinding:
      return "finding";
    case RunResult::Reason::kInterrupted:
      return "interrupted";
    case RunResult::Reason::kStartFails:
      return "start_fails";
    case RunResult::Reason::kEngineFailed:
      return "engine_failed";
  }
  return "";
}

TargetRun::TargetRun(RunOptions options)
    : options_(std::move(options)), watch_(options_.work.findings()) {}

absl::StatusOr<RunResult> TargetRun::Run(const Watcher& watch) {
  started_ns_ = MonotonicNs();
  RemoveAbandoned(options_.work.findings());
  absl::Status status = StartAll();
  uint64_t watched_ns = 0;
  while (status.ok() && !stopping_ && AnyRunning()) {
    WaitForOutput();
    status = Turn();
    if (MonotonicNs() - watched_ns < kWatchNs) continue;
    watched_ns = MonotonicNs();
    watch(Numbers());
  }
  StopAll();
  if (!status.ok()) return status;
  for (const auto& job : jobs_) {
    job->KeepLog().IgnoreError();
    result_.goals.Add(job->goals());
    TakeUnsaved(*job);
  }
  std::set<std::string> folders(recorded_.begin(), recorded_.end());
  for (const std::string& folder : watch_.Fresh()) folders.insert(folder);
  for (const std::string& folder : folders) {
    result_.findings.push_back(ReadFinding(folder));
  }
  result_.numbers = Numbers();
  result_.numbers.findings =
      result_.findings.size() + result_.unrepeated.size();
  return std::move(result_);
}

absl::Status TargetRun::StartAll() {
  for (int number = 0; number < options_.jobs; ++number) {
    jobs_.push_back(std::make_unique<Job>(options_, number));
    const absl::Status status = jobs_.back()->Start();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status TargetRun::Turn() {
  for (const auto& job : jobs_) {
    job->Read();
    const std::optional<Ending> ending = job->TryWait();
    if (!ending.has_value() || stopping_) continue;
    const absl::Status status = HandleEnd(job.get(), *ending);
    if (!status.ok()) return status;
  }
  if (Interrupted()) Stop(RunResult::Reason::kInterrupted);
  if (TimeIsUp()) Stop(RunResult::Reason::kTimeLimit);
  return absl::OkStatus();
}

absl::Status TargetRun::HandleEnd(Job* job, const Ending& ending) {
  result_.ending = ending;
  result_.last_said = job->output().tail();
  if (ending.ok() && job->output().done()) {
    result_.reason = RunResult::Reason::kRunsDone;
    return absl::OkStatus();
  }
  const bool found = TakeDeath(*job, ending);
  if (!found || ending.code == kInterruptedExit) {
    Stop(Interrupted() ? RunResult::Reason::kInterrupted
                       : RunResult::Reason::kEngineFailed);
    return absl::OkStatus();
  }
  if (!options_.keep_going) {
    Stop(RunResult::Reason::kFinding);
  } else if (StartFailedAgain(*job)) {
    Stop(RunResult::Reason::kStartFails);
  } else if (!job->has_runs_limit() || job->runs_left() > 0) {
    TakeUnsaved(*job);  // it forgets
    return job->Start();
  } else {
    result_.reason = RunResult::Reason::kRunsDone;
  }
  return absl::OkStatus();
}

// Whether the target has written down itself what this input did; targets of
// another make do not say so. What else was found meanwhile, by it or by
// another job, tells nothing about that.
bool TargetRun::IsWritten(const Job& job, std::string_view input) const {
  if (job.in_flight().has_value() && job.in_flight()->written) return true;
  for (const std::string& folder : job.fresh_findings()) {
    const auto bytes = ReadFile(FindingInput(folder), kInputMax);
    if (bytes.ok() && *bytes == input) return true;
  }
  return false;
}

// A death that the target could not write down itself, out of memory say, is
// looked at once more in a process of its own. False if nothing tells why the
// process ended.
bool TargetRun::TakeDeath(const Job& job, const Ending& ending) {
  bool died = false;
  for (const std::string& artifact : job.output().artifacts()) {
    if (fs::path(artifact).filename().string().rfind("slow-unit-", 0) == 0) {
      continue;  // a warning of the engine's, not a death
    }
    died = true;
    const auto input = ReadFile(artifact, kInputMax);
    if (!input.ok() || IsWritten(job, *input)) continue;
    if (!RecordArtifact(artifact)) result_.unrepeated.push_back(artifact);
  }
  if (died || !job.output().unsaved().empty()) return true;
  // No run was under way: it ended for what it had found.
  if (!job.in_flight().has_value()) return !job.fresh_findings().empty();
  return IsWritten(job, job.in_flight()->input) || RecordKilled(job, ending);
}

bool TargetRun::RecordArtifact(const std::string& artifact) {
  std::error_code ignored;
  auto run =
      RunToEnd({.arguments = {options_.target.replay, "--record", artifact},
                .environment = {{kFindingsVariable, options_.work.findings()}},
                .folder = ""},
               Child::Output::kResult, kPathMax, kRecordDeadlineMs);
  const std::string folder = run.ok() ? LastLine(run->output) : "";
  if (folder.empty() || !IsFinding(folder)) return false;
  recorded_.push_back(fs::absolute(folder, ignored).string());
  fs::remove(artifact, ignored);
  return true;
}

// A process that said nothing was running an input. If that kills the replay,
// too, the component did it; if not, whoever sent the signal.
bool TargetRun::RecordKilled(const Job& job, const Ending& ending) {
  if (ending.code == kHarnessBrokenExit || ending.code == kInterruptedExit) {
    return false;
  }
  const std::string artifact = job.KeepInFlight();
  if (artifact.empty()) return false;
  if (RecordArtifact(artifact)) return true;
  if (ending.signal != 0) {
    result_.in_flight = artifact;
    return false;
  }
  result_.unrepeated.push_back(artifact);
  return true;
}

void TargetRun::TakeUnsaved(const Job& job) {
  const std::vector<std::string>& unsaved = job.output().unsaved();
  result_.unsaved.insert(result_.unsaved.end(), unsaved.begin(), unsaved.end());
}

bool TargetRun::StartFailedAgain(const Job& job) {
  failed_starts_ = job.output().initialised() ? 0 : failed_starts_ + 1;
  return failed_starts_ >= kFailedStartsMax;
}

void TargetRun::Stop(RunResult::Reason reason) {
  if (stopping_) return;
  stopping_ = true;
  result_.reason = reason;
}

void TargetRun::StopAll() {
  for (const auto& job : jobs_) job->AskToStop();
  const uint64_t asked_ns = MonotonicNs();
  while (AnyRunning()) {
    WaitForOutput();
    const bool late = MonotonicNs() - asked_ns > kStopGraceNs;
    for (const auto& job : jobs_) {
      if (late) job->Kill();
      job->Read();
      job->TryWait();
    }
  }
}

void TargetRun::WaitForOutput() const {
  std::vector<pollfd> waiting;
  for (const auto& job : jobs_) {
    waiting.push_back({job->output_fd(), POLLIN, 0});
  }
  poll(waiting.data(), waiting.size(), kPollMs);
}

bool TargetRun::AnyRunning() const {
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [](const auto& job) { return job->running(); });
}

bool TargetRun::TimeIsUp() const {
  return options_.time_ms != 0 &&
         Seconds() * 1000 >= static_cast<double>(options_.time_ms);
}

double TargetRun::Seconds() const {
  return static_cast<double>(MonotonicNs() - started_ns_) / 1e9;
}

// Jobs share a corpus, so that each comes to nearly the same edges and states:
// the most that one has seen is what is known, not the sum.
RunNumbers TargetRun::Numbers() const {
  RunNumbers numbers;
  numbers.seconds = Seconds();
  for (const auto& job : jobs_) {
    numbers.executions += job->executions();
    numbers.edges = std::max(numbers.edges, job->output().edges());
    numbers.states = std::max(numbers.states, job->states());
    numbers.corpus = std::max(numbers.corpus, job->output().corpus());
  }
  numbers.findings = watch_.Fresh().size() + result_.unrepeated.size();
  return numbers;
}

}  // namespace formfuzz::campaign
