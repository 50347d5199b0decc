// SPDX-License-Identifier: Apache-2.0
// The loop's frame: looking at executions, failures, the clock, the others.
#include "campaign/loop/run/fuzzer.h"

#include <algorithm>
#include <utility>

#include "campaign/process/child.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

// The clock is looked at after so many executions or so much time in them.
constexpr uint64_t kClockRuns = 256;
constexpr uint64_t kClockBusyNs = 10'000'000;
constexpr uint64_t kTellNs = 250'000'000;
constexpr uint64_t kCollectNs = 500'000'000;
constexpr size_t kPathHits = 1 << 16;
// How often features are counted for those schedulers that ask.
constexpr uint64_t kCountEvery = 4;

uint64_t SeedOf(const LoopConfig& config) {
  return config.seed != 0 ? config.seed : Mix(MonotonicNs(), WallClockMs());
}

absl::Status CheckEdges(const LoopConfig& config, const Capabilities& can) {
  const bool wanted = config.feedback.find("edges") != std::string::npos;
  if (!wanted || can.coverage_size > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "feedback from edges was asked for, and the program shows none: build "
      "it with formfuzz-clang++ or afl-clang-fast, or use feedback output");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Fuzzer>> Fuzzer::Make(const LoopConfig& config,
                                                     FuzzerParts parts) {
  absl::Status status = Validate(config);
  if (!status.ok()) return status;
  auto feedback = FeedbackSet::Make(
      config.feedback, parts.executor.capabilities().coverage_size);
  if (!feedback.ok()) return feedback.status();
  status = CheckEdges(config, parts.executor.capabilities());
  if (!status.ok()) return status;
  std::unique_ptr<Fuzzer> fuzzer(
      new Fuzzer(config, *std::move(feedback), std::move(parts)));
  auto scheduler = MakeScheduler(config.schedule, fuzzer->counts_);
  if (!scheduler.ok()) return scheduler.status();
  fuzzer->scheduler_ = *std::move(scheduler);
  return fuzzer;
}

Fuzzer::Fuzzer(const LoopConfig& config, FeedbackSet feedback,
               FuzzerParts parts)
    : config_(config),
      feedback_(std::move(feedback)),
      corpus_(parts.corpus),
      form_(parts.form),
      words_(parts.words),
      runner_(parts.executor, parts.form, parts.events),
      havoc_(std::move(parts.mutators)),
      sorter_(
          {.minimise = config.minimise_crashes,
           .minimise_ns_max =
               config.seed != 0 ? 0 : CrashSorter::Options().minimise_ns_max,
           .stops =
               [this] {
                 return stopping_ != StopReason::kNone || Interrupted();
               }},
          parts.form, std::move(parts.write_finding)),
      peers_(std::move(parts.peers)),
      events_(parts.events),
      random_(SeedOf(config)),
      batch_(std::max<size_t>(1, runner_.batch_max())),
      used_(batch_.size()),
      views_(batch_.size()),
      executions_(batch_.size()),
      walks_(config.havoc ? DeterministicWalks::kWalksMax : SIZE_MAX),
      path_hits_(kPathHits),
      start_ns_(MonotonicNs()) {
  statistics_.cells = parts.executor.capabilities().coverage_size;
  config_.comparisons =
      config_.comparisons && parts.executor.capabilities().comparisons;
}

absl::Status Fuzzer::AddInput(Bytes input) {
  bool kept = false;
  uint64_t path = 0;
  input = input.first(std::min<size_t>(input.size(), config_.input_bytes_max));
  return TryOne(input, {}, &kept, &path);
}

absl::Status Fuzzer::AddKept(Bytes input) {
  bool kept = false;
  uint64_t path = 0;
  input = input.first(std::min<size_t>(input.size(), config_.input_bytes_max));
  return TryOne(input, {.imported = true}, &kept, &path);
}

absl::Status Fuzzer::BeginWith(const std::vector<InputBytes>& otherwise) {
  if (corpus_.size() > 0) return absl::OkStatus();
  for (const InputBytes& input : otherwise) {
    if (stopping_ != StopReason::kNone) break;
    const absl::Status status = AddInput(input);
    if (!status.ok()) return status;
  }
  if (corpus_.size() > 0) return absl::OkStatus();
  // Every input fails, or none shows anything at all.
  const InputBytes plain = otherwise.empty() ? InputBytes() : otherwise[0];
  return Enter(Entry{}, plain, {});
}

std::optional<Failure> Fuzzer::CountFailure(const Execution& execution) {
  if (!execution.crashed && !execution.hung()) return std::nullopt;
  ++(execution.crashed ? statistics_.crashes : statistics_.hangs);
  return FailureOf(execution, config_.timeout_ms);
}

Fuzzer::Shown Fuzzer::Look(const Execution& execution) {
  const Observation seen = feedback_.Observe(execution);
  Shown shown{.fresh = seen.fresh,
              .path = seen.path,
              .features = {},
              .failure = std::nullopt};
  ++path_hits_[seen.path % kPathHits];
  shown.failure = CountFailure(execution);
  const bool counts = scheduler_->WantsFeatureCounts() &&
                      feedback_.executions() % kCountEvery == 0;
  if (seen.fresh || counts) feedback_.Features(execution, &scratch_);
  if (seen.fresh) shown.features = scratch_;
  if (counts) counts_.Count(scratch_);
  return shown;
}

absl::Status Fuzzer::DealWith(Bytes input, Shown shown, const Origin& origin,
                              bool* kept) {
  if (shown.failure.has_value()) return Fail(input, *shown.failure);
  if (!shown.fresh) return absl::OkStatus();
  return Keep(input, std::move(shown.features), origin, kept);
}

absl::Status Fuzzer::TryOne(Bytes input, const Origin& origin, bool* kept,
                            uint64_t* path) {
  Execution execution;
  const absl::Status status = runner_.Run(input, execution);
  if (!status.ok()) return status;
  Shown shown = Look(execution);
  *path = shown.path;
  LookAtClock();
  return DealWith(input, std::move(shown), origin, kept);
}

absl::StatusOr<std::optional<Failure>> Fuzzer::RunAgain(Bytes input) {
  Execution execution;
  const absl::Status status = runner_.Run(input, execution);
  if (!status.ok()) return status;
  LookAtClock();
  if (!execution.crashed && !execution.hung()) return std::nullopt;
  return FailureOf(execution, config_.timeout_ms);
}

absl::Status Fuzzer::Fail(Bytes input, const Failure& failure) {
  const InputBytes copy(input.begin(), input.end());
  const auto folder = sorter_.Sort(
      copy, failure, [this](Bytes again) { return RunAgain(again); });
  if (!folder.ok()) return folder.status();
  if (!folder->empty()) Tell(events_.OnFinding, *folder);
  LookAtClock();
  return absl::OkStatus();
}

void Fuzzer::LookAtClock() {
  const uint64_t runs = runner_.executions();
  const bool all_runs = config_.runs_max != 0 && runs >= config_.runs_max;
  const bool due = runs - clock_runs_ >= kClockRuns ||
                   runner_.busy_ns() - clock_busy_ >= kClockBusyNs || all_runs;
  if (!due && statistics_.findings == sorter_.findings()) return;
  clock_runs_ = runs;
  clock_busy_ = runner_.busy_ns();
  const uint64_t now = MonotonicNs() - start_ns_;
  collect_due_ = !peers_.empty() && now - collected_ns_ > kCollectNs;
  stopping_ = ShouldStop(config_, statistics());
  if (Interrupted()) stopping_ = StopReason::kInterrupted;
  if (now - told_ns_ < kTellNs) return;
  told_ns_ = now;
  Tell(events_.OnStats, statistics_);
}

const Statistics& Fuzzer::statistics() {
  statistics_.executions = runner_.executions();
  statistics_.run_ns = MonotonicNs() - start_ns_;
  statistics_.features = feedback_.learnt();
  statistics_.corpus = corpus_.size();
  statistics_.findings = sorter_.findings();
  statistics_.corpus_bytes = corpus_.memory_bytes();
  statistics_.unwritten = corpus_.unwritten();
  statistics_.residual = feedback_.Residual();
  return statistics_;
}

absl::Status Fuzzer::CollectFromPeers() {
  collect_due_ = false;
  collected_ns_ = MonotonicNs() - start_ns_;
  const Origin origin{.imported = true};
  for (Peers* const peers : peers_) {
    const absl::Status status = peers->Collect([&](Bytes input) {
      if (stopping_ != StopReason::kNone || corpus_.Has(input) ||
          input.size() > config_.input_bytes_max) {
        return absl::OkStatus();
      }
      bool kept = false;
      uint64_t path = 0;
      const absl::Status tried = TryOne(input, origin, &kept, &path);
      statistics_.imported += kept ? 1 : 0;
      return tried;
    });
    if (!status.ok()) return status;
  }
  collect_due_ = false;
  return absl::OkStatus();
}

}  // namespace formfuzz::campaign
