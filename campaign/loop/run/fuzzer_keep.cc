// SPDX-License-Identifier: Apache-2.0
// Keeping an input: runs it again to see what of it is stable, makes it
// shorter, gives it an entry, tells the others.
#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "campaign/loop/run/fuzzer.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {
namespace {

constexpr int kCalibrations = 2;
// A feature that came and went so often is taken for learnt.
constexpr uint8_t kStrikesMax = 3;
// What is long is made shorter, in large pieces: to find each byte that could
// go took more executions than all else, and what was left of a short input was
// a worse one to change.
constexpr uint32_t kTrimTriesMax = 32;
constexpr uint32_t kTrimPieces = 16;
constexpr size_t kTrimSizeMin = 64;
// Inputs that were given whose bits are all flipped early.
constexpr size_t kGivenMax = 256;
// With a seed, time has no say; an entry costs what it covers.
constexpr uint64_t kSeededNsPerFeature = 1000;

std::vector<Feature> Both(const std::vector<Feature>& a,
                          const std::vector<Feature>& b) {
  std::vector<Feature> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                        std::back_inserter(both));
  return both;
}

}  // namespace

bool Fuzzer::AnyFresh(const std::vector<Feature>& features) const {
  return std::any_of(features.begin(), features.end(), [this](Feature feature) {
    return !feedback_.HasLearnt(feature);
  });
}

absl::Status Fuzzer::Keep(Bytes input, std::vector<Feature> features,
                          const Origin& origin, bool* kept) {
  if (corpus_.Has(input) || !AnyFresh(features)) return absl::OkStatus();
  InputBytes copy(input.begin(), input.end());
  Entry entry;
  absl::Status status = Calibrate(copy, &features, &entry);
  if (!status.ok() || !AnyFresh(features)) return status;
  entry.coverage_score = static_cast<double>(std::count_if(
      features.begin(), features.end(),
      [this](Feature feature) { return !feedback_.HasLearnt(feature); }));
  entry.features = std::move(features);
  if (config_.trim && !origin.imported) {
    status = Trim(copy, &entry);
    if (!status.ok()) return status;
  }
  feedback_.Learn(entry.features);
  if (corpus_.Has(copy)) return absl::OkStatus();
  *kept = true;
  return Enter(std::move(entry), copy, origin);
}

absl::Status Fuzzer::Calibrate(Bytes input, std::vector<Feature>* features,
                               Entry* entry) {
  const std::vector<Feature> shown = *features;
  uint64_t fastest_ns = UINT64_MAX;
  for (int i = 0; i < kCalibrations; ++i) {
    Execution execution;
    const absl::Status status = runner_.Run(input, execution);
    if (!status.ok()) return status;
    if (const auto failure = CountFailure(execution)) {
      features->clear();
      return Fail(input, *failure);
    }
    fastest_ns = std::min(fastest_ns, execution.wall_ns);
    entry->path = feedback_.Observe(execution).path;
    feedback_.Features(execution, &scratch_);
    *features = Both(*features, scratch_);
  }
  entry->run_ns =
      config_.seed != 0 ? kSeededNsPerFeature * features->size() : fastest_ns;
  Strike(shown, *features);
  return absl::OkStatus();
}

void Fuzzer::Strike(const std::vector<Feature>& shown,
                    const std::vector<Feature>& stable) {
  std::vector<Feature> gone;
  std::set_difference(shown.begin(), shown.end(), stable.begin(), stable.end(),
                      std::back_inserter(gone));
  for (const Feature feature : gone) {
    if (feedback_.HasLearnt(feature)) continue;
    if (++strikes_[feature] < kStrikesMax) continue;
    feedback_.Learn({&feature, 1});
    strikes_.erase(feature);
    ++statistics_.unstable;
  }
}

absl::Status Fuzzer::Trim(InputBytes& input, Entry* entry) {
  if (input.size() < kTrimSizeMin) return absl::OkStatus();
  absl::Status status;
  std::vector<std::pair<InputBytes, Failure>> failed;
  const auto shows_all = [&](Bytes candidate) {
    if (!status.ok() || stopping_ != StopReason::kNone) return false;
    Execution execution;
    status = runner_.Run(candidate, execution);
    LookAtClock();
    if (!status.ok()) return false;
    if (const auto failure = CountFailure(execution)) {
      failed.emplace_back(InputBytes(candidate.begin(), candidate.end()),
                          *failure);
      return false;
    }
    feedback_.Features(execution, &scratch_);
    if (!std::includes(scratch_.begin(), scratch_.end(),
                       entry->features.begin(), entry->features.end())) {
      return false;
    }
    // Shorter inputs take other ways to the same features.
    entry->path = feedback_.Observe(execution).path;
    return true;
  };
  form_.Shrink({.tries_max = kTrimTriesMax, .pieces_max = kTrimPieces},
               shows_all, input);
  for (const auto& [candidate, failure] : failed) {
    status.Update(Fail(candidate, failure));
  }
  return status;
}

absl::Status Fuzzer::Enter(Entry entry, Bytes input, const Origin& origin) {
  entry.depth = origin.depth;
  entry.last_pick = runner_.executions();
  statistics_.depth_max =
      std::max<uint64_t>(statistics_.depth_max, entry.depth);
  statistics_.last_new_run = runner_.executions();
  statistics_.last_new_ns = MonotonicNs() - start_ns_;
  if (origin.has_parent && !current_gone_) ++corpus_.at(origin.parent).finds;
  const EntryId id = corpus_.Add(std::move(entry), input);
  scheduler_->Add(corpus_.at(id));
  walks_.Forget(id);
  WillCompare(id);
  const bool given = !origin.has_parent && !origin.imported;
  if (given && config_.deterministic && given_.size() < kGivenMax) {
    given_.push_back(id);
  }
  for (const EntryId gone : corpus_.TakeEvicted()) {
    scheduler_->Remove(gone);
    walks_.Forget(gone);
    current_gone_ = current_gone_ || gone == current_;
  }
  Tell(events_.OnNewCoverage, input, corpus_.at(id));
  for (Peers* const peers : peers_) {
    if (origin.imported) break;
    const absl::Status status = peers->Publish(input);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace formfuzz::campaign
