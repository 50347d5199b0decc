// SPDX-License-Identifier: Apache-2.0
// The mapped file of a target that is gone.

#include "campaign/run/in_flight.h"

#include <cstddef>
#include <cstring>

#include "framework/base/file.h"
#include "framework/finding/in_flight.h"

namespace formfuzz::campaign {

std::optional<std::string> ReadInFlight(const std::string& path) {
  constexpr size_t kHeadSize = offsetof(InFlight, bytes);
  auto content = ReadFile(path, sizeof(InFlight));
  if (!content.ok() || content->size() != sizeof(InFlight)) return std::nullopt;
  uint64_t head[kHeadSize / sizeof(uint64_t)];
  std::memcpy(head, content->data(), kHeadSize);
  const auto [magic, running, size] = head;
  if (magic != InFlight::kMagic || running != 1 || size > InFlight::kBytesMax) {
    return std::nullopt;
  }
  return content->substr(kHeadSize, size);
}

}  // namespace formfuzz::campaign
