// SPDX-License-Identifier: Apache-2.0
// Attributes are type, length, value, and padding to four bytes.
#include "harnesses/networking/stun/stun_reader.h"

#include <algorithm>
#include <vector>

#include "absl/container/inlined_vector.h"

namespace formfuzz {
namespace {

using overlay::Bytes;
using overlay::Reader;

enum Attribute : uint16_t {
  kMappedAddress = 0x0001,
  kUsername = 0x0006,
  kIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000a,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kFingerprint = 0x8028,
};
constexpr size_t kUsualAttributes = 8;  // of one message
constexpr uint16_t kKnown[] = {kMappedAddress,    kUsername,
                               kErrorCode,        kUnknownAttributes,
                               kXorMappedAddress, kPriority};

struct Read {
  uint16_t type;
  Bytes value;
};

Read ReadAttribute(Reader& in) {
  Read read{};
  read.type = in.U16();
  const uint16_t size = in.U16();
  const Bytes padded = in.Take((size + 3u) / 4 * 4);
  if (in.ok()) read.value = padded.first(size);
  return read;
}

bool IsBinding(uint16_t type) {
  return type == 0x0001 || type == 0x0011 || type == 0x0101 || type == 0x0111;
}

bool HasRightValue(const Read& read) {
  switch (read.type) {
    case kUsername:
      return !read.value.empty() && read.value.size() < 509;
    case kPriority:
      return read.value.size() == 4;
    case kXorMappedAddress:
      return read.value.size() == 8 && read.value[1] == 1;
    case kIntegrity:
      return read.value.size() == overlay::kIntegrityBytes;
    default:
      return true;
  }
}

// The first of its type counts (section 14); others may be looked at or not.
StunForm FormOf(const Read& read, bool is_first) {
  if (read.type == kErrorCode) return StunForm::kUnsure;
  if (HasRightValue(read)) return StunForm::kWell;
  return is_first ? StunForm::kIll : StunForm::kUnsure;
}

bool IsRightFingerprint(const Read& read, Bytes before) {
  constexpr uint32_t kXor = 0x5354554e;  // section 14.7
  return read.value.size() == 4 &&
         Reader(read.value).U32() == (overlay::Crc32(before) ^ kXor);
}

}  // namespace

StunForm FormOf(Bytes datagram) {
  Reader in(datagram);
  const bool is_binding = IsBinding(in.U16());
  const uint16_t length = in.U16();
  if (!is_binding || in.U32() != overlay::kStunCookie) return StunForm::kIll;
  in.Take(overlay::Transaction().size());
  if (!in.ok() || in.left() != length || length % 4 != 0) return StunForm::kIll;
  bool vouched = false;  // what follows counts for nothing, but FINGERPRINT
  StunForm form = StunForm::kWell;
  absl::InlinedVector<uint16_t, kUsualAttributes> seen;
  while (in.left() > 0) {
    const Bytes before = datagram.first(datagram.size() - in.left());
    const Read read = ReadAttribute(in);
    if (!in.ok()) return StunForm::kIll;
    if (read.type == kFingerprint) {
      return in.left() == 0 && IsRightFingerprint(read, before)
                 ? form
                 : StunForm::kIll;
    }
    const bool is_first = std::ranges::count(seen, read.type) == 0;
    if (!vouched) form = std::min(form, FormOf(read, is_first));
    if (form == StunForm::kIll) return form;
    seen.push_back(read.type);
    vouched |= read.type == kIntegrity;
  }
  return form;
}

std::optional<overlay::Endpoint> AddressTold(Bytes stun) {
  constexpr uint32_t kCookie = 0x2112a442;
  Reader in(stun.subspan(overlay::kStunHeadBytes));
  while (in.left() > 0) {
    const Read read = ReadAttribute(in);
    if (read.type != kXorMappedAddress) continue;
    Reader value(read.value);
    value.U16();
    const auto port = static_cast<uint16_t>(value.U16() ^ kCookie >> 16);
    return overlay::Endpoint{value.U32() ^ kCookie, port};
  }
  return std::nullopt;
}

bool SaysTheSame(Bytes stun, const overlay::StunMessage& read) {
  constexpr size_t kHead = overlay::kStunHeadBytes;
  constexpr auto kXor = static_cast<uint16_t>(overlay::kStunCookie >> 16);
  overlay::StunMessage first;
  Reader in(stun.subspan(kHead));
  while (in.left() > 0) {
    const Read one = ReadAttribute(in);
    if (one.type == kIntegrity) break;
    Reader value(one.value);
    if (one.type == kUsername && first.username.empty()) {
      first.username = one.value;
    } else if (one.type == kPriority && !first.priority.has_value()) {
      first.priority = value.U32();
    } else if (one.type == kXorMappedAddress && !first.mapped.has_value()) {
      value.U16();
      const auto port = static_cast<uint16_t>(value.U16() ^ kXor);
      first.mapped = {value.U32() ^ overlay::kStunCookie, port};
    }
  }
  return std::ranges::equal(first.username, read.username) &&
         first.priority == read.priority && first.mapped == read.mapped;
}

bool IsVouchedFor(Bytes stun, Bytes key, const overlay::Crypto& crypto) {
  constexpr size_t kHead = overlay::kStunHeadBytes;
  constexpr size_t kBytes = 4 + overlay::kIntegrityBytes;
  Reader in(stun.subspan(kHead));
  while (in.left() > 0) {
    const size_t at = stun.size() - in.left();
    const Read read = ReadAttribute(in);
    if (!in.ok()) return false;
    if (read.type != kIntegrity) continue;
    std::vector<uint8_t> covered(stun.begin(),
                                 stun.begin() + static_cast<ptrdiff_t>(at));
    const size_t length = at - kHead + kBytes;
    covered[2] = static_cast<uint8_t>(length >> 8);
    covered[3] = static_cast<uint8_t>(length);
    return std::ranges::equal(read.value, crypto.IntegrityOf(key, covered));
  }
  return false;
}

bool AsksForTheUnknown(Bytes stun) {
  Reader in(stun.subspan(overlay::kStunHeadBytes));
  while (in.left() > 0) {
    const Read read = ReadAttribute(in);
    if (read.type == kIntegrity) return false;
    if (read.type < 0x8000 &&
        std::ranges::find(kKnown, read.type) == std::end(kKnown)) {
      return true;
    }
  }
  return false;
}

bool Refuses(Bytes answer, const overlay::StunMessage& request) {
  constexpr size_t kHead = overlay::kStunHeadBytes;
  if (answer.size() < kHead || answer[0] != 1 || answer[1] != 0x11) {
    return false;
  }
  Reader in(answer.subspan(kHead));
  bool is_420 = false;
  std::vector<uint16_t> named;
  while (in.left() > 0) {
    const Read read = ReadAttribute(in);
    if (!in.ok()) return false;
    Reader value(read.value);
    if (read.type == kErrorCode) is_420 = value.U32() == 0x0414;
    while (read.type == kUnknownAttributes && value.left() > 0) {
      named.push_back(value.U16());
    }
  }
  return is_420 &&
         std::ranges::equal(
             named, std::span(request.unknown).first(request.unknown_count));
}

}  // namespace formfuzz
