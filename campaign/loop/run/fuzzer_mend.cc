// SPDX-License-Identifier: Apache-2.0
// Behind a checksum all random changes look alike: it fails. So some are made
// right again before they run. Which comparisons are such is learnt where
// answering one has paid.
#include <algorithm>
#include <vector>

#include "campaign/loop/compare/replacements.h"
#include "campaign/loop/run/fuzzer.h"

namespace formfuzz::campaign {
namespace {

// Of an entry's energy, one in so many.
constexpr size_t kMendShare = 4;
// Changes of an entry, at first, that put nothing out of order.
constexpr int kNothingToMend = 8;
// One record's checksum behind another's is looked for now and then.
constexpr int kMendRounds = 3;
constexpr size_t kMoreRoundsEvery = 4;
// Then it is taken for no checksum, until answering it pays again.
constexpr uint32_t kMendsInVainMax = 8192;
constexpr size_t kInvertedMax = 128;  // as many as there are of one comparison

}  // namespace

void Fuzzer::LearnMended(const Comparison& comparison, const Replacement& by,
                         size_t size) {
  if (!IsBetweenValues(comparison) || comparison.place == 0) return;
  if (by.size != by.bytes.size()) return;
  mended_[comparison.place] = {.from_start = by.at, .from_end = size - by.at};
  mends_in_vain_ = 0;
}

absl::Status Fuzzer::MendStage(EntryId id) {
  if (mended_.empty() || !goes_on()) return absl::OkStatus();
  std::vector<Comparison> own;
  absl::Status status = Trace(base_, own);
  const Origin origin = OriginOf(id);
  const size_t mends = scheduler_->Energy(corpus_.at(id)) / kMendShare;
  int mended = 0;
  for (size_t i = 0; i < mends && status.ok() && goes_on(); ++i) {
    if (mended_.empty()) break;
    if (i == kNothingToMend && mended == 0) break;
    if (!runner_.AffordsTrace()) break;
    PickOther();
    InputBytes input = base_;
    const uint64_t used = havoc_.Mutate(Scene(), input);
    const auto right = Mend(own, input);
    if (!right.ok()) return right.status();
    // What needs no mending was only traced so far, which nobody judges.
    mended += *right ? 1 : 0;
    bool kept = false;
    uint64_t path = 0;
    const uint64_t failed = statistics_.crashes + statistics_.hangs;
    status = TryOne(input, origin, &kept, &path);
    if (kept) havoc_.Yielded(used);
    const bool pays = kept || statistics_.crashes + statistics_.hangs != failed;
    if (*right) mends_in_vain_ = pays ? 0 : mends_in_vain_ + 1;
    if (mends_in_vain_ > kMendsInVainMax) mended_.clear();
  }
  return status;
}

// Whether there was something, and it could be. What is out of order in the
// entry itself may be so in what is made from it.
absl::StatusOr<bool> Fuzzer::Mend(const std::vector<Comparison>& own,
                                  InputBytes& input) {
  const int rounds = random_.OneIn(kMoreRoundsEvery) ? kMendRounds : 1;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Comparison> broken;
    const absl::Status status = Trace(input, broken);
    if (!status.ok()) return status;
    std::erase_if(broken, [&](const Comparison& one) {
      return !mended_.contains(one.place) || IsOfPlaceIn(own, one);
    });
    if (broken.empty()) return round > 0;
    bool changed = false;
    for (const Comparison& one : broken) changed |= MakeRight(one, input);
    if (!changed) return false;
  }
  return true;
}

bool Fuzzer::MakeRight(const Comparison& comparison, InputBytes& input) const {
  const MendedAt where = mended_.at(comparison.place);
  for (const Replacement& one :
       ReplacementsOf({comparison}, input, kInvertedMax)) {
    if (one.size != one.bytes.size()) continue;
    // A value that is found needs no place to be known by.
    if (IsOfInverted(comparison) && one.at != where.from_start &&
        input.size() - one.at != where.from_end) {
      continue;
    }
    Apply(one, config_.input_bytes_max, input);
    return true;
  }
  return false;
}

}  // namespace formfuzz::campaign
