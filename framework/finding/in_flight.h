// SPDX-License-Identifier: Apache-2.0
// The input that a target is running, in a mapped file: what is left of a
// process that was killed, or that left by the kernel's own exit. One file a
// process; whoever started it reads it when it has ended.
#ifndef FORMFUZZ_FRAMEWORK_FINDING_IN_FLIGHT_H_
#define FORMFUZZ_FRAMEWORK_FINDING_IN_FLIGHT_H_

#include <cstddef>
#include <cstdint>

namespace formfuzz {

// Native byte order. Pages that no input reaches are never written.
struct InFlight {
  static constexpr uint64_t kMagic = 0x31746c66696e6666;  // "ffniflt1"
  static constexpr uint64_t kWritten = 2;
  static constexpr size_t kBytesMax = 1 << 20;  // as much as replay reads

  uint64_t magic;
  // 1 from before the first step until after the last; kWritten once a finding
  // says what the run came to.
  uint64_t running;
  uint64_t size;  // of the input; what is beyond kBytesMax is cut off
  uint8_t bytes[kBytesMax];
};

// The environment variable with the file's path.
inline constexpr char kInFlightVariable[] = "FORMFUZZ_IN_FLIGHT";

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FINDING_IN_FLIGHT_H_
