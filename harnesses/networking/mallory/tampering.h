// SPDX-License-Identifier: Apache-2.0
// What mallory does with what she saw, as arguments of steps.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_MALLORY_TAMPERING_H_
#define FORMFUZZ_HARNESSES_NETWORKING_MALLORY_TAMPERING_H_

#include <cstdint>

#include "harnesses/networking/mallory/overheard.h"

namespace formfuzz {

// What mallory does to a datagram that she saw before she sends it on.
enum class Tamper : uint8_t {
  kFlipBitAndRepair,  // the checksum of STUN, where there is one
  kFlipBit,
  kCutShort,
  kExtend,
  kOtherType,
};
struct ReplaySpec {
  SeenKind of = SeenKind::kAnything;
  uint8_t back = 0;           // 0: the last one seen; beyond all: the first
  bool elsewhere = false;     // by the other member
  bool from_mallory = false;  // or from where it came
};
struct ForgerySpec {
  SeenKind of = SeenKind::kCheck;
  uint8_t back = 0;
  Tamper tamper = Tamper::kFlipBitAndRepair;
  uint16_t at = 0;                 // where, modulo the size
  bool from_where_it_was = false;  // or from mallory
};

// What is done to a datagram before it arrives.
struct InterceptSpec {
  SeenKind of = SeenKind::kCheckAnswer;
  uint8_t skip = 0;  // so many pass before
  Tamper tamper = Tamper::kFlipBitAndRepair;
  uint16_t at = 0;
};
// Whom she says to be.
enum class Claimed : uint8_t { kOther, kCarol };
enum class RelayReplay : uint8_t { kMallory, kWhereItWas };

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_MALLORY_TAMPERING_H_
