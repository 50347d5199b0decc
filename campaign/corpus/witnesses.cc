// SPDX-License-Identifier: Apache-2.0
// Counting witnesses.
#include "campaign/corpus/witnesses.h"

#include <algorithm>

namespace formfuzz::campaign {
namespace {

double CostOf(const Entry& entry) {
  return static_cast<double>(entry.size + 1) *
         static_cast<double>(entry.run_ns + 1);
}

}  // namespace

Witnesses::Witness& Witnesses::At(Feature feature) {
  const size_t feedback = feature >> kFeatureBits;
  const size_t number = feature & kFeatureMask;
  if (feedback >= witnesses_.size()) witnesses_.resize(feedback + 1);
  std::vector<Witness>& row = witnesses_[feedback];
  if (number >= row.size()) row.resize(number + number / 2 + 64);
  return row[number];
}

const Witnesses::Witness* Witnesses::Find(Feature feature) const {
  const size_t feedback = feature >> kFeatureBits;
  const size_t number = feature & kFeatureMask;
  return feedback < witnesses_.size() && number < witnesses_[feedback].size()
             ? &witnesses_[feedback][number]
             : nullptr;
}

void Witnesses::Add(const Entry& entry) {
  for (const Feature feature : entry.features) ++At(feature).count;
  Compete(entry);
}

void Witnesses::Compete(const Entry& entry) {
  const double cost = CostOf(entry);
  for (const Feature feature : entry.features) {
    Witness& witness = At(feature);
    if (witness.best != kNobody && witness.cost <= cost) continue;
    witness.best = entry.id;
    witness.cost = cost;
  }
}

void Witnesses::Remove(const Entry& entry) {
  for (const Feature feature : entry.features) {
    Witness& witness = At(feature);
    --witness.count;
    if (witness.best != entry.id) continue;
    witness.best = kNobody;
    best_gone_ = true;
  }
}

void Witnesses::Renew(std::span<const Entry> entries) {
  if (!best_gone_) return;
  best_gone_ = false;
  for (const Entry& entry : entries) Compete(entry);
}

bool Witnesses::IsOnlyWitness(const Entry& entry) const {
  return std::any_of(entry.features.begin(), entry.features.end(),
                     [this](Feature feature) { return CountOf(feature) <= 1; });
}

uint32_t Witnesses::CountOf(Feature feature) const {
  const Witness* const witness = Find(feature);
  return witness == nullptr ? 0 : witness->count;
}

std::vector<EntryId> Witnesses::Favoured(std::span<const Entry> entries) const {
  std::vector<EntryId> chosen;
  std::vector<std::vector<bool>> shown(witnesses_.size());
  for (size_t i = 0; i < shown.size(); ++i) {
    shown[i].resize(witnesses_[i].size());
  }
  for (size_t i = 0; i < shown.size(); ++i) {
    for (size_t number = 0; number < shown[i].size(); ++number) {
      const EntryId best = witnesses_[i][number].best;
      if (best == kNobody || shown[i][number]) continue;
      chosen.push_back(best);
      for (const Feature feature : entries[best].features) {
        shown[feature >> kFeatureBits][feature & kFeatureMask] = true;
      }
    }
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace formfuzz::campaign
