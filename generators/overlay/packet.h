// SPDX-License-Identifier: Apache-2.0
// Datagrams of the overlay, and frames within them: of every type, right in
// shape, and wrong in every field that a careless reader might believe.
//
// A spec says what to build; the build functions write its bytes, with the
// component's own writers where it is right and by hand where it is not. Zero
// bytes are a well-formed packet of nobody's. Checksums of STUN are repaired
// behind the edits, or not.
#ifndef FORMFUZZ_GENERATORS_OVERLAY_PACKET_H_
#define FORMFUZZ_GENERATORS_OVERLAY_PACKET_H_

#include <cstdint>
#include <span>
#include <vector>

#include "components/overlay/crypto/crypto.h"
#include "components/overlay/wire/stun.h"
#include "framework/domain/arbitrary.h"
#include "framework/domain/choices.h"
#include "framework/domain/containers.h"
#include "framework/domain/numbers.h"
#include "framework/domain/structs.h"
#include "generators/mostly_first.h"

namespace formfuzz {

enum class PacketShape : uint8_t {
  kSealed,
  kInit,
  kAccept,
  kRegistration,
  kRegistered,
  kStunRequest,
  kStunIndication,
  kStunSuccess,
  kStunError,
  kEmpty,
};

// For the size of an attribute: what belongs there.
inline constexpr uint16_t kRightValue = 0xffff;

// An attribute of STUN: its right value, or `size` bytes that mean nothing.
// The header says that they are as many plus `lie`.
struct AttributeSpec {
  uint16_t type;
  uint16_t size;
  int8_t lie;
};
// Whose question a message of STUN belongs to. One without the magic cookie is
// of before RFC 5389, and nobody's any more.
enum class Asked : uint8_t { kNobodys, kLast, kZero, kWithoutCookie };

enum class StunEnd : uint8_t {
  kIntegrityAndFingerprint,  // with a key that nobody gave away
  kFingerprint,
  kNothing,
  kIntegrity,
  kWrongFingerprint,
  kMoreBehindFingerprint,
  kMoreBehindIntegrity,  // what must be understood, and is not
};

// Changes made when all else is written.
enum class EditKind : uint8_t { kFlip, kSet, kCut, kExtend, kFlipHead };
struct EditSpec {
  EditKind kind;
  uint16_t at;  // modulo the size, or that of the head
  uint8_t value;
};

struct PacketSpec {
  PacketShape shape;
  bool stray;       // not what the receiver looks for, but made from `number`
  uint32_t number;  // an index, a counter; of a stamp, how far from the present
  uint8_t rest;     // bytes of payload, where the shape has any
  // Behind what the shape must have, unless they name it.
  std::span<const AttributeSpec> attributes;
  StunEnd end;
  std::span<const EditSpec> edits;
  uint8_t relayed;  // how many times it is wrapped for the relay
  Asked transaction;
  bool repaired;  // length and FINGERPRINT of STUN, behind the edits
};

// What the spec cannot know.
struct PacketContext {
  uint32_t index = 0;  // of the receiver's session
  overlay::Key key{};  // whom a registration or a relayed packet names
  const overlay::Crypto* crypto = nullptr;
  overlay::Transaction asked{};  // the receiver's last question
  uint64_t stamp = 0;            // of whoever registers now
};

std::vector<uint8_t> BuildPacket(const PacketSpec& spec,
                                 const PacketContext& context);

// Frames of a peer that has the keys and means ill.
enum class FrameShape : uint8_t {
  kFragment,
  kAck,
  kCandidates,
  kKeepAlive,
  kClose,
  kUnknown,
  kCandidatesSeen,
};
struct FrameSpec {
  FrameShape shape;
  int32_t number;   // a message's or what is acknowledged: from the one that
                    // the receiver expects; of an address
  uint16_t total;   // bytes of the message
  uint8_t part;     // which fragment of it
  int16_t shift;    // how far from where that part belongs
  int16_t stretch;  // how much more than fits there
  uint8_t count;    // of candidates; bits of an acknowledgement; of messages
                    // that follow
  int8_t lie;       // added to the length of the frame
};

// What the receiver of frames waits for.
struct FrameContext {
  uint32_t message = 0;       // of the sender's
  uint32_t acknowledged = 0;  // all of its own below it
};
inline constexpr size_t kFramesBytesMax = 1'150;  // beyond, none follow

// The byte at `at` of the n-th message of such a peer, in whatever fragment it
// comes.
constexpr uint8_t FragmentByte(uint32_t message, size_t at) {
  return static_cast<uint8_t>(message * 31 + at * 7 + at / 251 + 1);
}
std::vector<uint8_t> BuildFrames(std::span<const FrameSpec> frames,
                                 const FrameContext& context);

inline auto AttributeSpecs() {
  return StructOf<AttributeSpec>(
      ElementOf<uint16_t>({0x0020, 0x0019, 0x8022, 0x0020, 0x0006, 0x0008,
                           0x0009, 0x000a, 0x0020, 0x0024, 0x0001, 0x8028,
                           0x0019, 0x7fff, 0x8000}),
      ElementOf<uint16_t>({kRightValue, 4,           600,         8,
                           600,         8,           0,           1,
                           3,           5,           12,          20,
                           32,          200,         kRightValue, kRightValue,
                           kRightValue, kRightValue, kRightValue, kRightValue,
                           kRightValue}),
      ElementOf<int8_t>({0, 1, -1, 4, -4, 100, 0, 0, 0, 0, 0, 0}));
}

inline auto EditSpecs() {
  return StructOf<EditSpec>(EnumOf<EditKind>(), InRange<uint16_t>(0, 1300),
                            Arbitrary<uint8_t>());
}

// Most often of the shape that whoever gets it waits for.
inline auto PacketSpecs(PacketShape usual = PacketShape::kSealed,
                        size_t shares = 3) {
  return StructOf<PacketSpec>(
      MostlyFirst<PacketShape>(shares, usual), BoolDomain(),
      ElementOf<uint32_t>({65, 0, 1, 63, 64, 0x7fffffff, 0xffffffff}),
      ElementOf<uint8_t>({16, 0, 15, 17, 32, 100, 255}),
      SpanOf(AttributeSpecs()).WithMaxSize(4), EnumOf<StunEnd>(),
      SpanOf(EditSpecs()).WithMaxSize(2), ElementOf<uint8_t>({0, 1, 0, 0, 2}),
      MostlyFirst<Asked>(3, Asked::kLast), BoolDomain());
}

inline auto FrameSpecs() {
  return StructOf<FrameSpec>(
      EnumOf<FrameShape>(),
      ElementOf<int32_t>(
          {0, -16, 1, -1, 2, -15, 15, 16, 17, 31, 32, 0x7fffffff, -0x7fffffff}),
      ElementOf<uint16_t>(
          {16, 1, 1024, 1025, 2048, 2049, 4096, 0, 4097, 65'535}),
      ElementOf<uint8_t>({0, 1, 2, 3, 4, 63}),
      ElementOf<int16_t>({0, 1, -1, 16, 512}),
      ElementOf<int16_t>({0, 1, -1, 24, -16, -1024}),
      ElementOf<uint8_t>({0, 15, 15, 1, 8, 9, 30, 255}),
      ElementOf<int8_t>({0, 1, -1, 100}));
}

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_OVERLAY_PACKET_H_
