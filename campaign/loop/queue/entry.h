// SPDX-License-Identifier: Apache-2.0
// What the queue knows of one kept input. The bytes are the store's.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_QUEUE_ENTRY_H_
#define FORMFUZZ_CAMPAIGN_LOOP_QUEUE_ENTRY_H_

#include <cstdint>
#include <vector>

namespace formfuzz::campaign {

// A slot of the queue. Given anew after its entry was removed.
using EntryId = uint32_t;

// One thing that an execution can show: the place of its feedback among those
// in use in the upper eight bits, the feedback's own number below.
using Feature = uint32_t;
inline constexpr uint32_t kFeatureBits = 24;
inline constexpr Feature kFeatureMask = (1u << kFeatureBits) - 1;

struct Entry {
  EntryId id = 0;
  uint32_t depth = 0;         // mutations of mutations, from a seed on
  uint32_t size = 0;          // bytes
  double coverage_score = 0;  // features it was the first to show
  uint64_t executions = 0;    // of inputs made from it
  uint64_t picks = 0;         // times it was chosen
  uint64_t finds = 0;         // kept inputs made from it
  uint64_t last_pick = 0;     // the run's execution number at the time
  uint64_t path = 0;          // digest of what its execution touched
  uint64_t path_hits = 0;     // executions that touched just the same
  uint64_t run_ns = 0;        // one execution
  bool favoured = false;      // it stands for features that no better one has
  std::vector<Feature> features;  // sorted; all that it shows
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_QUEUE_ENTRY_H_
