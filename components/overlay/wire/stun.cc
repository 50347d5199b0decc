// SPDX-License-Identifier: Apache-2.0
// Attributes are type, length, value, padding to four bytes.
#include "components/overlay/wire/stun.h"

#include <algorithm>

namespace overlay {
namespace {

enum Attribute : uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000a,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kFingerprint = 0x8028,
};

constexpr uint32_t kFingerprintXor = 0x5354554e;
constexpr uint8_t kFamilyIpv4 = 1;
constexpr size_t kUsernameBytesMax = 508;  // section 14.3
constexpr size_t kAttributeHeadBytes = 4;
// Longer ones are not worth checking: no peer of ours sends them.
constexpr size_t kStunCheckedMax = 576;

constexpr size_t Padding(size_t size) { return (4 - size % 4) % 4; }

// What a byte makes of the sum when `i` bytes of zero follow it: eight bytes
// are looked up at a time, and not one after the other.
using CrcTables = std::array<std::array<uint32_t, 256>, 8>;

constexpr CrcTables MakeCrcTables() {
  CrcTables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }
    tables[0][byte] = crc;
  }
  for (size_t i = 1; i < tables.size(); ++i) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t crc = tables[i - 1][byte];
      tables[i][byte] = (crc >> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}
constexpr CrcTables kCrcTables = MakeCrcTables();

// Whoever reads it must understand it, or refuse the message.
constexpr bool IsRequired(uint16_t type) { return type < 0x8000; }

std::optional<Endpoint> ReadXorAddress(Bytes value) {
  Reader in(value);
  in.U8();
  const uint8_t family = in.U8();
  Endpoint endpoint;
  endpoint.port = static_cast<uint16_t>(in.U16() ^ (kStunCookie >> 16));
  endpoint.address = in.U32() ^ kStunCookie;
  if (!in.AtEnd() || family != kFamilyIpv4) return std::nullopt;
  return endpoint;
}

uint16_t ReadError(Bytes value) {
  Reader in(value);
  in.U16();
  const uint8_t hundreds = in.U8() & 7;
  const uint8_t rest = in.U8();
  if (!in.ok() || hundreds < 3 || hundreds > 6 || rest > 99) return 0;
  return static_cast<uint16_t>(hundreds * 100 + rest);
}

// Reads one attribute into the message; false where its value is ill-formed.
bool TakeValue(uint16_t type, Bytes value, StunMessage& message) {
  Reader in(value);
  switch (type) {
    case kUsername:
      if (value.empty() || value.size() > kUsernameBytesMax) return false;
      if (message.username.empty()) message.username = value;
      return true;
    case kPriority:
      if (value.size() != 4) return false;
      if (!message.priority.has_value()) message.priority = in.U32();
      return true;
    case kXorMappedAddress:
      if (!message.mapped.has_value()) message.mapped = ReadXorAddress(value);
      return message.mapped.has_value();
    case kErrorCode:
      if (message.error == 0) message.error = ReadError(value);
      return message.error != 0;
    case kMappedAddress:
    case kUnknownAttributes:
      return true;  // known, and of no use here
    default:
      if (IsRequired(type) && message.unknown_count < kStunUnknownMax) {
        message.unknown[message.unknown_count++] = type;
      }
      return true;
  }
}

bool FingerprintIsRight(Bytes datagram, size_t at, Bytes value) {
  if (value.size() != 4) return false;
  if (at + kAttributeHeadBytes + 4 != datagram.size()) return false;
  return Reader(value).U32() == (Crc32(datagram.first(at)) ^ kFingerprintXor);
}

bool ReadAttributes(Bytes datagram, StunMessage& message) {
  Reader in(datagram.subspan(kStunHeadBytes));
  while (in.ok() && in.left() > 0) {
    const size_t at = datagram.size() - in.left();
    const uint16_t type = in.U16();
    const uint16_t size = in.U16();
    const Bytes value = in.Take(size);
    in.Take(Padding(size));
    if (!in.ok()) return false;
    if (type == kFingerprint) {
      message.has_fingerprint = FingerprintIsRight(datagram, at, value);
      if (!message.has_fingerprint) return false;
    } else if (message.integrity_at != 0) {
      continue;
    } else if (type == kMessageIntegrity) {
      if (size != kIntegrityBytes) return false;
      message.integrity_at = at;
    } else if (!TakeValue(type, value, message)) {
      return false;
    }
  }
  return in.ok();
}

bool IsBinding(uint16_t type) {
  return type == static_cast<uint16_t>(StunType::kRequest) ||
         type == static_cast<uint16_t>(StunType::kIndication) ||
         type == static_cast<uint16_t>(StunType::kSuccess) ||
         type == static_cast<uint16_t>(StunType::kError);
}

void PutAttribute(uint16_t type, Bytes value, Writer& out) {
  constexpr std::array<uint8_t, 3> kZeros{};
  out.U16(type).U16(static_cast<uint16_t>(value.size())).Put(value);
  out.Put(Bytes(kZeros).first(Padding(value.size())));
}

