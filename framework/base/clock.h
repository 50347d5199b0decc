// SPDX-License-Identifier: Apache-2.0
// The seam to real time. Nothing inside a fuzzed run may use it: a scenario
// has its own clock. It measures runs and dates reports.
#ifndef FORMFUZZ_FRAMEWORK_BASE_CLOCK_H_
#define FORMFUZZ_FRAMEWORK_BASE_CLOCK_H_

#include <cstdint>

namespace formfuzz {

// Nanoseconds since an arbitrary start; never goes back. Async-signal-safe.
uint64_t MonotonicNs();

// Milliseconds since 1970-01-01 UTC.
uint64_t WallClockMs();

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_CLOCK_H_
