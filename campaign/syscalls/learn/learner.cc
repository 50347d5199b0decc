// SPDX-License-Identifier: Apache-2.0
// The loop: which executor has the next turn, and when it is enough.

#include "campaign/syscalls/learn/learner.h"

#include <linux/audit.h>
#include <sys/syscall.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "campaign/process/child.h"
#include "campaign/syscalls/drive/requests.h"
#include "campaign/syscalls/drive/words.h"
#include "campaign/syscalls/learn/service.h"
#include "campaign/syscalls/material/values.h"
#include "campaign/syscalls/names/arch.h"
#include "framework/base/clock.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kMs = 1'000'000;
constexpr uint64_t kShowNs = 200 * kMs;
constexpr uint64_t kCensusEvery = 32;  // runs
constexpr uint64_t kPlainEvery = 8;    // where there is a zygote
// What serves is asked more often.
constexpr uint64_t kCensusOfServiceEvery = 4;
// Chance has its turns from the start: it combines what showed something, and
// not all plans come to their end. Prime to the numbers above.
constexpr uint64_t kChanceEvery = 5;
constexpr uint64_t kTroublesMax = 20;
// How many times the idle time is waited for news while there is a plan.
constexpr uint64_t kPatienceWithPlan = 3;
constexpr size_t kDiscoveryPointsMax = 400;

