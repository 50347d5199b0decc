// SPDX-License-Identifier: Apache-2.0
// What the schedulers are made of: one that draws by weight, and the weights.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_QUEUE_WEIGHTS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_QUEUE_WEIGHTS_H_

#include <algorithm>

#include "campaign/loop/queue/scheduler.h"
#include "campaign/loop/queue/sum_tree.h"

namespace formfuzz::campaign {

// Draws each entry in proportion to a weight that a kind of scheduler works
// out from the entry and from running means over all of them.
class WeightedScheduler : public Scheduler {
 public:
  void Add(const Entry& entry) final;
  void Remove(EntryId id) final;
  void Update(const Entry& entry) final;
  EntryId Pick(Random& random) final;
  uint32_t Energy(const Entry& entry) const override;
  size_t size() const final { return size_; }

 protected:
  // A weight of 1 is ordinary. Clamped to [2^-16, 2^20].
  virtual double Weight(const Entry& entry) const = 0;

  // Of the entries when they were added; 1 while there is none.
  double MeanRunNs() const { return Mean(run_ns_sum_); }
  double MeanFeatures() const { return Mean(features_sum_); }

 private:
  double Mean(double sum) const {
    return added_ == 0 ? 1.0 : std::max(1.0, sum / static_cast<double>(added_));
  }
  void SetWeight(const Entry& entry);

  SumTree weights_;
  size_t size_ = 0;
  uint64_t added_ = 0;
  double run_ns_sum_ = 0;
  double features_sum_ = 0;
};

// Prefers what covers much, is small, was run seldom and is favoured.
class SeedWeighted final : public WeightedScheduler {
 public:
  std::string_view name() const override { return "weighted"; }

 protected:
  double Weight(const Entry& entry) const override;
};

// The power schedules of AFLFast (Böhme, Pham, Roychoudhury, CCS 2016):
// `explore` gives each entry the energy of its speed, coverage and depth;
// `fast` divides it by how often its path was taken and doubles it with every
// pick, so that rare paths get most.
class PowerSchedule final : public WeightedScheduler {
 public:
  enum class Kind { kExplore, kFast };
  explicit PowerSchedule(Kind kind) : kind_(kind) {}
  std::string_view name() const override {
    return kind_ == Kind::kFast ? "fast" : "explore";
  }
  uint32_t Energy(const Entry& entry) const override;

 protected:
  double Weight(const Entry& entry) const override;

 private:
  double Score(const Entry& entry) const;
  Kind kind_;
};

// Prefers entries that show what few executions show (FairFuzz: Lemieux, Sen,
// ASE 2018), by the rarest feature of each.
class RareFeature final : public WeightedScheduler {
 public:
  explicit RareFeature(const FeatureCounts& counts) : counts_(counts) {}
  std::string_view name() const override { return "rare"; }
  bool WantsFeatureCounts() const override { return true; }

 protected:
  double Weight(const Entry& entry) const override;

 private:
  const FeatureCounts& counts_;
};

// Prefers entries whose features tell most: the entropy of the rare ones
// (after Entropic: Böhme, Manès, Cha, FSE 2020), taken over how often each was
// seen in the whole run.
class Entropic final : public WeightedScheduler {
 public:
  explicit Entropic(const FeatureCounts& counts) : counts_(counts) {}
  std::string_view name() const override { return "entropic"; }
  bool WantsFeatureCounts() const override { return true; }

 protected:
  double Weight(const Entry& entry) const override;

 private:
  const FeatureCounts& counts_;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_QUEUE_WEIGHTS_H_
