// SPDX-License-Identifier: Apache-2.0
// Puts a worker together and runs it.
#include "campaign/loop/session/program_run.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/plugin/plugin.h"
#include "campaign/loop/mutate/structure/structure_mutators.h"
#include "campaign/loop/run/fuzzer.h"
#include "campaign/loop/share/afl_layout.h"
#include "campaign/loop/share/peers.h"
#include "campaign/run/findings.h"
#include "framework/base/digest.h"
#include "framework/base/file.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kProgramWordsMax = 512;
constexpr size_t kProgramConstantsMax = 256;
// After so many executions of which none was any different, say so.
constexpr uint64_t kTellingRuns = 1000;
constexpr size_t kDictionaryMax = 16 << 20;

// The n-th of the processors that we may run on; alone we take the one that we
// are on, which the kernel has chosen because it was free.
int ProcessorOf(int worker) {
  cpu_set_t allowed;
  if (worker < 0 || sched_getaffinity(0, sizeof(allowed), &allowed) != 0) {
    return -1;
  }
  int left = worker % std::max(1, CPU_COUNT(&allowed));
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(static_cast<unsigned>(cpu), &allowed) && left-- == 0) {
      return cpu;
    }
  }
  return -1;
}

// One worker's parts, in the order in which they need one another.
class Worker {
 public:
  explicit Worker(const ProgramRunOptions& options)
      : options_(options), config_(options.config) {
    // Workers of one run must not all do the same.
    if (config_.seed != 0 && options.worker >= 0) {
      config_.seed = Mix(config_.seed, static_cast<uint64_t>(options.worker));
    }
  }

  absl::Status Prepare(const ProgramWatcher& watch);
  absl::StatusOr<ProgramRunResult> Run();

 private:
  absl::Status CheckInputs() const;
  absl::Status MakeTheExecutor();
  absl::Status ReadWords();
  absl::StatusOr<Mutators> MakeMutators();
  absl::Status JoinOthers();
  void Listen(const ProgramWatcher& watch);
  absl::Status ReadInputs(const std::string& folder, bool adopt);
  absl::Status FinishFindings();
  absl::Status ReadAllInputs();
  void AddNotes();

  const ProgramRunOptions& options_;
  LoopConfig config_;
  ProgramRunResult result_;
  std::unique_ptr<Executor> executor_;
  std::unique_ptr<InputForm> form_;
  std::optional<CorpusStore> store_;
  std::optional<Corpus> corpus_;
  Dictionary words_;
  std::vector<std::string> program_words_;
  std::vector<std::unique_ptr<Peers>> peers_;
  std::optional<FindingWriter> writer_;
  std::set<std::string> findings_;
  Events events_;
  std::optional<AflLayout> layout_;
  std::string layout_problem_;
  std::unique_ptr<Fuzzer> fuzzer_;
};

// Before anything runs: of two folders the second may have been misspelt.
absl::Status Worker::CheckInputs() const {
  for (const std::string& folder : config_.inputs) {
    if (access(folder.c_str(), R_OK) != 0) {
      return absl::ErrnoToStatus(errno, Concat("cannot list ", folder));
    }
  }
  return absl::OkStatus();
}

