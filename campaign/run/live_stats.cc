// SPDX-License-Identifier: Apache-2.0
// The target's live counters, as another process sees them.

#include "campaign/run/live_stats.h"

#include <cstring>

#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

// Must stay what framework/finding/live_stats.h lays out: five words, of which
// the first says that the rest is valid.
constexpr size_t kWords = 5;
constexpr size_t kFileSizeMax = 1 << 16;

}  // namespace

LiveNumbers ReadLiveStats(const std::string& path) {
  uint64_t words[kWords] = {};
  auto content = ReadFile(path, kFileSizeMax);
  if (!content.ok() || content->size() < sizeof(words)) return {};
  std::memcpy(words, content->data(), sizeof(words));
  if (words[0] == 0) return {};
  return {.executions = words[1],
          .steps = words[2],
          .states = words[3],
          .findings = words[4]};
}

}  // namespace formfuzz::campaign
