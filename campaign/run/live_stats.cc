// SPDX-License-Identifier: Apache-2.0
// The target's live counters, as another process sees them.

#include "campaign/run/live_stats.h"

#include <cstddef>
#include <cstring>

#include "framework/base/file.h"
#include "framework/finding/live_stats.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFileSizeMax = 1 << 16;

}  // namespace

LiveNumbers ReadLiveStats(const std::string& path) {
  LiveStats stats;
  auto content = ReadFile(path, kFileSizeMax);
  if (!content.ok() || content->size() < sizeof(stats)) return {};
  std::memcpy(&stats, content->data(), sizeof(stats));
  if (stats.magic != LiveStats::kMagic) return {};
  return {.executions = stats.executions,
          .steps = stats.steps,
          .states = stats.states,
          .findings = stats.findings};
}

GoalsSeen ReadGoalsSeen(const std::string& path) {
  LiveFile live;
  auto content = ReadFile(path, kFileSizeMax);
  if (!content.ok() || content->size() < sizeof(live)) return {};
  std::memcpy(&live, content->data(), sizeof(live));
  if (live.stats.magic != LiveStats::kMagic) return {};
  GoalsSeen seen{.names = {}, .reached = live.goals.reached};
  for (size_t i = 0; i < live.goals.count && i < LiveGoals::kMax; ++i) {
    const char* name = live.goals.names[i];
    seen.names.emplace_back(name, strnlen(name, LiveGoals::kNameBytes));
  }
  return seen;
}

void GoalsSeen::Add(const GoalsSeen& other) {
  if (names.empty()) names = other.names;
  reached |= other.reached;
}

std::vector<std::string> GoalsSeen::Unreached() const {
  std::vector<std::string> unreached;
  for (size_t i = 0; i < names.size(); ++i) {
    if ((reached >> i & 1) == 0) unreached.push_back(names[i]);
  }
  return unreached;
}

}  // namespace formfuzz::campaign
