// SPDX-License-Identifier: Apache-2.0
// The only readers of the system's clocks.
#include "framework/base/clock.h"

#include <ctime>

namespace formfuzz {
namespace {

constexpr uint64_t kNsPerSecond = 1'000'000'000;

uint64_t Read(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<uint64_t>(now.tv_sec) * kNsPerSecond +
         static_cast<uint64_t>(now.tv_nsec);
}

}  // namespace

uint64_t MonotonicNs() { return Read(CLOCK_MONOTONIC); }

uint64_t WallClockMs() { return Read(CLOCK_REALTIME) / 1'000'000; }

}  // namespace formfuzz
