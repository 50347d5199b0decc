// SPDX-License-Identifier: Apache-2.0
// The engine's command line, and one process of it.

#include "campaign/run/job.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "framework/base/digest.h"
#include "framework/base/file.h"
#include "framework/finding/in_flight.h"
#include "framework/finding/live_stats.h"

namespace formfuzz::campaign {
namespace {

// A person watches, and a scenario is microseconds: what takes this long hangs.
constexpr int kHangSeconds = 10;

uint64_t Share(uint64_t total, int parts, int number) {
  if (total == 0) return 0;
  const auto count = static_cast<uint64_t>(parts);
  const uint64_t extra = static_cast<uint64_t>(number) < total % count ? 1 : 0;
  return std::max<uint64_t>(1, total / count + extra);
}

}  // namespace

Job::Job(const RunOptions& options, int number)
    : options_(options),
      number_(number),
      runs_max_(Share(options.runs_max, options.jobs, number)),
      watch_(options.work.findings()) {}

// A restart with the same seed would walk into the same crash.
Command Job::MakeCommand() const {
  const Target& target = options_.target;
  const WorkFolder& work = options_.work;
  Command command;
  std::vector<std::string>& words = command.arguments;
  // Naming each new function would start a symbolizer in the middle of a run.
  words = {target.binary,
           absl::StrCat("-artifact_prefix=", work.artifacts(), "/"),
           absl::StrCat("-timeout=", kHangSeconds),
           "-print_final_stats=1",
           "-print_funcs=0",
           absl::StrCat("-reload=", options_.jobs > 1)};
  if (!target.dictionary.empty()) {
    words.push_back(absl::StrCat("-dict=", target.dictionary));
  }
  for (const std::string& option : target.options) {
    words.push_back(absl::StrCat("-", option));
  }
  if (options_.seed != 0) {
    const auto offset =
        static_cast<uint64_t>(number_) +
        static_cast<uint64_t>(starts_) * static_cast<uint64_t>(options_.jobs);
    words.push_back(absl::StrCat("-seed=", options_.seed + offset));
    // The engine chooses by addresses, too, which it keeps from comparisons.
    command.fixed_addresses = true;
  }
  if (has_runs_limit()) words.push_back(absl::StrCat("-runs=", runs_left()));
  words.insert(words.end(), options_.flags.begin(), options_.flags.end());
  words.push_back(work.corpus());
  words.push_back(work.seeds());

  command.environment = {{kFindingsVariable, work.findings()},
                         {kStatsVariable, work.live_stats(number_)},
                         {kInFlightVariable, work.in_flight(number_)}};
  if (options_.keep_going) {
    command.environment.emplace_back(kKeepGoingVariable, "1");
  }
  if (!options_.strategy.empty()) {
    command.environment.emplace_back(kStrategyVariable, options_.strategy);
  }
  return command;
}

absl::Status Job::Start() {
  std::error_code ignored;
  std::filesystem::remove(options_.work.live_stats(number_), ignored);
  std::filesystem::remove(options_.work.in_flight(number_), ignored);
  output_.StartOver();
  watch_ = FindingWatch(options_.work.findings());
  auto child = Child::Start(MakeCommand(), Child::Output::kPiped);
  if (!child.ok()) return child.status();
  child_ = *std::move(child);
  ++starts_;
  return absl::OkStatus();
}

void Job::Read() {
  std::string piece;
  if (child_ != nullptr) child_->ReadInto(&piece);
  output_.Add(piece);
}

std::optional<Ending> Job::TryWait() {
  if (child_ == nullptr) return std::nullopt;
  const std::optional<Ending> ending = child_->TryWait();
  if (!ending.has_value()) return std::nullopt;
  Read();
  executions_before_ = executions();
  states_before_ = states();
  goals_.Add(ReadGoalsSeen(options_.work.live_stats(number_)));
  output_.ForgetExecutions();
  child_ = nullptr;
  in_flight_ = ReadInFlight(options_.work.in_flight(number_));
  std::error_code ignored;
  std::filesystem::remove(options_.work.live_stats(number_), ignored);
  std::filesystem::remove(options_.work.in_flight(number_), ignored);
  return ending;
}

std::string Job::KeepInFlight() const {
  if (!in_flight_.has_value()) return "";
  const std::string path =
      absl::StrCat(options_.work.artifacts(), "/killed-",
                   ToHex(DigestOf(std::string_view(in_flight_->input))));
  return WriteFileAtomically(path, in_flight_->input).ok() ? path : "";
}

void Job::AskToStop() {
  if (child_ != nullptr) child_->Signal(SIGUSR1);
}

void Job::Kill() {
  if (child_ != nullptr) child_->Signal(SIGKILL);
}

absl::Status Job::KeepLog() const {
  return WriteFileAtomically(options_.work.log(number_), output_.tail());
}

uint64_t Job::runs_left() const {
  const uint64_t done = executions();
  return done < runs_max_ ? runs_max_ - done : 0;
}

// Both counts are of the same thing; the engine's is rarely up to date.
uint64_t Job::executions() const {
  const LiveNumbers live = ReadLiveStats(options_.work.live_stats(number_));
  return executions_before_ + std::max(live.executions, output_.executions());
}

uint64_t Job::states() const {
  const LiveNumbers live = ReadLiveStats(options_.work.live_stats(number_));
  return std::max(states_before_, live.states);
}

}  // namespace formfuzz::campaign
