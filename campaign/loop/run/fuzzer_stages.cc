// SPDX-License-Identifier: Apache-2.0
// One turn: pick, walk, havoc.
#include <algorithm>
#include <utility>

#include "campaign/loop/run/fuzzer.h"

namespace formfuzz::campaign {
namespace {

// Steps of the deterministic walk a turn: it goes on at the next pick.
constexpr size_t kWalkSteps = 128;
// One execution in so many flips bits of what was given.
constexpr uint64_t kFlipShare = 4;
constexpr size_t kOtherEvery = 32;
constexpr int kOtherTries = 8;
// Who is favoured is decided again when there are so many more entries.
constexpr uint64_t kFavouredGrowth = 16;  // a sixteenth

}  // namespace

absl::Status Fuzzer::Turn() {
  if (!peers_.empty() && collect_due_) {
    const absl::Status status = CollectFromPeers();
    if (!status.ok()) return status;
  }
  if (corpus_.size() > favoured_at_ + favoured_at_ / kFavouredGrowth) {
    for (const EntryId id : corpus_.RenewFavoured()) {
      if (!corpus_.at(id).features.empty()) scheduler_->Update(corpus_.at(id));
    }
    favoured_at_ = corpus_.size();
    statistics_.favoured = static_cast<uint64_t>(
        std::count_if(corpus_.entries().begin(), corpus_.entries().end(),
                      [](const Entry& entry) { return entry.favoured; }));
  }
  absl::Status status = CompareFresh();
  if (status.ok()) status = FlipGiven();
  const bool ends = stopping_ != StopReason::kNone || collect_due_;
  if (!status.ok() || ends) return status;
  status = Take(scheduler_->Pick(random_));
  if (!status.ok()) return status;
  const uint64_t runs = runner_.executions();
  ++corpus_.at(current_).picks;
  corpus_.at(current_).last_pick = runs;
  if (status.ok() && config_.deterministic && !current_gone_)
    status = WalkStage(current_);
  if (status.ok() && config_.havoc) status = HavocStage(current_);
  if (status.ok() && config_.havoc) status = MendStage(current_);
  if (runner_.executions() == runs && !config_.havoc) EndIfWalked();
  if (current_gone_ || !status.ok()) return status;
  Entry& entry = corpus_.at(current_);
  entry.executions += runner_.executions() - runs;
  entry.path_hits = path_hits_[entry.path % path_hits_.size()];
  scheduler_->Update(entry);
  return absl::OkStatus();
}

// Without random changes there is an end.
void Fuzzer::EndIfWalked() {
  if (!unseen_.empty() || !uncompared_.empty()) return;
  const auto is_walked = [this](const Entry& entry) {
    return entry.features.empty() || walks_.IsOver(entry.id);
  };
  const auto& entries = corpus_.entries();
  if (std::all_of(entries.begin(), entries.end(), is_walked)) {
    stopping_ = StopReason::kIdle;
  }
}

absl::Status Fuzzer::Take(EntryId id) {
  current_ = id;
  current_gone_ = false;
  auto bytes = corpus_.BytesOf(id);
  if (!bytes.ok()) return bytes.status();
  base_ = *std::move(bytes);
  return absl::OkStatus();
}

MutationScene Fuzzer::Scene() {
  return {.random = random_,
          .size_max = config_.input_bytes_max,
          .other = other_,
          .words = words_};
}

// What was given tends to be right, so that a flag of it is one bit: their
// walks do not wait until they are picked for a second time, which is late in a
// queue that grows.
absl::Status Fuzzer::FlipGiven() {
  while (!given_.empty() && stopping_ == StopReason::kNone && !collect_due_ &&
         flip_runs_ <= runner_.executions() / kFlipShare) {
    const EntryId id = given_.front();
    const Entry& entry = corpus_.at(id);
    if (entry.features.empty() || walks_.IsOver(id) ||
        walks_.Of(id, entry.size).has_flipped_bits()) {
      given_.pop_front();
      continue;
    }
    const uint64_t runs = runner_.executions();
    absl::Status status = Take(id);
    if (status.ok()) status = WalkStage(id);
    flip_runs_ += runner_.executions() - runs;
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Fuzzer::WalkStage(EntryId id) {
  if (walks_.IsOver(id)) return absl::OkStatus();
  DeterministicWalk& walk = walks_.Of(id, base_.size());
  const uint64_t own_path = corpus_.at(id).path;
  const Origin origin{
      .depth = corpus_.at(id).depth + 1, .has_parent = true, .parent = id};
  InputBytes input;
  for (size_t i = 0; i < kWalkSteps && goes_on(); ++i) {
    input = base_;
    if (!walk.Next(words_, input)) {
      walks_.End(id);
      return absl::OkStatus();
    }
    if (input.size() > config_.input_bytes_max) continue;
    bool kept = false;
    uint64_t path = 0;
    const absl::Status status = TryOne(input, origin, &kept, &path);
    if (!status.ok()) return status;
    // The entry, and its walk, may have gone for what was kept.
    if (!current_gone_) walk.Learn(path != own_path);
  }
  return absl::OkStatus();
}

absl::Status Fuzzer::HavocStage(EntryId id) {
  const size_t energy = scheduler_->Energy(corpus_.at(id));
  size_t done = 0;
  size_t renew = 0;
  while (done < energy && goes_on()) {
    if (done >= renew) {
      PickOther();
      renew = done + kOtherEvery;
    }
    const auto ran = HavocBatch(id, energy - done);
    if (!ran.ok()) return ran.status();
    done += *ran;
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> Fuzzer::HavocBatch(EntryId id, size_t wanted) {
  size_t count = std::min(wanted, batch_.size());
  if (config_.runs_max != 0) {
    const uint64_t runs = std::min(runner_.executions(), config_.runs_max);
    count = std::min<size_t>(count, config_.runs_max - runs);
  }
  const MutationScene scene = Scene();
  for (size_t i = 0; i < count; ++i) {
    batch_[i] = base_;
    used_[i] = havoc_.Mutate(scene, batch_[i]);
    views_[i] = batch_[i];
  }
  const auto ran = runner_.RunBatch(std::span(views_).first(count),
                                    std::span(executions_).first(count));
  if (!ran.ok()) return ran.status();
  // All are looked at before anything else runs, which ends what they borrow.
  std::vector<std::pair<size_t, Shown>> news;
  for (size_t i = 0; i < *ran; ++i) {
    Shown shown = Look(executions_[i]);
    if (shown.fresh || shown.failure) news.emplace_back(i, std::move(shown));
  }
  LookAtClock();
  const Origin origin{
      .depth = corpus_.at(id).depth + 1, .has_parent = true, .parent = id};
  for (auto& [i, shown] : news) {
    bool kept = false;
    const absl::Status status =
        DealWith(batch_[i], std::move(shown), origin, &kept);
    if (!status.ok()) return status;
    if (kept) havoc_.Yielded(used_[i]);
  }
  return *ran;
}

// Any kept input, each as likely; none where there is no other.
void Fuzzer::PickOther() {
  other_.clear();
  if (!config_.splice || corpus_.size() < 2) return;
  for (int i = 0; i < kOtherTries && other_.empty(); ++i) {
    const auto id =
        static_cast<EntryId>(random_.Below(corpus_.entries().size()));
    if (id == current_ || corpus_.at(id).size == 0) continue;
    auto bytes = corpus_.BytesOf(id);
    if (bytes.ok()) other_ = *std::move(bytes);
  }
}

}  // namespace formfuzz::campaign
