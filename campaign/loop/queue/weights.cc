// SPDX-License-Identifier: Apache-2.0
// Drawing by weight, and the formulas of the weights.
#include "campaign/loop/queue/weights.h"

#include <bit>
#include <cmath>

#include "framework/base/check.h"

namespace formfuzz::campaign {
namespace {

constexpr double kUnit = 1 << 16;  // the integer weight of 1
constexpr double kWeightMax = 1 << 20;
constexpr uint32_t kEnergy = 256;
constexpr uint32_t kEnergyMax = 4096;
// Of the features of one entry that are looked at for rarity at a time: what
// bounds the time of an update.
constexpr size_t kFeaturesLookedAt = 16;
constexpr double kFavouredFactor = 2;
constexpr double kFast = 32;  // AFLFast's cap on a schedule's factor

double Clamped(double value, double lowest, double highest) {
  return value > lowest ? std::min(value, highest) : lowest;
}

// To within a hundredth: there are many to take, and rarities are estimates.
double RoughLog2(uint64_t number) {
  const int whole = std::bit_width(number) - 1;
  const double part = std::bit_cast<double>(
                          std::bit_cast<uint64_t>(static_cast<double>(number)) -
                          (static_cast<uint64_t>(whole) << 52)) -
                      1;
  return whole + part * (1.3465 - 0.3465 * part);
}

// At most kFeaturesLookedAt of them, evenly spread; others at the next pick.
template <class Visit>
void ForSome(const Entry& entry, Visit visit) {
  const std::vector<Feature>& features = entry.features;
  const size_t step = features.size() / kFeaturesLookedAt + 1;
  for (size_t i = entry.picks % step; i < features.size(); i += step) {
    visit(features[i]);
  }
}

}  // namespace

void WeightedScheduler::Add(const Entry& entry) {
  FORMFUZZ_CHECK(weights_.Get(entry.id) == 0, "queue: id is taken");
  ++size_;
  ++added_;
  run_ns_sum_ += static_cast<double>(entry.run_ns);
  features_sum_ += static_cast<double>(entry.features.size());
  SetWeight(entry);
}

void WeightedScheduler::Remove(EntryId id) {
  FORMFUZZ_CHECK(weights_.Get(id) != 0, "queue: no such id to remove");
  weights_.Set(id, 0);
  --size_;
}

void WeightedScheduler::Update(const Entry& entry) {
  FORMFUZZ_CHECK(weights_.Get(entry.id) != 0, "queue: no such id to update");
  SetWeight(entry);
}

void WeightedScheduler::SetWeight(const Entry& entry) {
  const double weight = Clamped(Weight(entry) * kUnit, 1, kWeightMax * kUnit);
  weights_.Set(entry.id, static_cast<uint64_t>(weight));
}

EntryId WeightedScheduler::Pick(Random& random) {
  FORMFUZZ_CHECK(size_ > 0, "queue: nothing to pick");
  return static_cast<EntryId>(weights_.Find(random.Below(weights_.total())));
}

uint32_t WeightedScheduler::Energy(const Entry& entry) const {
  // A slow input gets fewer mutations, so that time goes round.
  const double speed =
      MeanRunNs() / std::max<double>(1, static_cast<double>(entry.run_ns));
  return static_cast<uint32_t>(
      Clamped(kEnergy * std::sqrt(speed), kEnergy / 8.0, kEnergyMax));
}

double SeedWeighted::Weight(const Entry& entry) const {
  return (1 + entry.coverage_score) / (1 + entry.size / 1000.0) /
         (1 + static_cast<double>(entry.executions) / 10) *
         (entry.favoured ? kFavouredFactor : 1);
}

double PowerSchedule::Score(const Entry& entry) const {
  const double speed =
      MeanRunNs() / std::max<double>(1, static_cast<double>(entry.run_ns));
  const double cover =
      static_cast<double>(entry.features.size()) / MeanFeatures();
  return Clamped(speed, 0.1, 3) * Clamped(cover, 0.25, 3) *
         Clamped(1 + entry.depth / 4.0, 1, 5);
}

double PowerSchedule::Weight(const Entry& entry) const {
  const double rarity =
      1 / (1 + std::log2(1 + static_cast<double>(entry.path_hits)));
  const double fresh = 1 / (1 + std::sqrt(static_cast<double>(entry.picks)));
  return 16 * Score(entry) * (kind_ == Kind::kFast ? rarity : 1.0) * fresh *
         (entry.favoured ? kFavouredFactor : 0.25);
}

uint32_t PowerSchedule::Energy(const Entry& entry) const {
  double factor = 1;
  if (kind_ == Kind::kFast) {
    const double picks =
        static_cast<double>(std::min<uint64_t>(entry.picks, 16));
    factor =
        Clamped(std::exp2(picks) / (1 + static_cast<double>(entry.path_hits)),
                0.125, kFast);
  }
  return static_cast<uint32_t>(
      Clamped(kEnergy / 2.0 * Score(entry) * factor, 16, kEnergyMax));
}

double RareFeature::Weight(const Entry& entry) const {
  uint32_t rarest = UINT32_MAX;
  ForSome(entry, [&](Feature feature) {
    rarest = std::min(rarest, counts_.Of(feature));
  });
  const double share = static_cast<double>(counts_.executions() + 1) /
                       (static_cast<double>(rarest) + 1);
  return std::log2(1 + share) / (1 + std::sqrt(entry.picks)) *
         (entry.favoured ? kFavouredFactor : 1);
}

double Entropic::Weight(const Entry& entry) const {
  const uint64_t total = counts_.executions() + 2;
  const double total_log2 = RoughLog2(total);
  double sum = 0;
  ForSome(entry, [&](Feature feature) {
    const uint64_t count = uint64_t{counts_.Of(feature)} + 1;
    sum += static_cast<double>(count) * (total_log2 - RoughLog2(count));
  });
  const double entropy = std::max(0.0, sum / static_cast<double>(total));
  const double slow =
      Clamped(static_cast<double>(entry.run_ns) / MeanRunNs(), 0.25, 16);
  return (0.05 + entropy) / slow / (1 + std::log2(1.0 + entry.picks));
}

}  // namespace formfuzz::campaign
