// SPDX-License-Identifier: Apache-2.0
// Which kept input is next, and for how many mutations.
//
// The laws, which tests/campaign/loop/scheduler_laws.h checks for each kind:
// only what was added and not removed is picked; everything is picked in the
// long run; the same seed and calls pick the same; no call takes longer than
// O(log n).
#ifndef FORMFUZZ_CAMPAIGN_LOOP_QUEUE_SCHEDULER_H_
#define FORMFUZZ_CAMPAIGN_LOOP_QUEUE_SCHEDULER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "campaign/loop/queue/entry.h"
#include "framework/base/random.h"

namespace formfuzz::campaign {

// How many executions showed each feature; what rarity is measured by. Kept
// by the loop, read by those schedulers that ask for it.
class FeatureCounts {
 public:
  void Count(std::span<const Feature> features);
  uint32_t Of(Feature feature) const {
    const size_t feedback = feature >> kFeatureBits;
    const size_t number = feature & kFeatureMask;
    return feedback < counts_.size() && number < counts_[feedback].size()
               ? counts_[feedback][number]
               : 0;
  }
  uint64_t executions() const { return executions_; }

 private:
  std::vector<std::vector<uint32_t>> counts_;  // by feedback, by number
  uint64_t executions_ = 0;
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  virtual std::string_view name() const = 0;
  // `entry.id` is free.
  virtual void Add(const Entry& entry) = 0;
  virtual void Remove(EntryId id) = 0;
  // Something of the entry has changed: its weight is worked out anew.
  virtual void Update(const Entry& entry) = 0;
  // Some entry; size() > 0. Whoever picks counts, then calls Update.
  virtual EntryId Pick(Random& random) = 0;
  // How many mutations of it to run now; at least 1.
  virtual uint32_t Energy(const Entry& entry) const = 0;
  virtual size_t size() const = 0;
  // Whether FeatureCounts must be kept: that costs time at every execution.
  virtual bool WantsFeatureCounts() const { return false; }
};

// "weighted", "round-robin", "fast", "explore", "rare" or "entropic";
// InvalidArgument names them. `counts` outlives the scheduler.
absl::StatusOr<std::unique_ptr<Scheduler>> MakeScheduler(
    std::string_view name, const FeatureCounts& counts);

std::span<const std::string_view> SchedulerNames();

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_QUEUE_SCHEDULER_H_
