// SPDX-License-Identifier: Apache-2.0
// Reads the counters that a running target keeps in a mapped file.

#ifndef FORMFUZZ_CAMPAIGN_RUN_LIVE_STATS_H_
#define FORMFUZZ_CAMPAIGN_RUN_LIVE_STATS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace formfuzz::campaign {

struct LiveNumbers {
  uint64_t executions = 0;
  uint64_t steps = 0;
  uint64_t states = 0;
  uint64_t findings = 0;
};

// What a harness says must be reached, and what of it was.
struct GoalsSeen {
  std::vector<std::string> names;
  uint64_t reached = 0;  // bit i: the i-th

  // What another process of the same target saw counts too.
  void Add(const GoalsSeen& other);
  std::vector<std::string> Unreached() const;
};

// Zeros while the file is not there, or is not a target's.
LiveNumbers ReadLiveStats(const std::string& path);
GoalsSeen ReadGoalsSeen(const std::string& path);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_RUN_LIVE_STATS_H_