// What the program told of its command line, counted.
std::string TextOf(const DrivingWords& words) {
  return Concat(words.command.flags.size(), " flags, ",
                words.subcommands.size(), " subcommands, ",
                words.variables.size(), " variables, ", words.constants.size(),
                " constants");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Learner>> Learner::Make(
    const LearnOptions& options) {
  std::unique_ptr<Learner> learner(new Learner(options));
  if (absl::Status started = learner->Start(); !started.ok()) return started;
  return learner;
}

ExecutorOptions Learner::OptionsOfExecutor() const {
  ExecutorOptions options;
  options.command = options_.command;
  options.environment = UsualVariables();
  options.limits.wall_ms = options_.run_ms;
  options.isolation.unsafe_host = options_.unsafe_host;
  options.service = service_;
  options.answering_port = service_ ? uint16_t{0} : kAnsweringPort;
  return options;
}

absl::StatusOr<std::unique_ptr<Executor>> Learner::Executing(ExecutorKind kind,
                                                             CallWatch& watch) {
  ExecutorOptions options = OptionsOfExecutor();
  options.kind = kind;
  options.watcher = &watch;
  return MakeExecutor(options);
}

// What serves is asked without being visited: where it goes on to serve, it
// has nothing to say of its words.
absl::StatusOr<DrivingWords> Learner::AskProgram() {
  if (!service_) {
    return GatherWords(*plain_, program_.path, options_.command);
  }
  ExecutorOptions options;
  options.command = options_.command;
  options.kind = ExecutorKind::kSpawn;
  options.environment = UsualVariables();
  options.limits.wall_ms = kAskMs;
  options.isolation.unsafe_host = options_.unsafe_host;
  auto asking = MakeExecutor(options);
  if (!asking.ok()) return asking.status();
  return GatherWords(**asking, program_.path, options_.command);
}

absl::Status Learner::GatherRequests(DrivingWords& words) const {
  words.serves = service_.has_value();
  if (!words.serves) return absl::OkStatus();
  if (!options_.requests.empty()) {
    auto requests = RequestsIn(options_.requests);
    if (!requests.ok()) return requests.status();
    words.requests = *std::move(requests);
  } else if (service_->peer.empty()) {
    words.requests = UsualRequests();
  }
  return absl::OkStatus();
}

absl::Status Learner::Start() {
  auto program =
      InspectProgram(options_.command.empty() ? "" : options_.command[0]);
  if (!program.ok()) return program.status();
  program_ = *std::move(program);
  NoteKind();
  auto service = ServiceOf(options_.service);
  if (!service.ok()) return service.status();
  service_ = *std::move(service);
  plain_watch_ = std::make_unique<CallWatch>(known_);
  plain_watch_->ForgoMarks();
  zygote_watch_ = std::make_unique<CallWatch>(known_main_);
  census_watch_ = std::make_unique<CallWatch>(nothing_);
  if (options_.results) {
    tracer_ = std::make_unique<ResultTracer>();
    census_watch_->TraceBy(tracer_.get());
  }
  auto plain = Executing(ExecutorKind::kSpawn, *plain_watch_);
  if (!plain.ok()) return plain.status();
  plain_ = *std::move(plain);
  auto census = Executing(ExecutorKind::kSpawn, *census_watch_);
  if (!census.ok()) return census.status();
  census_ = *std::move(census);
  // What serves takes longer than to start; signals to it come from outside.
  const bool forks = !service_.has_value();
  if (forks && program_.dynamic && !program_.privileged) {
    auto zygote = Executing(ExecutorKind::kZygote, *zygote_watch_);
    if (zygote.ok()) zygote_ = *std::move(zygote);
  }
  plain_watch_->BeginRun(CallWatch::Begins::kBeforeFork);  // not counted
  auto words_of = AskProgram();
  if (!words_of.ok()) return words_of.status();
  DrivingWords words = *std::move(words_of);
  if (options_.unsafe_host) {
    // What others wrote for a purpose would do it, and to the host.
    words.shown.clear();
    words.scripts.clear();
    words.spoken = {};
  }
  if (!options_.program_corpus.empty()) {
    absl::Status added = AddProgramCorpus(options_.program_corpus, words);
    if (!added.ok()) return added;
  }
  if (absl::Status added = GatherRequests(words); !added.ok()) return added;
  words_known_ = TextOf(words);
  BeginAnswers(words);
  driver_ = std::make_unique<Driver>(std::move(words), options_.seed);
  return absl::OkStatus();
}

double Learner::seconds() const {
  return static_cast<double>(MonotonicNs() - start_ns_) / 1e9;
}

LearnProgress Learner::Progress() const {
  return {numbers_.runs, seconds(), discoveries_.calls(),
          discoveries_.items().size(), discoveries_.residual()};
}

void Learner::Teach(std::span<const Note> notes) {
  for (const Note& note : notes) {
    known_.Add(note.call);
    if (note.stage != Stage::kLoader) known_main_.Add(note.call);
  }
}

News Learner::Take(std::span<const Note> notes, const Trial& trial) {
  const News news = discoveries_.Take(notes, numbers_.runs, trials_.size());
  if (!news) return news;
  Teach(notes);
  NoteOddities(notes);
  trials_.push_back(trial);
  const uint64_t now = MonotonicNs();
  if (news.call || news.arguments) new_ns_ = now;
  if (!news.call) return news;
  new_call_ns_ = now;
  new_call_run_ = numbers_.runs;
  if (numbers_.discovery.size() < kDiscoveryPointsMax) {
    numbers_.discovery.push_back({numbers_.runs, seconds(),
                                  discoveries_.calls(),
                                  discoveries_.items().size()});
  }
  return news;
}

absl::StatusOr<News> Learner::RunOnce(const Trial& trial, bool by_zygote) {
  CallWatch& watch = by_zygote ? *zygote_watch_ : *plain_watch_;
  watch.BeginRun(by_zygote          ? CallWatch::Begins::kBeforeFork
                 : program_.dynamic ? CallWatch::Begins::kUnmarked
                                    : CallWatch::Begins::kInMain);
  Execution execution;
  const ProgramInput input = trial.Input();
  absl::Status ran = (by_zygote ? zygote_ : plain_)->Run(input, execution);
  if (!ran.ok()) return ran;
  ++numbers_.runs;
  if (execution.reached) ++reached_runs_;
  driver_->Ran(trial, execution.hung(), execution.wall_ns);
  return Take(watch.notes(), trial);
}

absl::StatusOr<News> Learner::TryTrial(const Trial& trial, bool by_zygote,
                                       bool census) {
  auto news = census ? RunCensus(trial, true) : RunOnce(trial, by_zygote);
  if (!news.ok()) return news;
  if (news->call || news->arguments || news->result) {
    driver_->Keep(trial, news->call ? 3 : 1);
    if (tracing_ != nullptr) searches_.AddSlotsOf(trial);
  }
  if (*news && !census) {
    if (auto more = RunCensus(trial, false); !more.ok()) ++troubles_;
  }
  return news;
}

absl::StatusOr<News> Learner::StepOfDriver() {
  // Not by runs: those that answer comparisons may come in turns with these.
  const uint64_t turn = turns_++;
  const Trial trial = turn % kChanceEvery == kChanceEvery - 1
                          ? driver_->NextByChance()
                          : driver_->Next();
  const bool marked = !trial.conditions.empty();
  const bool by_zygote = zygote_ != nullptr && !trial.ConcernsLoader() &&
                         (marked || turn % kPlainEvery != 1);
  // Conditions are obeyed by what has our library only.
  const uint64_t every = service_ ? kCensusOfServiceEvery : kCensusEvery;
  const bool census = turn % every == 0 || MonotonicNs() > census_due_ns_ ||
                      (marked && !by_zygote) ||
                      (tracer_ != nullptr && driver_->leads_on());
  return TryTrial(trial, by_zygote, census);
}

absl::Status Learner::Step(const Show& show) {
  const auto news = AnswersNow() ? AnswerOne() : StepOfDriver();
  if (!news.ok()) {
    if (absl::IsFailedPrecondition(news.status())) return news.status();
    // A trial that cannot be run is no news; an environment that is gone is.
    return ++troubles_ > kTroublesMax ? news.status() : absl::OkStatus();
  }
  troubles_ = 0;
  const uint64_t now = MonotonicNs();
  if (show && (news->call || now - shown_ns_ > kShowNs)) {
    shown_ns_ = now;
    goes_on_ = show(Progress());
  }
  return absl::OkStatus();
}

bool Learner::Stopping() {
  const uint64_t now = MonotonicNs();
  const auto stop = [this](const char* why) {
    numbers_.stopped_by = why;
    return true;
  };
  if (Interrupted()) return stop("interrupted");
  if (options_.runs_max != 0 && numbers_.runs >= options_.runs_max) {
    return stop("the number of runs");
  }
  if (options_.time_ms != 0 && now - start_ns_ >= options_.time_ms * kMs) {
    return stop("the time");
  }
  // What is slow has hardly begun with its plan by then.
  const uint64_t patience = driver_->planned() == 0 ? 1 : kPatienceWithPlan;
  if (options_.idle_ms != 0 &&
      now - new_ns_ >= patience * options_.idle_ms * kMs) {
    return stop("no new call or argument for the idle time");
  }
  return false;
}

absl::Status Learner::Learn(const Show& show) {
  start_ns_ = new_ns_ = new_call_ns_ = MonotonicNs();
  goes_on_ = true;
  while (goes_on_ && !Stopping()) {
    if (absl::Status done = Step(show); !done.ok()) return done;
  }
  const uint64_t now = MonotonicNs();
  numbers_.seconds = seconds();
  numbers_.seconds_since_new = static_cast<double>(now - new_call_ns_) / 1e9;
  numbers_.runs_since_new = numbers_.runs - new_call_run_;
  numbers_.counted_runs = discoveries_.counted_runs();
  numbers_.seen_once = discoveries_.seen_once();
  numbers_.residual = discoveries_.residual();
  if (const size_t left = driver_->planned(); left != 0) {
    AddNote(Concat("stopped before ", left,
                   " of the runs that were planned: a longer --idle-stop and "
                   "--time may show more"));
  }
  if (show) show(Progress());
  return absl::OkStatus();
}

CampaignNumbers Learner::numbers() const { return numbers_; }

}  // namespace formfuzz::campaign
