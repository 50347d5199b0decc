// SPDX-License-Identifier: Apache-2.0
// The mapped file of a target that is gone.

#include "campaign/run/in_flight.h"

#include <cstddef>
#include <cstring>

#include "framework/base/file.h"
#include "framework/finding/in_flight.h"

namespace formfuzz::campaign {

std::optional<LastRun> ReadInFlight(const std::string& path) {
  constexpr size_t kHeadSize = offsetof(InFlight, bytes);
  auto content = ReadFile(path, sizeof(InFlight));
  if (!content.ok() || content->size() != sizeof(InFlight)) return std::nullopt;
  uint64_t head[kHeadSize / sizeof(uint64_t)];
  std::memcpy(head, content->data(), kHeadSize);
  const auto [magic, running, size] = head;
  const bool written = running == InFlight::kWritten;
  if (magic != InFlight::kMagic || (running != 1 && !written) ||
      size > InFlight::kBytesMax) {
    return std::nullopt;
  }
  return LastRun{content->substr(kHeadSize, size), written};
}

}  // namespace formfuzz::campaign
