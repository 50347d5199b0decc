// SPDX-License-Identifier: Apache-2.0
// The counters that a running target keeps in a mapped file, for whoever
// watches it from outside. One file a process; read it at any time.
#ifndef FORMFUZZ_FRAMEWORK_FINDING_LIVE_STATS_H_
#define FORMFUZZ_FRAMEWORK_FINDING_LIVE_STATS_H_

#include <cstdint>

namespace formfuzz {

// Native byte order. Only ever grows while the process lives.
struct LiveStats {
  static constexpr uint64_t kMagic = 0x3173746174736666;  // "ffstats1"

  uint64_t magic;       // kMagic once the rest is valid
  uint64_t executions;  // inputs run
  uint64_t steps;       // steps run
  uint64_t states;      // distinct states visited
  uint64_t findings;    // recorded, duplicates included
};
static_assert(sizeof(LiveStats) == 40);

// The environment variables that the two sides agree on.
inline constexpr char kStatsVariable[] = "FORMFUZZ_STATS";
inline constexpr char kFindingsVariable[] = "FORMFUZZ_FINDINGS_DIR";
inline constexpr char kKeepGoingVariable[] = "FORMFUZZ_KEEP_GOING";
inline constexpr char kStrategyVariable[] = "FORMFUZZ_STRATEGY";

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FINDING_LIVE_STATS_H_
