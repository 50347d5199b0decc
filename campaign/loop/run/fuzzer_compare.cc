// SPDX-License-Identifier: Apache-2.0
// What the program compared an input with, put into it.
#include <algorithm>
#include <utility>

#include "campaign/loop/compare/colour.h"
#include "campaign/loop/compare/replacements.h"
#include "campaign/loop/run/fuzzer.h"

namespace formfuzz::campaign {
namespace {

// Executions that one input may cost, and what is mended of them besides.
constexpr size_t kReplacementsMax = 768;
constexpr size_t kSmallCorpus = 64;
constexpr uint64_t kCompareShare = 4;  // one in so many
constexpr uint64_t kShort = 32;        // bytes
constexpr uint64_t kPadded = 64;
// Several replacements at once, for conditions that show nothing alone.
constexpr int kTogether = 12;
// Executions that find out which bytes matter to an entry's path.
constexpr size_t kColourings = 96;
// A change may be answered by another comparison that fails now, a checksum's
// or a length's: so many changes of an entry are looked at, and so many one
// after another mended in vain.
constexpr int kLooksMax = 256;
constexpr int kRepairsInVain = 24;
constexpr size_t kRepairsOfChange = 8;
// Where no edges tell how far an input came: runs of an entry's changes, and
// changes of each of them, that are looked at for what they compare.
constexpr int kPursuits = 192;
constexpr size_t kPursuedOfChange = 16;
// Entries a turn, of which most cost one execution: after an import there are
// many, and others have to get their turn.
constexpr int kUnseenAtOnce = 64;

// What came of the replacements for one comparison.
enum class Outcome { kNone, kInVain, kTaken };

}  // namespace

void Fuzzer::WillCompare(EntryId id) {
  if (!config_.comparisons) return;
  unseen_.push_back(id);
  uncompared_.push_back(id);
}

// The next entry that is still kept.
std::optional<EntryId> Fuzzer::TakeFirst(std::deque<EntryId>& waiting) const {
  while (!waiting.empty()) {
    const EntryId id = waiting.front();
    waiting.pop_front();
    if (!corpus_.at(id).features.empty()) return id;
  }
  return std::nullopt;
}

// What was never compared before is answered at once, so that one condition
// behind another is met; the rest once in each entry, in a large queue with a
// share of the executions.
absl::Status Fuzzer::CompareFresh() {
  absl::Status status;
  const auto ends = [&] {
    return !status.ok() || stopping_ != StopReason::kNone || collect_due_ ||
           (config_.havoc && !runner_.AffordsTrace());
  };
  for (int i = 0; i < kUnseenAtOnce && !ends(); ++i) {
    const auto id = TakeFirst(unseen_);
    if (!id) break;
    status = Take(*id);
    if (!status.ok()) break;
    status = CompareWith(base_, *id, corpus_.at(*id).path, Answered::kFresh);
  }
  while (unseen_.empty() && !uncompared_.empty() && !ends()) {
    const uint64_t before = runner_.executions();
    const bool enough = compared_runs_ > before / kCompareShare;
    if (enough && config_.havoc && corpus_.size() >= kSmallCorpus) break;
    const auto id = TakeFirst(uncompared_);
    if (!id) break;
    status = Take(*id);
    if (status.ok()) status = CompareStage(*id);
    compared_runs_ += runner_.executions() - before;
  }
  return status;
}

absl::Status Fuzzer::CompareStage(EntryId id) {
  InputBytes input = base_;
  if (base_.size() < kShort) {
    const absl::Status status =
        CompareWith(base_, id, corpus_.at(id).path, Answered::kAll);
    if (!status.ok() || !answers_on()) return status;
    // Trimmed inputs are often too short to come to what is compared next.
    const size_t padded = std::min(kPadded, config_.input_bytes_max);
    while (input.size() < padded) {
      input.push_back(static_cast<uint8_t>(random_.Below(256)));
    }
  }
  bool kept = false;
  uint64_t own_path = 0;
  absl::Status status = TryOne(input, OriginOf(id), &kept, &own_path);
  if (!status.ok() || !answers_on()) return status;
  std::vector<Comparison> comparisons;
  status = Trace(input, comparisons);
  const bool worthy = std::any_of(
      comparisons.begin(), comparisons.end(),
      [this](const Comparison& one) { return !patience_.IsOver(one); });
  if (!status.ok() || !worthy) return status;
  const auto same = [&](Bytes changed) {
    if (!status.ok() || !answers_on()) return false;
    uint64_t path = 0;
    status = TryOne(changed, OriginOf(id), &kept, &path);
    return status.ok() && path == own_path;
  };
  Colour(random_, kColourings, same, input);
  if (!status.ok() || !answers_on()) return status;
  return CompareWith(input, id, own_path, Answered::kAll);
}

Fuzzer::Origin Fuzzer::OriginOf(EntryId id) const {
  return {.depth = corpus_.at(id).depth + 1, .has_parent = true, .parent = id};
}

absl::Status Fuzzer::Trace(const InputBytes& input,
                           std::vector<Comparison>& comparisons) {
  const absl::Status status = runner_.RunTraced(input, comparisons);
  LookAtClock();
  return status;
}

absl::Status Fuzzer::CompareWith(const InputBytes& base, EntryId id,
                                 uint64_t own_path, Answered which) {
  std::vector<Comparison> fresh;
  absl::Status status = Trace(base, fresh);
  LearnWords(fresh, words_);
  const Origin origin = OriginOf(id);
  KnownComparisons known;
  known.Add(fresh);
  std::erase_if(fresh, [&](const Comparison& comparison) {
    return which == Answered::kFresh ? !patience_.IsFresh(comparison)
                                     : patience_.IsOver(comparison);
  });
  const auto replacements = ReplacementsOf(fresh, base, kReplacementsMax);
  std::vector<Outcome> outcomes(fresh.size());
  Repairs repairs{.known = known};
  int pursuits = statistics_.cells == 0 ? kPursuits : 0;
  for (const Replacement& replacement : replacements) {
    if (!status.ok() || !answers_on()) break;
    InputBytes input = base;
    Apply(replacement, config_.input_bytes_max, input);
    bool kept = false;
    uint64_t path = 0;
    const uint64_t failed = statistics_.crashes + statistics_.hangs;
    status = TryOne(input, origin, &kept, &path);
    const bool fails = statistics_.crashes + statistics_.hangs != failed;
    if (status.ok() && !kept && !fails && path != own_path) {
      status = Repair(input, origin, repairs, &kept);
    }
    if (status.ok() && !kept && !fails) {
      status = Pursue(input, origin, known, pursuits, &kept);
    }
    Outcome& outcome = outcomes[replacement.of];
    if (kept) LearnMended(fresh[replacement.of], replacement, base.size());
    if (outcome != Outcome::kTaken) {
      outcome = kept || fails ? Outcome::kTaken : Outcome::kInVain;
    }
  }
  std::vector<Comparison> in_vain;
  std::vector<Comparison> taken;
  for (size_t i = 0; i < fresh.size(); ++i) {
    if (outcomes[i] == Outcome::kInVain) in_vain.push_back(fresh[i]);
    if (outcomes[i] == Outcome::kTaken) taken.push_back(fresh[i]);
  }
  patience_.Note(in_vain, taken);
  return status.ok() ? Combine(base, replacements, origin) : status;
}

absl::Status Fuzzer::Repair(const InputBytes& broken, const Origin& origin,
                            Repairs& repairs, bool* kept) {
  if (repairs.in_vain >= kRepairsInVain || repairs.looked >= kLooksMax) {
    return absl::OkStatus();
  }
  ++repairs.looked;
  std::vector<Comparison> comparisons;
  absl::Status status = Trace(broken, comparisons);
  std::erase_if(comparisons, [&repairs](const Comparison& one) {
    return !IsBetweenValues(one) || repairs.known.Has(one);
  });
  const auto replacements =
      ReplacementsOf(comparisons, broken, kRepairsOfChange);
  for (const Replacement& replacement : replacements) {
    if (!status.ok() || *kept || !answers_on()) break;
    InputBytes input = broken;
    Apply(replacement, config_.input_bytes_max, input);
    uint64_t path = 0;
    status = TryOne(input, origin, kept, &path);
    if (*kept) {
      LearnMended(comparisons[replacement.of], replacement, broken.size());
    }
  }
  if (*kept) repairs.in_vain = 0;
  if (!*kept && !replacements.empty()) ++repairs.in_vain;
  return status;
}

// Code that compares something for the first time says that the input came
// further; what it compares is answered in turn.
absl::Status Fuzzer::Pursue(const InputBytes& base, const Origin& origin,
                            KnownComparisons& known, int& left, bool* done) {
  if (left == 0) return absl::OkStatus();
  --left;
  std::vector<Comparison> fresh;
  absl::Status status = Trace(base, fresh);
  // What the change has put out of order is mended, too.
  std::erase_if(fresh, [&known](const Comparison& one) {
    const bool lost = IsBetweenValues(one) && !known.Has(one);
    return known.HasPlaceOf(one) && !lost;
  });
  if (!status.ok() || fresh.empty()) return status;
  LearnWords(fresh, words_);
  known.Add(fresh);
  // The program turned back behind what it compared last.
  std::reverse(fresh.begin(), fresh.end());
  const auto replacements = ReplacementsOf(fresh, base, kPursuedOfChange);
  // All together first: several conditions may have become one branch.
  for (size_t i = 0; i <= replacements.size(); ++i) {
    if (!status.ok() || *done || !answers_on()) break;
    InputBytes input = base;
    if (i > 0) {
      Apply(replacements[i - 1], config_.input_bytes_max, input);
    } else if (ApplySome(replacements, nullptr, input) < 2) {
      continue;
    }
    uint64_t path = 0;
    const uint64_t failed = statistics_.crashes + statistics_.hangs;
    status = TryOne(input, origin, done, &path);
    *done = *done || statistics_.crashes + statistics_.hangs != failed;
    if (status.ok() && !*done) {
      status = Pursue(input, origin, known, left, done);
    }
    if (*done && i > 0) {
      const Replacement& taken = replacements[i - 1];
      LearnMended(fresh[taken.of], taken, base.size());
    }
  }
  known.TakeBack(fresh);
  return status;
}

absl::Status Fuzzer::Combine(const InputBytes& base,
                             const std::vector<Replacement>& replacements,
                             const Origin& origin) {
  absl::Status status;
  for (int i = 0; i < kTogether && status.ok() && answers_on(); ++i) {
    InputBytes input = base;
    // First the likeliest of each comparison.
    Random* const random = i == 0 ? nullptr : &random_;
    if (ApplySome(replacements, random, input) < 2) break;
    bool kept = false;
    uint64_t path = 0;
    status = TryOne(input, origin, &kept, &path);
  }
  return status;
}

}  // namespace formfuzz::campaign
