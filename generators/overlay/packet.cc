// SPDX-License-Identifier: Apache-2.0
// Everything is written into one buffer that is larger than any datagram.
#include "generators/overlay/packet.h"

#include <algorithm>

#include "components/overlay/wire/frame.h"
#include "components/overlay/wire/packet.h"
#include "components/overlay/wire/stun.h"

namespace formfuzz {
namespace {

using overlay::Bytes;
using overlay::Writer;

constexpr size_t kBufferBytes = 8192;
constexpr uint32_t kFingerprintXor = 0x5354554e;  // RFC 8489, section 14.7

// Bytes that mean nothing.
void Pad(size_t size, uint32_t seed, Writer& out) {
  for (size_t i = 0; i < size; ++i) {
    out.U8(static_cast<uint8_t>(seed + i * 37));
  }
}

uint16_t StunTypeOf(PacketShape shape) {
  using overlay::StunType;
  switch (shape) {
    case PacketShape::kStunIndication:
      return static_cast<uint16_t>(StunType::kIndication);
    case PacketShape::kStunSuccess:
      return static_cast<uint16_t>(StunType::kSuccess);
    case PacketShape::kStunError:
      return static_cast<uint16_t>(StunType::kError);
    default:
      return static_cast<uint16_t>(StunType::kRequest);
  }
}

bool IsStun(PacketShape shape) {
  return shape >= PacketShape::kStunRequest && shape <= PacketShape::kStunError;
}

void SetLength(std::span<uint8_t> message, size_t more) {
  const size_t length = message.size() - overlay::kStunHeadBytes + more;
  message[2] = static_cast<uint8_t>(length >> 8);
  message[3] = static_cast<uint8_t>(length);
}

constexpr uint16_t kXorMappedAddress = 0x0020;

// What a right sender would write; another number, another value.
void PutRightValue(uint16_t type, uint32_t number, Writer& out) {
  constexpr uint32_t kAddress = 0xc6120000;  // 198.18.0.0 and up: nobody's
  switch (type) {
    case 0x0009:  // ERROR-CODE
      out.U16(0).U8(4).U8(20);
      break;
    case kXorMappedAddress:
      out.U8(0).U8(1).U16(
          static_cast<uint16_t>(4000 ^ (overlay::kStunCookie >> 16)));
      out.U32((kAddress | (number & 0xffff)) ^ overlay::kStunCookie);
      break;
    case 0x0006:  // USERNAME
      Pad(8, number, out);
      break;
    case 0x0008:  // MESSAGE-INTEGRITY, of nobody's
      Pad(overlay::kIntegrityBytes, number, out);
      break;
    default:  // PRIORITY, and what says nothing
      Pad(4, number, out);
  }
}

void PutAttribute(const AttributeSpec& attribute, const PacketSpec& spec,
                  Writer& out) {
  std::array<uint8_t, 1024> buffer;
  Writer value(buffer);
  // Of two of one type each says something else.
  const uint32_t number = spec.number + static_cast<uint32_t>(out.size());
  if (attribute.size == kRightValue) {
    PutRightValue(attribute.type, number, value);
  } else {
    Pad(attribute.size, number, value);
  }
  out.U16(attribute.type);
  out.U16(static_cast<uint16_t>(value.size() + attribute.lie));
  out.Put(value.written());
  Pad((4 - value.size() % 4) % 4, 0, out);
}

// A success that names no address gets one, in front.
bool LacksAddress(const PacketSpec& spec) {
  return spec.shape == PacketShape::kStunSuccess &&
         std::ranges::count(spec.attributes, kXorMappedAddress,
                            &AttributeSpec::type) == 0;
}

void PutTransaction(const PacketSpec& spec, const PacketContext& context,
                    Writer& out) {
  switch (spec.transaction) {
    case Asked::kNobodys:
      return Pad(overlay::Transaction().size(), spec.number, out);
    case Asked::kLast:
      out.Put(context.asked);
      return;
    case Asked::kZero:
    case Asked::kWithoutCookie:
      out.Put(overlay::Transaction{});
  }
}

void PutStunEnd(const PacketSpec& spec, const PacketContext& context,
                std::span<uint8_t> buffer, Writer& out) {
  const auto so_far = [&] { return buffer.first(out.size()); };
  if (spec.end == StunEnd::kIntegrity ||
      spec.end == StunEnd::kIntegrityAndFingerprint ||
      spec.end == StunEnd::kMoreBehindIntegrity) {
    SetLength(so_far(), 4 + overlay::kIntegrityBytes);
    const auto integrity =
        context.crypto->IntegrityOf(context.key, out.written());
    out.U16(0x0008).U16(overlay::kIntegrityBytes).Put(integrity);
    if (spec.end == StunEnd::kMoreBehindIntegrity) {
      PutAttribute({0x7fff, kRightValue, 0}, spec, out);
    }
  }
  if (spec.end == StunEnd::kFingerprint ||
      spec.end == StunEnd::kWrongFingerprint ||
      spec.end == StunEnd::kIntegrityAndFingerprint ||
      spec.end == StunEnd::kMoreBehindFingerprint) {
    const bool more = spec.end == StunEnd::kMoreBehindFingerprint;
    SetLength(so_far(), more ? 16 : 8);
    uint32_t crc = overlay::Crc32(out.written()) ^ kFingerprintXor;
    if (spec.end == StunEnd::kWrongFingerprint) crc ^= 1;
    out.U16(0x8028).U16(4).U32(crc);
    if (more) PutAttribute({0x0024, kRightValue, 0}, spec, out);
  }
  SetLength(so_far(), 0);
}

void PutStun(const PacketSpec& spec, const PacketContext& context,
             std::span<uint8_t> buffer, Writer& out) {
  const bool is_old = spec.transaction == Asked::kWithoutCookie;
  out.U16(StunTypeOf(spec.shape)).U16(0);
  out.U32(is_old ? ~overlay::kStunCookie : overlay::kStunCookie);
  PutTransaction(spec, context, out);
  if (LacksAddress(spec)) {
    PutAttribute({kXorMappedAddress, kRightValue, 0}, spec, out);
  }
  for (const AttributeSpec& attribute : spec.attributes) {
    PutAttribute(attribute, spec, out);
  }
  PutStunEnd(spec, context, buffer, out);
}

void PutOwn(const PacketSpec& spec, const PacketContext& context, Writer& out) {
  const uint32_t index = spec.stray ? spec.number : context.index;
  const uint64_t stamp = (spec.stray ? 0 : context.stamp) + spec.number;
  overlay::Key key = context.key;
  std::array<uint8_t, 64> junk{};
  Writer junk_out(junk);
  Pad(junk.size(), spec.number, junk_out);
  const Bytes tag = Bytes(junk).first(overlay::kTagBytes);
  switch (spec.shape) {
    case PacketShape::kInit:
      overlay::WriteInit(
          {index, key, Bytes(junk).first(48), Bytes(junk).first(32)}, out);
      break;
    case PacketShape::kAccept:
      overlay::WriteAccept({spec.number, index, key, Bytes(junk).first(24)},
                           out);
      break;
    case PacketShape::kRegistration:
      overlay::WriteRegistration({key, stamp, tag}, out);
      break;
    case PacketShape::kRegistered:
      overlay::WriteRegistered({stamp, tag}, out);
      break;
    default:
      overlay::WriteSealed({index, spec.number, {}}, out);
      Pad(spec.rest, spec.number, out);
  }
}

void Edit(const EditSpec& edit, std::vector<uint8_t>& bytes) {
  if (edit.kind == EditKind::kExtend) bytes.push_back(edit.value);
  if (bytes.empty()) return;
  const size_t at = edit.at % bytes.size();
  if (edit.kind == EditKind::kFlip) {
    bytes[at] ^= static_cast<uint8_t>(1u << edit.value % 8);
  }
  if (edit.kind == EditKind::kFlipHead) {
    bytes[at % overlay::kHeaderBytes] ^=
        static_cast<uint8_t>(1u << edit.value % 8);
  }
  if (edit.kind == EditKind::kSet) bytes[at] = edit.value;
  if (edit.kind == EditKind::kCut) bytes.resize(at);
}

// The length, and FINGERPRINT where one is last.
void Repair(std::span<uint8_t> stun) {
  constexpr size_t kBytes = 8;
  constexpr uint32_t kHead = 0x80280004;
  if (stun.size() < overlay::kStunHeadBytes) return;
  SetLength(stun, 0);
  if (stun.size() < overlay::kStunHeadBytes + kBytes) return;
  const size_t at = stun.size() - kBytes;
  if (overlay::Reader(stun.subspan(at)).U32() != kHead) return;
  const uint32_t crc = overlay::Crc32(stun.first(at)) ^ kFingerprintXor;
  Writer(stun.last(4)).U32(crc);
}

// Where its part belongs, and as long as that is, but for shift and stretch.
void PutFragment(const FrameSpec& frame, uint32_t message, Writer& out) {
  const auto offset = static_cast<uint16_t>(
      static_cast<int>(frame.part * overlay::kFragmentBytes) + frame.shift);
  const int rest = frame.total > offset ? frame.total - offset : 0;
  const int size = std::min<int>(overlay::kFragmentBytes, rest) + frame.stretch;
  out.U32(message).U16(frame.total).U16(offset);
  for (size_t i = 0; i < static_cast<size_t>(std::max(size, 0)); ++i) {
    out.U8(FragmentByte(message, offset + i));
  }
}

void PutCandidates(const FrameSpec& frame, Writer& out) {
  const auto number = static_cast<uint32_t>(frame.number);
  out.U32(number).U32(number);
  Pad(overlay::kPasswordBytes, number, out);
  out.U8(frame.count);
  for (uint32_t i = 0; i < std::min<uint32_t>(frame.count, 16); ++i) {
    out.U8(static_cast<uint8_t>(i % 3));
    out.U32(0xc6120000 + number + i).U16(frame.total);
  }
}

void PutBody(const FrameSpec& frame, const FrameContext& context, Writer& out) {
  const auto number = static_cast<uint32_t>(frame.number);
  switch (frame.shape) {
    case FrameShape::kFragment:
      PutFragment(frame, context.message + number, out);
      break;
    case FrameShape::kAck:
      out.U32(context.acknowledged + number).U32(frame.count);
      break;
    case FrameShape::kCandidates:
      PutCandidates(frame, out);
      break;
    case FrameShape::kCandidatesSeen:
      out.U32(number);
      break;
    default:
      Pad(frame.count % 8, number, out);
  }
}

uint8_t KindOf(FrameShape shape) {
  switch (shape) {
    case FrameShape::kKeepAlive:
      return 1;
    case FrameShape::kFragment:
      return 2;
    case FrameShape::kAck:
      return 3;
    case FrameShape::kCandidates:
      return 4;
    case FrameShape::kClose:
      return 5;
    case FrameShape::kCandidatesSeen:
      return 6;
    case FrameShape::kUnknown:
      return 77;
  }
  return 0;
}

void PutFrame(const FrameSpec& frame, const FrameContext& context,
              Writer& out) {
  std::array<uint8_t, 2048> buffer;
  Writer body(buffer);
  PutBody(frame, context, body);
  out.U8(KindOf(frame.shape));
  out.U16(static_cast<uint16_t>(static_cast<int>(body.size()) + frame.lie));
  out.Put(body.written());
}

}  // namespace

std::vector<uint8_t> BuildPacket(const PacketSpec& spec,
                                 const PacketContext& context) {
  std::array<uint8_t, kBufferBytes> buffer;
  Writer out(buffer);
  for (uint8_t i = 0; i < spec.relayed; ++i) {
    overlay::WriteRelayed({context.key, {}}, out);
  }
  const size_t wrapping = out.size();
  const std::span<uint8_t> room = std::span(buffer).subspan(wrapping);
  Writer inner(room);
  if (IsStun(spec.shape)) {
    PutStun(spec, context, room, inner);
  } else if (spec.shape != PacketShape::kEmpty) {
    PutOwn(spec, context, inner);
  }
  std::vector<uint8_t> bytes(
      buffer.begin(),
      buffer.begin() + static_cast<ptrdiff_t>(wrapping + inner.size()));
  for (const EditSpec& edit : spec.edits) Edit(edit, bytes);
  if (spec.repaired && IsStun(spec.shape) && bytes.size() > wrapping) {
    Repair(std::span(bytes).subspan(wrapping));
  }
  return bytes;
}

std::vector<uint8_t> BuildFrames(std::span<const FrameSpec> frames,
                                 const FrameContext& context) {
  std::array<uint8_t, kBufferBytes> buffer;
  Writer out(buffer);
  for (const FrameSpec& frame : frames) {
    const size_t before = out.size();
    PutFrame(frame, context, out);
    if (frame.shape != FrameShape::kFragment) continue;
    const size_t size = out.size() - before;
    FrameContext behind = context;
    for (uint8_t left = frame.count; left > 0; --left) {
      if (out.size() + size > kFramesBytesMax) break;
      ++behind.message;
      PutFrame(frame, behind, out);
    }
  }
  const Bytes written = out.written();
  return {written.begin(), written.end()};
}

}  // namespace formfuzz
