// SPDX-License-Identifier: Apache-2.0
// Several workers, each a process: whoever of them dies is started again.
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "campaign/loop/session/program_run.h"
#include "campaign/process/child.h"
#include "campaign/run/findings.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr int kPollMs = 100;
constexpr uint64_t kWatchNs = 250'000'000;
constexpr uint64_t kStopGraceNs = 10'000'000'000;
constexpr int kRestartsMax = 16;  // of each; more is no accident
constexpr size_t kSaidMax = 1 << 14;

// One worker over all its lives.
struct Work {
  std::unique_ptr<Child> child;
  std::string said;
  std::string numbers;  // path
  Statistics before;    // of lives that ended
  int restarts = 0;
  bool done = false;
};

void AddCounts(const Statistics& from, Statistics* sum) {
  sum->executions += from.executions;
  sum->crashes += from.crashes;
  sum->findings += from.findings;
  sum->hangs += from.hangs;
  sum->imported += from.imported;
  sum->corpus_bytes += from.corpus_bytes;
  sum->last_new_run += from.last_new_run;
}

class WorkersRun {
 public:
  WorkersRun(const ProgramRunOptions& options,
             const std::vector<std::string>& start, const ProgramWatcher& watch)
      : options_(options),
        start_(start),
        watch_(watch),
        findings_(options.work.findings()),
        works_(static_cast<size_t>(options.config.jobs)) {}

  absl::StatusOr<ProgramRunResult> Run() {
    absl::Status status = options_.work.Create();
    std::error_code ignored;
    std::filesystem::remove(options_.work.journal(), ignored);
    started_ns_ = MonotonicNs();
    for (size_t i = 0; status.ok() && i < works_.size(); ++i) {
      works_[i].numbers = options_.work.live_stats(static_cast<int>(i));
      std::filesystem::remove(works_[i].numbers, ignored);
      status = Start(i);
    }
    uint64_t watched_ns = 0;
    while (status.ok() && reason_ == StopReason::kNone) {
      poll(nullptr, 0, kPollMs);
      status = LookAtAll();
      if (MonotonicNs() - watched_ns < kWatchNs) continue;
      watched_ns = MonotonicNs();
      watch_(Sum());
    }
    StopAll();
    ProgramRunResult result;
    result.statistics = Sum();
    if (!status.ok() && result.statistics.executions == 0) return status;
    result.reason = status.ok() ? reason_ : StopReason::kTrouble;
    result.trouble = std::move(status);
    result.findings = findings_.Fresh();
    result.notes = notes_;
    watch_(result.statistics);
    return result;
  }

 private:
  absl::Status Start(size_t number) {
    Command command{
        .arguments = Words(number), .environment = {}, .folder = ""};
    auto child = Child::Start(command, Child::Output::kPiped);
    if (!child.ok()) return child.status();
    works_[number].child = *std::move(child);
    return absl::OkStatus();
  }

  absl::Status LookAtAll() {
    bool any = false;
    for (size_t i = 0; i < works_.size(); ++i) {
      const absl::Status status = LookAt(i);
      if (!status.ok()) return status;
      any = any || !works_[i].done;
    }
    LoopConfig shared = options_.config;
    shared.residual = 0;  // each worker estimates for itself
    reason_ = ShouldStop(shared, Sum());
    if (Interrupted()) reason_ = StopReason::kInterrupted;
    if (!any && reason_ == StopReason::kNone) reason_ = ended_;
    return absl::OkStatus();
  }

  absl::Status LookAt(size_t number) {
    Work& work = works_[number];
    if (work.done) return absl::OkStatus();
    work.child->ReadInto(&work.said);
    if (work.said.size() > kSaidMax) {
      work.said.erase(0, work.said.size() - kSaidMax);
    }
    const auto ending = work.child->TryWait();
    if (!ending.has_value()) return absl::OkStatus();
    work.child->ReadInto(&work.said);
    // What it says when it ends by itself is its exit code.
    if (ending->signal == 0 && ending->code <= 1) {
      work.done = true;
      return absl::OkStatus();
    }
    if (ending->signal == 0 || ++work.restarts > kRestartsMax) {
      return absl::InternalError(Concat("worker ", number, " ended with ",
                                        ToString(*ending), "; it said:\n",
                                        work.said));
    }
    notes_.push_back(Concat("worker ", number, " died (", ToString(*ending),
                            ") and was started again"));
    AddCounts(ReadStatistics(work.numbers), &work.before);
    std::error_code ignored;
    std::filesystem::remove(work.numbers, ignored);
    return Start(number);
  }

  Statistics Sum() {
    Statistics sum;
    for (const Work& work : works_) {
      const Statistics now = ReadStatistics(work.numbers);
      AddCounts(now, &sum);
      AddCounts(work.before, &sum);
      sum.features = std::max(sum.features, now.features);
      sum.cells = std::max(sum.cells, now.cells);
      sum.corpus = std::max(sum.corpus, now.corpus);
      sum.favoured = std::max(sum.favoured, now.favoured);
      sum.depth_max = std::max(sum.depth_max, now.depth_max);
      sum.unstable = std::max(sum.unstable, now.unstable);
      sum.last_new_ns = std::max(sum.last_new_ns, now.last_new_ns);
      sum.unwritten += now.unwritten;
      sum.residual = std::min(sum.residual, now.residual);
    }
    sum.run_ns = MonotonicNs() - started_ns_;
    // What is still being made smaller is there already; several workers may
    // have found the same.
    sum.findings = std::min<uint64_t>(sum.findings, findings_.Fresh().size());
    return sum;
  }

  void StopAll() {
    for (Work& work : works_) {
      if (work.child != nullptr && !work.done) work.child->Signal(SIGTERM);
    }
    const uint64_t asked_ns = MonotonicNs();
    for (Work& work : works_) {
      while (work.child != nullptr && !work.child->TryWait().has_value() &&
             MonotonicNs() - asked_ns < kStopGraceNs) {
        work.child->ReadInto(&work.said);
        poll(nullptr, 0, kPollMs / 10);
      }
      work.child.reset();  // kills what is still there
    }
  }

  std::vector<std::string> Words(size_t number) const {
    std::vector<std::string> words = start_;
    for (std::string& word : words) {
      if (word == kWorkerNumberMark) word = std::to_string(number);
    }
    return words;
  }

  const ProgramRunOptions& options_;
  const std::vector<std::string>& start_;
  const ProgramWatcher& watch_;
  FindingWatch findings_;
  std::vector<Work> works_;
  std::vector<std::string> notes_;
  uint64_t started_ns_ = 0;
  StopReason reason_ = StopReason::kNone;
  StopReason ended_ = StopReason::kRunsDone;
};

}  // namespace

absl::StatusOr<ProgramRunResult> RunWorkers(
    const ProgramRunOptions& options, const std::vector<std::string>& start,
    const ProgramWatcher& watch) {
  const absl::Status status = Validate(options.config);
  if (!status.ok()) return status;
  return WorkersRun(options, start, watch).Run();
}

}  // namespace formfuzz::campaign
