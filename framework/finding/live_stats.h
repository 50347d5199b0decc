// SPDX-License-Identifier: Apache-2.0
// The counters that a running target keeps in a mapped file, for whoever
// watches it from outside. One file a process; read it at any time.
#ifndef FORMFUZZ_FRAMEWORK_FINDING_LIVE_STATS_H_
#define FORMFUZZ_FRAMEWORK_FINDING_LIVE_STATS_H_

#include <cstddef>
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

// Behind them in the file: what must be reached, and what was. Files without
// this part are whole too.
struct LiveGoals {
  static constexpr size_t kMax = 64;
  static constexpr size_t kNameBytes = 48;

  uint64_t count;                // of names
  uint64_t reached;              // bit i: the i-th
  char names[kMax][kNameBytes];  // ended by a zero
};

struct LiveFile {
  LiveStats stats;
  LiveGoals goals;
};
static_assert(sizeof(LiveFile) == sizeof(LiveStats) + sizeof(LiveGoals));

// The environment variables that the two sides agree on.
inline constexpr char kStatsVariable[] = "FORMFUZZ_STATS";
inline constexpr char kFindingsVariable[] = "FORMFUZZ_FINDINGS_DIR";
inline constexpr char kKeepGoingVariable[] = "FORMFUZZ_KEEP_GOING";
inline constexpr char kStrategyVariable[] = "FORMFUZZ_STRATEGY";

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FINDING_LIVE_STATS_H_