absl::Status Worker::Prepare(const ProgramWatcher& watch) {
  absl::Status status = CheckInputs();
  if (status.ok()) status = options_.work.Create();
  if (status.ok()) status = MakeTheExecutor();
  if (status.ok()) status = ReadWords();
  if (!status.ok()) return status;
  form_ = config_.typed ? MakeCommandLineForm(program_words_) : MakePlainForm();
  auto store = CorpusStore::Open(options_.work.corpus());
  if (!store.ok()) return store.status();
  store_ = *std::move(store);
  corpus_.emplace(
      CorpusLimits{.entries_max = config_.corpus_max,
                   .memory_bytes_max = config_.corpus_memory_mb << 20,
                   .store_is_shared = options_.worker >= 0},
      &*store_);
  writer_.emplace(options_.target, config_, options_.work.findings(), *form_,
                  options_.worker);
  status = JoinOthers();
  if (!status.ok()) return status;
  auto mutators = MakeMutators();
  if (!mutators.ok()) return mutators.status();
  Listen(watch);
  std::vector<Peers*> peers;
  for (const auto& peer : peers_) peers.push_back(peer.get());
  auto fuzzer = Fuzzer::Make(config_, {.executor = *executor_,
                                       .form = *form_,
                                       .corpus = *corpus_,
                                       .words = words_,
                                       .mutators = *std::move(mutators),
                                       .write_finding =
                                           [this](const SortedFailure& sorted) {
                                             return writer_->Write(sorted);
                                           },
                                       .peers = std::move(peers),
                                       .events = events_});
  if (!fuzzer.ok()) return fuzzer.status();
  fuzzer_ = *std::move(fuzzer);
  return absl::OkStatus();
}

absl::Status Worker::MakeTheExecutor() {
  ExecutorOptions options = OptionsFor(options_.target, config_);
  if (config_.pin) options.isolation.cpu = ProcessorOf(options_.worker);
  auto executor = MakeExecutor(options);
  if (!executor.ok()) return executor.status();
  executor_ = *std::move(executor);
  const Capabilities& can = executor_->capabilities();
  result_.executor = std::string(NameOf(can.kind));
  result_.coverage_cells = can.coverage_size;
  if (can.input_bytes_max > 0) {
    config_.input_bytes_max =
        std::min<uint64_t>(config_.input_bytes_max, can.input_bytes_max);
  }
  return absl::OkStatus();
}

absl::Status Worker::ReadWords() {
  for (const std::string& path : config_.dictionaries) {
    const auto text = ReadFile(path, kDictionaryMax);
    if (!text.ok()) return text.status();
    const absl::Status status = words_.AddText(*text, path);
    if (!status.ok()) return status;
  }
  if (!config_.program_words) return absl::OkStatus();
  // First those that a random change is least likely to come upon.
  for (const std::string& constant :
       ConstantsOfProgram(options_.target.command[0], kProgramConstantsMax)) {
    words_.Add(constant);
  }
  program_words_ =
      StringsOfProgram(options_.target.command[0], kProgramWordsMax);
  for (const std::string& word : program_words_) words_.Add(word);
  return absl::OkStatus();
}

absl::StatusOr<Mutators> Worker::MakeMutators() {
  Mutators mutators;
  form_->AddMutators(&mutators);
  AddByteMutators(&mutators);
  if (config_.splice) AddSpliceMutators(&mutators);
  const bool compares =
      config_.comparisons && executor_->capabilities().comparisons;
  if (!words_.empty() || compares) AddWordMutators(&mutators);
  if (config_.structure) {
    AddTokenMutators(&mutators);
    AddLineMutators(&mutators);
    AddJsonMutators(&mutators);
    AddXmlMutators(&mutators);
  }
  for (const std::string& path : config_.mutators) {
    auto own = LoadMutator(path, config_.seed);
    if (!own.ok()) return own.status();
    mutators.push_back(*std::move(own));
  }
  return mutators;
}

absl::Status Worker::JoinOthers() {
  if (options_.worker >= 0) {
    auto workers = JoinWorkers(options_.work.journal(), *store_);
    if (!workers.ok()) return workers.status();
    peers_.push_back(*std::move(workers));
  }
  if (config_.sync.empty()) return absl::OkStatus();
  auto afl =
      JoinAfl(config_.sync, Concat("formfuzz", std::max(0, options_.worker)));
  if (!afl.ok()) return afl.status();
  peers_.push_back(*std::move(afl));
  return absl::OkStatus();
}

