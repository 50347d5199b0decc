// SPDX-License-Identifier: Apache-2.0
// What the program compared an input with, put into it: once for each entry
// that is worth it.
#include <algorithm>
#include <utility>

#include "campaign/loop/compare/replacements.h"
#include "campaign/loop/run/fuzzer.h"

namespace formfuzz::campaign {
namespace {

// Executions that one entry may cost: less than a turn of havoc.
constexpr size_t kReplacementsMax = 768;
// In a small queue all are worth it, and what comes in slowly.
constexpr size_t kSmallCorpus = 64;
constexpr size_t kSlowly = 16;   // entries that wait
constexpr uint64_t kShort = 32;  // bytes
constexpr uint64_t kPadded = 64;
// Several replacements at once, for conditions that show nothing alone.
constexpr int kTogether = 12;
// Where a change is answered by another comparison that fails, a checksum's:
// so many changes are followed up in vain before an entry is left alone.
constexpr int kRepairsInVain = 24;
constexpr size_t kRepairsOfChange = 8;
constexpr size_t kUncomparedMax = 1024;

bool IsBetweenValues(const Comparison& comparison) {
  return (comparison.numbers && !comparison.left_is_constant &&
          comparison.left.size() > 1) ||
         IsOfInverted(comparison);
}

}  // namespace

void Fuzzer::WillCompare(EntryId id) {
  if (id < compared_.size()) compared_[id] = false;
  if (config_.comparisons && uncompared_.size() < kUncomparedMax) {
    uncompared_.push_back(id);
  }
}

// One condition behind another is met at once in a small queue; in a large one
// changing others gets its turn between.
absl::Status Fuzzer::CompareFresh() {
  while (!uncompared_.empty()) {
    const EntryId id = uncompared_.front();
    uncompared_.pop_front();
    absl::Status status = Take(id);
    const bool slowly = uncompared_.size() < kSlowly;
    if (status.ok()) status = CompareStage(id, slowly);
    const bool ends = stopping_ != StopReason::kNone || collect_due_;
    if (!status.ok() || ends || corpus_.size() >= kSmallCorpus) return status;
  }
  return absl::OkStatus();
}

absl::Status Fuzzer::CompareStage(EntryId id, bool slowly) {
  if (id >= compared_.size()) compared_.resize(id + 64);
  const bool worthy =
      slowly || corpus_.at(id).favoured || corpus_.size() < kSmallCorpus;
  if (compared_[id] || !worthy) return absl::OkStatus();
  compared_[id] = true;
  const absl::Status status = CompareWith(base_, id);
  if (!status.ok() || base_.size() >= kShort || !goes_on()) return status;
  // Trimmed inputs are often too short to come to what is compared next; and
  // bytes drawn at random are found in no operand by chance.
  InputBytes longer = base_;
  while (longer.size() < std::min(kPadded, config_.input_bytes_max)) {
    longer.push_back(static_cast<uint8_t>(random_.Below(256)));
  }
  return CompareWith(longer, id);
}

absl::Status Fuzzer::CompareWith(const InputBytes& base, EntryId id) {
  std::vector<Comparison> comparisons;
  absl::Status status = runner_.RunTraced(base, comparisons);
  LookAtClock();
  LearnWords(comparisons, words_);
  const Origin origin{
      .depth = corpus_.at(id).depth + 1, .has_parent = true, .parent = id};
  const uint64_t own_path = corpus_.at(id).path;
  const auto replacements = ReplacementsOf(comparisons, base, kReplacementsMax);
  int in_vain = 0;
  for (const Replacement& replacement : replacements) {
    if (!status.ok() || !goes_on()) return status;
    InputBytes input = base;
    Apply(replacement, config_.input_bytes_max, input);
    bool kept = false;
    uint64_t path = 0;
    const uint64_t failed = statistics_.crashes + statistics_.hangs;
    status = TryOne(input, origin, &kept, &path);
    const bool fails = statistics_.crashes + statistics_.hangs != failed;
    const bool lost =
        !kept && !fails && path != own_path && in_vain < kRepairsInVain;
    if (!status.ok() || !lost) continue;
    status = Repair(input, origin, &kept);
    in_vain = kept ? 0 : in_vain + 1;
  }
  return status.ok() ? Combine(base, replacements, origin) : status;
}

absl::Status Fuzzer::Repair(const InputBytes& broken, const Origin& origin,
                            bool* kept) {
  std::vector<Comparison> comparisons;
  absl::Status status = runner_.RunTraced(broken, comparisons);
  LookAtClock();
  std::erase_if(comparisons, [](const Comparison& comparison) {
    return !IsBetweenValues(comparison);
  });
  for (const Replacement& replacement :
       ReplacementsOf(comparisons, broken, kRepairsOfChange)) {
    if (!status.ok() || *kept || !goes_on()) break;
    InputBytes input = broken;
    Apply(replacement, config_.input_bytes_max, input);
    uint64_t path = 0;
    status = TryOne(input, origin, kept, &path);
  }
  return status;
}

absl::Status Fuzzer::Combine(const InputBytes& base,
                             const std::vector<Replacement>& replacements,
                             const Origin& origin) {
  absl::Status status;
  for (int i = 0; i < kTogether && status.ok() && goes_on(); ++i) {
    InputBytes input = base;
    if (ApplySome(replacements, random_, input) < 2) break;
    bool kept = false;
    uint64_t path = 0;
    status = TryOne(input, origin, &kept, &path);
  }
  return status;
}

}  // namespace formfuzz::campaign
