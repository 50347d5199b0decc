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

void PutStunEnd(const PacketSpec& spec, const PacketContext& context,
                std::span<uint8_t> buffer, Writer& out) {
  const auto so_far = [&] { return buffer.first(out.size()); };
  if (spec.end == StunEnd::kIntegrity ||
      spec.end == StunEnd::kIntegrityAndFingerprint) {
    SetLength(so_far(), 4 + overlay::kIntegrityBytes);
    const auto integrity =
        context.crypto->IntegrityOf(context.key, out.written());
    out.U16(0x0008).U16(overlay::kIntegrityBytes).Put(integrity);
  }
  if (spec.end == StunEnd::kFingerprint ||
      spec.end == StunEnd::kWrongFingerprint ||
      spec.end == StunEnd::kIntegrityAndFingerprint) {
    SetLength(so_far(), 8);
    uint32_t crc = overlay::Crc32(out.written()) ^ kFingerprintXor;
    if (spec.end == StunEnd::kWrongFingerprint) crc ^= 1;
    out.U16(0x8028).U16(4).U32(crc);
  }
  SetLength(so_far(), 0);
}

void PutStun(const PacketSpec& spec, const PacketContext& context,
             std::span<uint8_t> buffer, Writer& out) {
  out.U16(StunTypeOf(spec.shape)).U16(0).U32(overlay::kStunCookie);
  Pad(12, spec.number, out);
  for (const AttributeSpec& attribute : spec.attributes) {
    out.U16(attribute.type);
    out.U16(static_cast<uint16_t>(attribute.size + attribute.lie));
    Pad(attribute.size, spec.number, out);
    Pad((4 - attribute.size % 4) % 4, 0, out);
  }
  PutStunEnd(spec, context, buffer, out);
}

void PutOwn(const PacketSpec& spec, const PacketContext& context, Writer& out) {
  const uint32_t index = spec.known_index ? context.index : spec.number;
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
      overlay::WriteRegistration({key, spec.number, tag}, out);
      break;
    case PacketShape::kRegistered:
      overlay::WriteRegistered({spec.number, tag}, out);
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
  if (edit.kind == EditKind::kSet) bytes[at] = edit.value;
  if (edit.kind == EditKind::kCut) bytes.resize(at);
}

void PutBody(const FrameSpec& frame, Writer& out) {
  switch (frame.shape) {
    case FrameShape::kFragment:
      out.U32(frame.number).U16(frame.total).U16(frame.offset);
      for (size_t i = 0; i < frame.size; ++i) {
        out.U8(FragmentByte(frame.number, frame.offset + i));
      }
      break;
    case FrameShape::kAck:
      out.U32(frame.number).U32(frame.count);
      break;
    case FrameShape::kCandidates:
      out.U32(frame.number);
      Pad(overlay::kPasswordBytes, frame.number, out);
      out.U8(frame.count);
      for (uint32_t i = 0; i < std::min<uint32_t>(frame.count, 16); ++i) {
        out.U8(static_cast<uint8_t>(i % 3));
        out.U32(0xc6120000 + frame.number + i).U16(frame.size);
      }
      break;
    default:
      Pad(frame.count % 8, frame.number, out);
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
    case FrameShape::kUnknown:
      return 77;
  }
  return 0;
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
  return bytes;
}

std::vector<uint8_t> BuildFrames(std::span<const FrameSpec> frames) {
  std::array<uint8_t, kBufferBytes> buffer;
  Writer out(buffer);
  for (const FrameSpec& frame : frames) {
    std::array<uint8_t, 2048> body_buffer;
    Writer body(body_buffer);
    PutBody(frame, body);
    out.U8(KindOf(frame.shape));
    out.U16(static_cast<uint16_t>(static_cast<int>(body.size()) + frame.lie));
    out.Put(body.written());
  }
  const Bytes written = out.written();
  return {written.begin(), written.end()};
}

}  // namespace formfuzz
