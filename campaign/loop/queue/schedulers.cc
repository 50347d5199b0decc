// SPDX-License-Identifier: Apache-2.0
// The schedulers by name, round-robin, and the counts of features.
#include <array>

#include "campaign/loop/queue/scheduler.h"
#include "campaign/loop/queue/sum_tree.h"
#include "campaign/loop/queue/weights.h"
#include "framework/base/check.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr uint32_t kRoundRobinEnergy = 256;

// Every entry in turn, in the order of the slots.
class RoundRobin final : public Scheduler {
 public:
  std::string_view name() const override { return "round-robin"; }
  void Add(const Entry& entry) override {
    FORMFUZZ_CHECK(present_.Get(entry.id) == 0, "queue: id is taken");
    present_.Set(entry.id, 1);
  }
  void Remove(EntryId id) override {
    FORMFUZZ_CHECK(present_.Get(id) != 0, "queue: no such id to remove");
    present_.Set(id, 0);
  }
  void Update(const Entry& entry) override {
    FORMFUZZ_CHECK(present_.Get(entry.id) != 0, "queue: no such id to update");
  }
  EntryId Pick(Random&) override {
    FORMFUZZ_CHECK(size() > 0, "queue: nothing to pick");
    const uint64_t rank = present_.SumBefore(next_) % present_.total();
    const size_t id = present_.Find(rank);
    next_ = id + 1;
    return static_cast<EntryId>(id);
  }
  uint32_t Energy(const Entry&) const override { return kRoundRobinEnergy; }
  size_t size() const override { return present_.total(); }

 private:
  SumTree present_;
  size_t next_ = 0;
};

constexpr std::array<std::string_view, 6> kNames = {
    "weighted", "round-robin", "fast", "explore", "rare", "entropic"};

}  // namespace

void FeatureCounts::Count(std::span<const Feature> features) {
  ++executions_;
  for (const Feature feature : features) {
    const size_t feedback = feature >> kFeatureBits;
    const size_t number = feature & kFeatureMask;
    if (feedback >= counts_.size()) counts_.resize(feedback + 1);
    std::vector<uint32_t>& counts = counts_[feedback];
    if (number >= counts.size()) counts.resize(number + number / 2 + 64);
    if (counts[number] != UINT32_MAX) ++counts[number];
  }
}

std::span<const std::string_view> SchedulerNames() { return kNames; }

absl::StatusOr<std::unique_ptr<Scheduler>> MakeScheduler(
    std::string_view name, const FeatureCounts& counts) {
  using Kind = PowerSchedule::Kind;
  std::unique_ptr<Scheduler> made;
  if (name == "weighted") made = std::make_unique<SeedWeighted>();
  if (name == "round-robin") made = std::make_unique<RoundRobin>();
  if (name == "fast") made = std::make_unique<PowerSchedule>(Kind::kFast);
  if (name == "explore") made = std::make_unique<PowerSchedule>(Kind::kExplore);
  if (name == "rare") made = std::make_unique<RareFeature>(counts);
  if (name == "entropic") made = std::make_unique<Entropic>(counts);
  if (made != nullptr) return made;
  std::string known;
  for (const std::string_view kind : kNames) {
    known += Concat(known.empty() ? "" : ", ", kind);
  }
  return absl::InvalidArgumentError(
      Concat("no schedule is named \"", name, "\"; there are: ", known));
}

}  // namespace formfuzz::campaign