void Worker::Listen(const ProgramWatcher& watch) {
  events_.OnStats.push_back(watch);
  if (!config_.afl_layout.empty()) {
    // Each of several workers has a folder of its own, as AFL++'s have.
    layout_.emplace(options_.worker < 0 ? config_.afl_layout
                                        : Concat(config_.afl_layout, "/worker",
                                                 options_.worker),
                    options_.target.command, result_.coverage_cells);
    events_.OnStats.push_back([this](const Statistics& now) {
      const absl::Status status =
          layout_->Write(now, now.run_ns == result_.statistics.run_ns);
      if (!status.ok()) layout_problem_ = std::string(status.message());
    });
  }
  events_.OnFinding.push_back(
      [this](const std::string& folder) { findings_.insert(folder); });
}

// What others made is bytes to read; what the loop kept is an input as it is.
absl::Status Worker::ReadInputs(const std::string& folder, bool adopt) {
  const auto counts = ForEachInput(
      folder, config_.input_bytes_max, [&](Bytes input, const auto&) {
        if (fuzzer_->stopping() != StopReason::kNone) return absl::OkStatus();
        return adopt ? fuzzer_->AddInput(form_->Adopt(input))
                     : fuzzer_->AddKept(input);
      });
  if (!counts.ok()) return counts.status();
  if (counts->unreadable > 0) {
    result_.notes.push_back(Concat(counts->unreadable, " files of ", folder,
                                   " were left out: ", counts->first_problem));
  }
  if (counts->too_large > 0) {
    result_.notes.push_back(Concat(counts->too_large, " files of ", folder,
                                   " were cut to ", config_.input_bytes_max,
                                   " bytes"));
  }
  return absl::OkStatus();
}

absl::Status Worker::FinishFindings() {
  for (const FindingWriter::Left& left : writer_->Unfinished()) {
    if (fuzzer_->stopping() != StopReason::kNone) break;
    absl::Status status = fuzzer_->AddInput(AsBytes(left.input));
    if (status.ok()) status = writer_->Settle(left);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Worker::ReadAllInputs() {
  RemoveAbandoned(options_.work.findings());
  absl::Status status = FinishFindings();
  if (!status.ok()) return status;
  for (const std::string& folder : config_.inputs) {
    status = ReadInputs(folder, true);
    if (!status.ok()) return status;
  }
  return ReadInputs(options_.work.corpus(), false);
}

absl::StatusOr<ProgramRunResult> Worker::Run() {
  absl::Status status = ReadAllInputs();
  if (status.ok() && fuzzer_->stopping() == StopReason::kNone) {
    status = fuzzer_->BeginWith(form_->Smallest());
  }
  while (status.ok() && fuzzer_->stopping() == StopReason::kNone) {
    status = fuzzer_->Turn();
  }
  result_.statistics = fuzzer_->statistics();
  if (!status.ok() && result_.statistics.executions == 0) return status;
  result_.reason = status.ok() ? fuzzer_->stopping() : StopReason::kTrouble;
  result_.trouble = std::move(status);
  result_.findings.assign(findings_.begin(), findings_.end());
  Tell(events_.OnStats, result_.statistics);
  AddNotes();
  return std::move(result_);
}

void Worker::AddNotes() {
  if (!layout_problem_.empty()) result_.notes.push_back(layout_problem_);
  const Statistics& now = result_.statistics;
  if (now.corpus <= 1 && findings_.empty() && now.executions >= kTellingRuns) {
    result_.notes.push_back(Concat(
        "no input made a difference: does the program read ",
        config_.typed ? "any of its arguments, files and standard input?"
                      : "its standard input? @@ stands for a file, --typed "
                        "fuzzes arguments and environment"));
  }
  if (corpus_->unwritten() == 0) return;
  result_.notes.push_back(
      Concat(corpus_->unwritten(), " kept inputs could not be written: ",
             std::string(corpus_->store_problem().message())));
}

}  // namespace

absl::StatusOr<ProgramRunResult> RunProgram(const ProgramRunOptions& options,
                                            const ProgramWatcher& watch) {
  absl::Status status = Validate(options.config);
  if (!status.ok()) return status;
  Worker worker(options);
  status = worker.Prepare(watch);
  if (!status.ok()) return status;
  return worker.Run();
}

}  // namespace formfuzz::campaign
