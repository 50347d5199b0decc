// SPDX-License-Identifier: Apache-2.0
// Replays under enforcement: what the filter asks about is refused.

#include "campaign/syscalls/learn/verify.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "campaign/process/program/program_file.h"
#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/drive/words.h"
#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/service.h"
#include "campaign/syscalls/material/values.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/names/call_names.h"

namespace formfuzz::campaign {
namespace {

// What a service was sent, for its held-out runs.
std::vector<std::string> RequestsOf(const std::vector<Trial>& trials) {
  std::set<std::string> requests;
  for (const Trial& trial : trials) {
    requests.insert(trial.requests.begin(), trial.requests.end());
  }
  return {requests.begin(), requests.end()};
}

class Verifier {
 public:
  Verifier(const Profile& profile, const VerifyOptions& options)
      : profile_(profile), options_(options), watch_(allowed_) {}

  absl::Status Start();
  absl::Status Replay(const std::vector<Trial>& trials);
  absl::Status RunHeldOut(const std::vector<Trial>& trials);
  Verdict Take() { return std::move(verdict_); }

 private:
  void Allow(const ProfileEntry& entry);
  void Refuse(const Trial& trial);
  void AllowAgain(const Trial& trial);
  absl::Status RunOnce(const Trial& trial, bool held_out);
  void Take(const Note& note, const Trial& trial, bool held_out);
  absl::StatusOr<std::unique_ptr<Executor>> MakeOne(CallWatch* watch) const;

