// SPDX-License-Identifier: Apache-2.0
// The overlay's own datagrams. Every one begins with a type, a version and 16
// bits that are zero; STUN shares the socket and is told apart by its first
// two bits, which are clear.
//
//   init        120  header, index, ephemeral key, sealed key, sealed claim
//   accept       68  header, index, index of the other, ephemeral key,
//                    sealed stream
//   sealed    ≥  32  header, index of the receiver, counter, sealed frames
//   relayed   ≥  36  header, key of the receiver (to the relay) or of the
//                    sender (from it), a datagram
//   registration 60  header, key, stamp, tag
//   registered   28  header, stamp, tag
//
// Parsing allocates nothing; views point into the datagram.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_WIRE_PACKET_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_WIRE_PACKET_H_

#include <optional>

#include "components/overlay/crypto/crypto.h"
#include "components/overlay/wire/bytes.h"

namespace overlay {

enum class PacketType : uint8_t {
  kInit = 0xf1,
  kAccept,
  kSealed,
  kRelayed,
  kRegistration,
  kRegistered,
};

inline constexpr uint8_t kWireVersion = 1;
inline constexpr size_t kHeaderBytes = 4;
inline constexpr size_t kClaimBytes = 16;  // stamp, stream
inline constexpr size_t kStreamBytes = 8;
inline constexpr size_t kInitBytes =
    kHeaderBytes + 4 + 2 * kKeyBytes + kTagBytes + kClaimBytes + kTagBytes;
inline constexpr size_t kAcceptBytes =
    kHeaderBytes + 8 + kKeyBytes + kStreamBytes + kTagBytes;
inline constexpr size_t kSealedHeadBytes = kHeaderBytes + 4 + 8;
inline constexpr size_t kSealedBytesMin = kSealedHeadBytes + kTagBytes;
inline constexpr size_t kRelayedHeadBytes = kHeaderBytes + kKeyBytes;
inline constexpr size_t kRegistrationBytes =
    kHeaderBytes + kKeyBytes + 8 + kTagBytes;
inline constexpr size_t kRegisteredBytes = kHeaderBytes + 8 + kTagBytes;

// Of a UDP payload that passes every path of 1280 bytes, the least of IPv6.
inline constexpr size_t kDatagramBytesMax = 1232;

struct InitPacket {
  uint32_t sender = 0;
  Key ephemeral{};
  Bytes sealed_key;    // the sender's own
  Bytes sealed_claim;  // stamp and stream
};
struct AcceptPacket {
  uint32_t sender = 0;
  uint32_t receiver = 0;
  Key ephemeral{};
  Bytes sealed_stream;
};
struct SealedPacket {
  uint32_t receiver = 0;
  uint64_t counter = 0;
  Bytes sealed;
};
struct RelayedPacket {
  Key key{};
  Bytes inner;
};
struct RegistrationPacket {
  Key key{};
  uint64_t stamp = 0;
  Bytes tag;
};
struct RegisteredPacket {
  uint64_t stamp = 0;
  Bytes tag;
};

bool LooksLikeStun(Bytes datagram);
// Of a datagram that begins with a header of ours.
std::optional<PacketType> TypeOf(Bytes datagram);

// Each wants the whole datagram, of the right type and size.
std::optional<InitPacket> ParseInit(Bytes datagram);
std::optional<AcceptPacket> ParseAccept(Bytes datagram);
std::optional<SealedPacket> ParseSealed(Bytes datagram);
std::optional<RelayedPacket> ParseRelayed(Bytes datagram);
std::optional<RegistrationPacket> ParseRegistration(Bytes datagram);
std::optional<RegisteredPacket> ParseRegistered(Bytes datagram);

void WriteHeader(PacketType type, Writer& out);
void WriteInit(const InitPacket& packet, Writer& out);
void WriteAccept(const AcceptPacket& packet, Writer& out);
void WriteSealed(const SealedPacket& packet, Writer& out);
void WriteRelayed(const RelayedPacket& packet, Writer& out);
void WriteRegistration(const RegistrationPacket& packet, Writer& out);
void WriteRegistered(const RegisteredPacket& packet, Writer& out);

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_WIRE_PACKET_H_
