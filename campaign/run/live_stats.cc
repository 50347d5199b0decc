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

}  // namespace formfuzz::campaign
