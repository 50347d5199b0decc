// SPDX-License-Identifier: Apache-2.0
// What is known of handles while a step is decoded, parsed or changed: how
// many the steps before it make, and which they take away.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_HANDLE_COUNTS_H_
#define FORMFUZZ_FRAMEWORK_INPUT_HANDLE_COUNTS_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace formfuzz {

inline constexpr size_t kHandleKindsMax = 8;  // in one binary
inline constexpr uint16_t kNoHandle = 255;    // what no step makes
inline constexpr size_t kHandlesMax = 255;    // of one kind in one scenario

// What a scenario's earlier steps make and take away, were all to succeed.
struct HandleCounts {
  struct OfKind {
    uint8_t made = 0;
    uint64_t retired = 0;  // bit i: handle i, for the first 64
  };
  std::array<OfKind, kHandleKindsMax> of{};
};

using HandleKind = uint8_t;

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_HANDLE_COUNTS_H_