  const Profile& profile_;
  const VerifyOptions& options_;
  ProgramFile program_;
  std::optional<Service> service_;
  CallSet allowed_;
  CallWatch watch_;
  std::unique_ptr<Executor> executor_;
  Verdict verdict_;
};

void Verifier::Allow(const ProfileEntry& entry) {
  if (!entry.allowed()) return;
  const auto number = static_cast<uint32_t>(entry.number);
  if (entry.arch != NativeArch()) {
    allowed_.AddForeign(entry.arch, number,
                        options_.by_arguments ? entry.arguments : Clauses());
  } else if (!options_.by_arguments) {
    allowed_.AddNumber(number);
  } else if (!allowed_.AddClauses(number, entry.arguments)) {
    allowed_.AddNumber(number);
    auto& widened = verdict_.widened;
    const bool told = std::ranges::find(widened, entry.name) != widened.end();
    if (!told) widened.push_back(entry.name);
  }
}

// Those calls fail in the next run: they are asked about, and answered so.
void Verifier::Refuse(const Trial& trial) {
  for (const auto& [number, error] : trial.refused) {
    allowed_.Remove(number);
    watch_.Inject(number, error);
  }
}

void Verifier::AllowAgain(const Trial& trial) {
  watch_.InjectNothing();
  for (const auto& [number, error] : trial.refused) {
    for (const ProfileEntry& entry : profile_.entries) {
      const bool same = entry.arch == NativeArch() &&
                        static_cast<uint32_t>(entry.number) == number;
      if (same) Allow(entry);
    }
  }
}

absl::StatusOr<std::unique_ptr<Executor>> Verifier::MakeOne(
    CallWatch* watch) const {
  ExecutorOptions options;
  options.command = profile_.command;
  options.kind = ExecutorKind::kSpawn;
  options.environment =
      profile_.environment.empty() ? UsualVariables() : profile_.environment;
  options.limits.wall_ms = options_.run_ms;
  options.isolation.unsafe_host = options_.unsafe_host;
  options.watcher = watch;
  if (watch != nullptr) {
    options.service = service_;
    options.answering_port = service_ ? uint16_t{0} : kAnsweringPort;
  } else {
    options.limits.wall_ms = kAskMs;
  }
  return MakeExecutor(options);
}

absl::Status Verifier::Start() {
  if (profile_.command.empty()) {
    return absl::InvalidArgumentError(
        "the profile does not say what it is of; only profiles that were "
        "learnt here can be verified");
  }
  auto program = InspectProgram(profile_.command[0]);
  if (!program.ok()) return program.status();
  program_ = *std::move(program);
  auto service = ServiceOf(profile_.service);
  if (!service.ok()) return service.status();
  service_ = *std::move(service);
  for (const ProfileEntry& entry : profile_.entries) Allow(entry);
  watch_.RefuseWith(ENOSYS);
  auto executor = MakeOne(&watch_);
  if (!executor.ok()) return executor.status();
  executor_ = *std::move(executor);
  return absl::OkStatus();
}

void Verifier::Take(const Note& note, const Trial& trial, bool held_out) {
  const int number = static_cast<int>(note.call.number);
  const Arch arch = ArchOfCall(note.call.arch, number);
  const CallClass values = ClassOf(note.call);
  const auto same = [&](const Denial& denial) {
    return denial.arch == arch && denial.number == number &&
           denial.values == values;
  };
  const auto found = std::ranges::find_if(verdict_.denials, same);
  if (found != verdict_.denials.end()) {
    found->times += note.times;
    return;
  }
  Denial denial{arch,   number,     NameOfCall(arch, number),
                values, note.stage, note.times,
                {},     held_out};
  denial.evidence = EvidenceOf(trial, profile_.command);
  denial.evidence.module = note.site.module;
  denial.evidence.offset = note.site.offset;
  verdict_.denials.push_back(std::move(denial));
}

absl::Status Verifier::RunOnce(const Trial& trial, bool held_out) {
  const bool marks = program_.dynamic && !program_.privileged;
  watch_.BeginRun(marks ? CallWatch::Begins::kInLoader
                        : CallWatch::Begins::kInMain);
  Refuse(trial);
  Execution execution;
  const ProgramInput input = trial.Input();
  absl::Status ran = executor_->Run(input, execution);
  AllowAgain(trial);
  // What cannot be run at all refutes nothing.
  if (absl::IsResourceExhausted(ran)) return absl::OkStatus();
  if (!ran.ok()) return ran;
  ++verdict_.runs;
  if (execution.reached) ++verdict_.reached_runs;
  verdict_.answers += execution.answered;
  for (const Note& note : watch_.notes()) {
    const auto refused = std::ranges::find(trial.refused, note.call.number,
                                           &std::pair<uint32_t, int>::first);
    if (refused == trial.refused.end()) Take(note, trial, held_out);
  }
  return absl::OkStatus();
}

absl::Status Verifier::Replay(const std::vector<Trial>& trials) {
  for (uint64_t round = 0; round < options_.rounds; ++round) {
    for (const Trial& trial : trials) {
      // Where calls fail, programs may try for ever: once is enough.
      const bool falls_back = !trial.refused.empty();
      if (falls_back && round != 0) continue;
      absl::Status ran = RunOnce(trial, false);
      if (!ran.ok()) return ran;
      if (!options_.stops || round != 0 || falls_back) continue;
      Trial stopped = trial;
      stopped.conditions.signals = {{SIGSTOP, 100}, {SIGCONT, 600}};
      ran = RunOnce(stopped, false);
      if (!ran.ok()) return ran;
    }
  }
  return absl::OkStatus();
}

absl::Status Verifier::RunHeldOut(const std::vector<Trial>& trials) {
  if (options_.held_out == 0) return absl::OkStatus();
  auto asking = MakeOne(nullptr);
  if (!asking.ok()) return asking.status();
  DrivingWords words = GatherWords(**asking, program_.path, profile_.command);
  words.serves = service_.has_value();
  if (words.serves) words.requests = RequestsOf(trials);
  Driver driver(std::move(words), options_.seed);
  driver.ForgetPlan();
  for (const Trial& trial : trials) {
    if (trial.refused.empty()) driver.Keep(trial, 1);
  }
  for (uint64_t run = 0; run < options_.held_out; ++run) {
    absl::Status ran = RunOnce(driver.Next(), true);
    if (!ran.ok()) return ran;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Verdict> Verify(const Profile& profile,
                               const std::vector<Trial>& trials,
                               const VerifyOptions& options) {
  Verifier verifier(profile, options);
  absl::Status done = verifier.Start();
  if (done.ok()) done = verifier.Replay(trials);
  if (done.ok()) done = verifier.RunHeldOut(trials);
  if (!done.ok()) return done;
  return verifier.Take();
}

}  // namespace formfuzz::campaign
