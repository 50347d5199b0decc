// SPDX-License-Identifier: Apache-2.0
// Drives a program until it shows no new system call, and says what it needs.
//
// Three executors take turns. A zygote, where the program has one, for speed;
// plain starts, for what concerns the loader; and starts in which everything
// is asked about, now and then and whenever something new was seen, so that it
// is known how often calls are made. The filters of the first two let pass
// what is known: they grow.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_LEARNER_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_LEARNER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/process/executor.h"
#include "campaign/process/program/program_file.h"
#include "campaign/syscalls/calls/call_set.h"
#include "campaign/syscalls/code/call_graph.h"
#include "campaign/syscalls/drive/driver.h"
#include "campaign/syscalls/learn/discoveries.h"
#include "campaign/syscalls/search/searches.h"
#include "campaign/syscalls/watch/call_watch.h"

namespace formfuzz::campaign {

struct LearnOptions {
  std::vector<std::string> command;
  uint64_t time_ms = 300'000;  // 0: no limit
  // Without a new call or argument, three times that before the plan is gone
  // through; 0: no limit.
  uint64_t idle_ms = 10'000;
  uint64_t runs_max = 0;  // 0: no limit
  uint64_t run_ms = 500;  // of one run
  uint64_t seed = 1;
  bool unsafe_host = false;
  bool results = true;         // of calls: what they come to
  std::string program_corpus;  // a folder; "": none
  // A program that serves, and what it is sent; "": what is usual.
  ProfiledService service;
  std::string requests;  // a folder
  // What is compared is answered with a share of the turns, not of the time,
  // and as many steps in each, however busy the machine is: for tests.
  bool answers_by_turns = false;
};

// What else is done once driving is over may take so long: half of its time,
// but no less than what a few calls need, and no more than all is worth.
uint64_t AfterMs(const LearnOptions& options);

struct LearnProgress {
  uint64_t runs = 0;
  double seconds = 0;
  uint64_t calls = 0;
  uint64_t items = 0;
  double residual = 1;
};

class Learner {
 public:
  // Told of progress; false ends learning.
  using Show = std::function<bool(const LearnProgress&)>;

  // Errors: as MakeExecutor.
  static absl::StatusOr<std::unique_ptr<Learner>> Make(
      const LearnOptions& options);

  // Until a stop rule holds, or the user interrupts.
  absl::Status Learn(const Show& show);

  // The following end with the run that goes on when their time is over, and
  // note what was left out, unless it was the user who ended them.
  // Makes the trials of calls smaller, for at most so long.
  absl::Status Minimise(uint64_t time_ms);

  // Adds trials whose signals come at the moment that shows a call most often,
  // of a few; for at most so long. What cannot be run shows nothing.
  void MoveSignals(uint64_t time_ms);

  // The stack of each call, in its smallest run; for at most so long. Only
  // where results are traced, too.
  void LookAtStacks(uint64_t time_ms);
  // Innermost frame first; empty where none was looked at, or told.
  const std::vector<std::string>& StackAt(uint32_t arch, uint32_t number) const;

  // What the code of the program can come to; what it executes is not looked
  // at. Errors: as CallsReachedFrom.
  absl::StatusOr<ReachedCalls> LookAtCode();

  const Discoveries& discoveries() const { return discoveries_; }
  // Those that showed something new, in order; `smallest` is that of a call.
  const std::vector<Trial>& trials() const { return trials_; }
  const Trial& Smallest(uint32_t arch, uint32_t number, size_t trial) const;
  CampaignNumbers numbers() const;
  const std::vector<std::string>& notes() const { return notes_; }
  const ProgramFile& program() const { return program_; }
  const ProfiledService& service() const { return options_.service; }
  // What is known of its command line: "12 flags, 3 subcommands, ...".
  const std::string& words_known() const { return words_known_; }
  // Of the runs of a service, those in which it could be reached.
  uint64_t reached_runs() const { return reached_runs_; }

  // Runs the trial with everything asked about; valid until the next run. What
  // it leaves is read where `takes_files` says so.
  struct Look {
    Execution execution;
    std::span<const Note> notes;
    CallResults results;
    std::set<std::string> missing;  // paths
    std::vector<InputFile> files;   // that lay there in the end
  };
  absl::StatusOr<Look> LookAt(const Trial& trial, bool takes_files = false);

