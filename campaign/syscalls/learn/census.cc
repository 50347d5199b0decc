// SPDX-License-Identifier: Apache-2.0
// Runs that are asked about everything, and followed: what comes of each call,
// what is looked for in vain, and what is left behind.

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "campaign/syscalls/drive/made_files.h"
#include "campaign/syscalls/learn/learner.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// What takes long is asked more often: its runs do whatever is asked. Where a
// run makes many calls, asking about all is what takes long.
constexpr uint64_t kCensusEveryNs = 250'000'000;
constexpr uint64_t kCensusShare = 8;

}  // namespace

absl::StatusOr<Learner::Look> Learner::LookAt(const Trial& trial,
                                              bool takes_files) {
  const bool marks = program_.dynamic && !program_.privileged;
  census_watch_->BeginRun(marks ? CallWatch::Begins::kInLoader
                                : CallWatch::Begins::kInMain);
  census_watch_->InjectNothing();
  for (const auto& [number, error] : trial.refused) {
    census_watch_->Inject(number, error);
  }
  // In a sandbox they are the run's alone.
  takes_files = takes_files && !options_.unsafe_host && !service_.has_value();
  if (tracer_ != nullptr && takes_files) tracer_->WantFiles();
  Look look;
  const ProgramInput input = trial.Input();
  absl::Status ran = census_->Run(input, look.execution);
  // Also of a run that failed: the next has its own.
  if (tracer_ != nullptr) {
    look.results = tracer_->Take();
    look.missing = tracer_->TakeMissing();
    look.files = tracer_->TakeFiles();
  }
  if (!ran.ok()) return ran;
  if (takes_files && tracer_ != nullptr && !look.execution.output_cut) {
    AddOutput(look.execution.output, look.files);
  }
  look.notes = census_watch_->notes();
  return look;
}

absl::StatusOr<News> Learner::RunCensus(const Trial& trial, bool counts) {
  const uint64_t begin_ns = MonotonicNs();
  const auto look = LookAt(trial, /*takes_files=*/true);
  if (!look.ok()) return look.status();
  const uint64_t end_ns = MonotonicNs();
  census_due_ns_ =
      end_ns + std::max(kCensusEveryNs, kCensusShare * (end_ns - begin_ns));
  ++numbers_.runs;
  if (look->execution.reached) ++reached_runs_;
  driver_->Ran(trial, look->execution.hung(), look->execution.wall_ns);
  if (absl::Status serves = CheckService(look->execution); !serves.ok()) {
    return serves;
  }
  if (counts) discoveries_.Count(look->notes);
  News news = Take(look->notes, trial);
  news.result = TakeResults(*look, trial);
  driver_->Missed(look->missing, trial);
  driver_->Left(look->files, trial);
  return news;
}

bool Learner::TakeResults(const Look& look, const Trial& trial) {
  std::set<uint32_t> injected;
  for (const auto& [number, error] : trial.refused) injected.insert(number);
  return discoveries_.TakeResults(look.results, injected);
}

// What is never reached is not profiled under load, whatever else it shows.
absl::Status Learner::CheckService(const Execution& execution) const {
  if (!service_.has_value() || reached_runs_ != 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      Concat(program_.path, " could not be reached at ", options_.service.at,
             " within ", service_->address.ready_ms, " ms: it ended with ",
             ToString(execution), ". Does it serve there, in the foreground? ",
             "It said: ", execution.output, execution.errors));
}

}  // namespace formfuzz::campaign
