// SPDX-License-Identifier: Apache-2.0
// STUN's Binding method (RFC 8489), as far as servers and ICE checks need it:
// USERNAME, PRIORITY, XOR-MAPPED-ADDRESS (IPv4), MESSAGE-INTEGRITY,
// FINGERPRINT, ERROR-CODE and UNKNOWN-ATTRIBUTES.
//
// Attributes behind MESSAGE-INTEGRITY are ignored but FINGERPRINT, which must
// be last and right where it is present (sections 14.5 and 14.7). Of attributes
// that occur twice the first counts.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_WIRE_STUN_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_WIRE_STUN_H_

#include <array>
#include <cstdint>
#include <optional>

#include "components/overlay/crypto/crypto.h"
#include "components/overlay/wire/bytes.h"
#include "components/overlay/wire/endpoint.h"

namespace overlay {

inline constexpr size_t kStunHeadBytes = 20;
inline constexpr uint32_t kStunCookie = 0x2112a442;
inline constexpr size_t kStunUnknownMax = 8;  // that are told back
// Longest that we write: a check with a username of eight bytes.
inline constexpr size_t kStunBytesMax = 256;

using Transaction = std::array<uint8_t, 12>;

// The classes of Binding, as they stand in the first 16 bits.
enum class StunType : uint16_t {
  kRequest = 0x0001,
  kIndication = 0x0011,
  kSuccess = 0x0101,
  kError = 0x0111,
};

struct StunMessage {
  StunType type = StunType::kRequest;
  Transaction transaction{};
  Bytes username;  // empty: none
  std::optional<uint32_t> priority;
  std::optional<Endpoint> mapped;
  uint16_t error = 0;                               // 0: none
  std::array<uint16_t, kStunUnknownMax> unknown{};  // that must be understood
  size_t unknown_count = 0;
  // Where MESSAGE-INTEGRITY begins; 0: there is none.
  size_t integrity_at = 0;
  bool has_fingerprint = false;
};

// Nothing where the datagram is no well-formed Binding message of IPv4.
std::optional<StunMessage> ParseStun(Bytes datagram);

// Whether MESSAGE-INTEGRITY is there, and made with `key`.
bool HasIntegrity(Bytes datagram, const StunMessage& message,
                  const Crypto& crypto, Bytes key);

// Writes type, transaction, username, priority, mapped address, error and
// unknown attributes, as far as they are set; then MESSAGE-INTEGRITY where a
// key is given, then FINGERPRINT where asked for.
struct StunSeals {
  const Crypto* crypto = nullptr;
  Bytes key;  // empty: no MESSAGE-INTEGRITY
  bool fingerprint = true;
};
void WriteStun(const StunMessage& message, const StunSeals& seals, Writer& out);

// CRC-32 of ISO 3309, as FINGERPRINT wants it before its own XOR.
uint32_t Crc32(Bytes bytes);

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_WIRE_STUN_H_