  // Makes each call of the program fail in a few ways, in the run that shows
  // it: what that comes to, by call. What the program does instead is learnt.
  absl::StatusOr<std::map<std::pair<uint32_t, uint32_t>, Need>> TryWithout(
      uint64_t time_ms);

 private:
  explicit Learner(const LearnOptions& options) : options_(options) {}
  absl::Status Start();
  void NoteKind();
  ExecutorOptions OptionsOfExecutor() const;
  absl::StatusOr<std::unique_ptr<Executor>> Executing(ExecutorKind kind,
                                                      CallWatch& watch);
  absl::StatusOr<DrivingWords> AskProgram();
  absl::Status GatherRequests(DrivingWords& words) const;
  absl::Status CheckService(const Execution& execution) const;
  // By arch and number of a call, the trial that showed it first.
  std::map<std::pair<uint32_t, uint32_t>, size_t> FirstTrials() const;
  bool MakesCall(const Trial& trial, const std::pair<uint32_t, uint32_t>& call);
  // Of a few runs, those in which `watch`, the executor's, sees the call.
  int TimesShown(Executor& executor, CallWatch& watch,
                 const std::pair<uint32_t, uint32_t>& call, const Trial& trial);
  absl::Status Step(const Show& show);
  absl::StatusOr<News> StepOfDriver();
  // What is new is kept, and asked about everything.
  absl::StatusOr<News> TryTrial(const Trial& trial, bool by_zygote,
                                bool census);
  // Of what the program compares.
  void BeginAnswers(const DrivingWords& words);
  bool AnswersNow() const;
  absl::StatusOr<News> AnswerOne();
  absl::StatusOr<News> RunOnce(const Trial& trial, bool by_zygote);
  absl::StatusOr<News> RunCensus(const Trial& trial, bool counts);
  News Take(std::span<const Note> notes, const Trial& trial);
  bool TakeResults(const Look& look, const Trial& trial);
  struct Outcome;
  absl::StatusOr<Outcome> OutcomeOf(const Trial& trial);
  struct Tried;
  absl::StatusOr<Tried> TryWithoutCall(uint32_t number, const Trial& trial,
                                       uint64_t until_ns);
  // For what was left out; none once the user has interrupted.
  void NoteNoTime(const std::string& what);
  void NoteUntried(size_t calls, size_t failed, size_t elsewhere);
  absl::Status TryElsewhere(uint32_t number, const Trial& trial);
  void Teach(std::span<const Note> notes);
  void NoteOddities(std::span<const Note> notes);
  void AddNote(const std::string& note);
  bool Stopping();
  LearnProgress Progress() const;
  double seconds() const;

  LearnOptions options_;
  std::optional<Service> service_;
  ProgramFile program_;
  std::string interpreter_;  // of a script
  std::string words_known_;
  CallSet known_;       // whatever the stage
  CallSet known_main_;  // after the loader
  CallSet nothing_;     // known, so that everything is asked about
  std::unique_ptr<CallWatch> plain_watch_;
  std::unique_ptr<CallWatch> zygote_watch_;
  std::unique_ptr<CallWatch> census_watch_;
  std::unique_ptr<ResultTracer> tracer_;
  std::unique_ptr<Executor> plain_;
  std::unique_ptr<Executor> zygote_;
  std::unique_ptr<Executor> census_;
  std::unique_ptr<Executor> tracing_;
  std::unique_ptr<Driver> driver_;
  Searches searches_;
  uint64_t answering_ns_ = 0;
  uint64_t answers_ = 0;
  uint64_t turns_ = 0;  // of the driver

  Discoveries discoveries_;
  std::vector<Trial> trials_;
  std::map<std::pair<uint32_t, uint32_t>, Trial> smallest_;
  std::map<std::pair<uint32_t, uint32_t>, std::vector<std::string>> stacks_;
  std::vector<std::string> notes_;
  CampaignNumbers numbers_;
  uint64_t start_ns_ = 0;
  uint64_t new_ns_ = 0;       // when something new was seen
  uint64_t new_call_ns_ = 0;  // a call
  uint64_t new_call_run_ = 0;
  uint64_t census_due_ns_ = 0;  // a run is asked about everything by then
  uint64_t shown_ns_ = 0;
  bool goes_on_ = true;
  uint64_t reached_runs_ = 0;  // of a service
  uint64_t troubles_ = 0;      // one after another
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_LEARN_LEARNER_H_
