// SPDX-License-Identifier: Apache-2.0
// One entry of a scenario's fault plan: where, what, when.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_FAULT_H_
#define FORMFUZZ_FRAMEWORK_FAULT_FAULT_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "framework/fault/fault_point.h"

namespace formfuzz {

inline constexpr size_t kFaultPointsMax = 64;    // named points of one harness
inline constexpr size_t kFaultScopesMax = 15;    // named scopes of one harness
inline constexpr size_t kFaultsMax = 32;         // entries of one scenario
inline constexpr uint16_t kFaultHitMax = 16383;  // what the binary form holds

// Which hits of its point an entry fires at; n is Fault::hit.
enum class FaultTrigger : uint8_t {
  kAt,         // the n-th, from 0
  kFrom,       // the n-th and all after it
  kEvery,      // every (n+1)-th
  kChance,     // (n+1) in 256 of them, drawn from the entry itself
  kEachStack,  // the first from each call stack, from the n-th stack on
};
inline constexpr size_t kFaultTriggers = 5;

struct Fault {
  uint16_t point;  // index into the harness's named points
  FaultKind kind;
  uint16_t hit;        // n; at most kFaultHitMax
  uint16_t parameter;  // of the kind: milliseconds, a bit, a share, an errno
  FaultTrigger trigger = FaultTrigger::kAt;
  uint8_t scope = 0;  // 0: anywhere; s: only below the (s-1)-th named scope

  friend bool operator==(const Fault&, const Fault&) = default;
};

// As text has them: "error", "afterwards", …
inline constexpr std::string_view kFaultKindWords[kFaultKinds] = {
    "error", "afterwards", "exception", "delay",
    "short", "corrupt",    "duplicate", "drop"};
// "at 3", "from 3", "every 2", "chance 64", "stack 0".
inline constexpr std::string_view kFaultTriggerWords[kFaultTriggers] = {
    "at", "from", "every", "chance", "stack"};

// Text counts those from 1: every 1st, a chance of 1 in 256.
constexpr uint16_t FirstOf(FaultTrigger trigger) {
  return trigger == FaultTrigger::kEvery || trigger == FaultTrigger::kChance;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FAULT_FAULT_H_