void PutBody(const StunMessage& message, Writer& out) {
  if (message.error != 0) {
    out.U16(kErrorCode).U16(4).U16(0);
    out.U8(static_cast<uint8_t>(message.error / 100));
    out.U8(static_cast<uint8_t>(message.error % 100));
  }
  if (message.unknown_count > 0) {
    const size_t size = 2 * message.unknown_count;
    out.U16(kUnknownAttributes).U16(static_cast<uint16_t>(size));
    for (size_t i = 0; i < message.unknown_count; ++i) {
      out.U16(message.unknown[i]);
    }
    if (Padding(size) == 2) out.U16(0);
  }
  if (!message.username.empty()) {
    PutAttribute(kUsername, message.username, out);
  }
  if (message.priority.has_value()) {
    out.U16(kPriority).U16(4).U32(*message.priority);
  }
  if (message.mapped.has_value()) {
    out.U16(kXorMappedAddress).U16(8).U8(0).U8(kFamilyIpv4);
    out.U16(static_cast<uint16_t>(message.mapped->port ^ (kStunCookie >> 16)));
    out.U32(message.mapped->address ^ kStunCookie);
  }
}

// The length field, as if the message ended with `more` bytes more.
void SetLength(std::span<uint8_t> message, size_t more) {
  const size_t length = message.size() - kStunHeadBytes + more;
  message[2] = static_cast<uint8_t>(length >> 8);
  message[3] = static_cast<uint8_t>(length);
}

}  // namespace

uint32_t Crc32(Bytes bytes) {
  uint32_t crc = 0xffffffff;
  const size_t at_once = kCrcTables.size();
  for (; bytes.size() >= at_once; bytes = bytes.subspan(at_once)) {
    uint32_t next = 0;
    for (size_t i = 0; i < at_once; ++i) {
      const uint32_t so_far = i < 4 ? crc >> 8 * i : 0;
      next ^= kCrcTables[at_once - 1 - i][(bytes[i] ^ so_far) & 0xff];
    }
    crc = next;
  }
  for (const uint8_t byte : bytes) {
    crc = (crc >> 8) ^ kCrcTables[0][(crc ^ byte) & 0xff];
  }
  return ~crc;
}

std::optional<StunMessage> ParseStun(Bytes datagram) {
  Reader in(datagram);
  const uint16_t type = in.U16();
  const uint16_t length = in.U16();
  const uint32_t cookie = in.U32();
  StunMessage message;
  in.Fill(message.transaction);
  if (!in.ok() || !IsBinding(type) || cookie != kStunCookie) {
    return std::nullopt;
  }
  if (length % 4 != 0 || in.left() != length) return std::nullopt;
  message.type = static_cast<StunType>(type);
  if (!ReadAttributes(datagram, message)) return std::nullopt;
  return message;
}

bool HasIntegrity(Bytes datagram, const StunMessage& message,
                  const Crypto& crypto, Bytes key) {
  if (message.integrity_at == 0) return false;
  // What is authenticated ends before the attribute, but has the length of a
  // message that ends behind it (section 14.5).
  std::array<uint8_t, kStunCheckedMax> copy;
  const Bytes covered = datagram.first(message.integrity_at);
  if (covered.size() > copy.size()) return false;
  std::copy(covered.begin(), covered.end(), copy.begin());
  const std::span<uint8_t> text(copy.data(), covered.size());
  SetLength(text, kAttributeHeadBytes + kIntegrityBytes);
  const Integrity expected = crypto.IntegrityOf(key, text);
  const Bytes given = datagram.subspan(
      message.integrity_at + kAttributeHeadBytes, kIntegrityBytes);
  uint8_t differing = 0;  // in the same time wherever the first difference is
  for (size_t i = 0; i < kIntegrityBytes; ++i) {
    differing = static_cast<uint8_t>(differing | (expected[i] ^ given[i]));
  }
  return differing == 0;
}

void WriteStun(const StunMessage& message, const StunSeals& seals,
               Writer& out) {
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer text(buffer);
  text.U16(static_cast<uint16_t>(message.type)).U16(0).U32(kStunCookie);
  text.Put(message.transaction);
  PutBody(message, text);
  const auto so_far = [&] { return std::span(buffer.data(), text.size()); };
  if (!seals.key.empty()) {
    SetLength(so_far(), kAttributeHeadBytes + kIntegrityBytes);
    PutAttribute(kMessageIntegrity,
                 seals.crypto->IntegrityOf(seals.key, text.written()), text);
  }
  if (seals.fingerprint) {
    SetLength(so_far(), kAttributeHeadBytes + 4);
    const uint32_t crc = Crc32(text.written()) ^ kFingerprintXor;
    text.U16(kFingerprint).U16(4).U32(crc);
  }
  SetLength(so_far(), 0);
  if (text.ok()) out.Put(text.written());
}

}  // namespace overlay
