// SPDX-License-Identifier: Apache-2.0
// Fixed layouts: sizes are checked first, then fields are read in order.
#include "components/overlay/wire/packet.h"

namespace overlay {
namespace {

// The reader behind the header; not ok where the datagram is another's.
Reader Open(Bytes datagram, PacketType type) {
  if (TypeOf(datagram) != type) {
    Reader refused({});
    refused.U8();
    return refused;
  }
  return Reader(datagram.subspan(kHeaderBytes));
}

}  // namespace

bool LooksLikeStun(Bytes datagram) {
  return !datagram.empty() && (datagram[0] & 0xc0) == 0;
}

std::optional<PacketType> TypeOf(Bytes datagram) {
  Reader in(datagram);
  const uint8_t type = in.U8();
  const uint8_t version = in.U8();
  const uint16_t reserved = in.U16();
  if (!in.ok() || version != kWireVersion || reserved != 0) return std::nullopt;
  if (type < static_cast<uint8_t>(PacketType::kInit)) return std::nullopt;
  if (type > static_cast<uint8_t>(PacketType::kRegistered)) return std::nullopt;
  return static_cast<PacketType>(type);
}

std::optional<InitPacket> ParseInit(Bytes datagram) {
  Reader in = Open(datagram, PacketType::kInit);
  InitPacket packet;
  packet.sender = in.U32();
  in.Fill(packet.ephemeral);
  packet.sealed_key = in.Take(kKeyBytes + kTagBytes);
  packet.sealed_claim = in.Take(kClaimBytes + kTagBytes);
  if (!in.AtEnd()) return std::nullopt;
  return packet;
}

std::optional<AcceptPacket> ParseAccept(Bytes datagram) {
  Reader in = Open(datagram, PacketType::kAccept);
  AcceptPacket packet;
  packet.sender = in.U32();
  packet.receiver = in.U32();
  in.Fill(packet.ephemeral);
  packet.sealed_stream = in.Take(kStreamBytes + kTagBytes);
  if (!in.AtEnd()) return std::nullopt;
  return packet;
}

std::optional<SealedPacket> ParseSealed(Bytes datagram) {
  Reader in = Open(datagram, PacketType::kSealed);
  SealedPacket packet;
  packet.receiver = in.U32();
  packet.counter = in.U64();
  packet.sealed = in.Rest();
  if (!in.ok() || packet.sealed.size() < kTagBytes) return std::nullopt;
  return packet;
}

std::optional<RelayedPacket> ParseRelayed(Bytes datagram) {
  Reader in = Open(datagram, PacketType::kRelayed);
  RelayedPacket packet;
  in.Fill(packet.key);
  packet.inner = in.Rest();
  if (!in.ok()) return std::nullopt;
  return packet;
}

std::optional<RegistrationPacket> ParseRegistration(Bytes datagram) {
  Reader in = Open(datagram, PacketType::kRegistration);
  RegistrationPacket packet;
  in.Fill(packet.key);
  packet.stamp = in.U64();
  packet.tag = in.Take(kTagBytes);
  if (!in.AtEnd()) return std::nullopt;
  return packet;
}

std::optional<RegisteredPacket> ParseRegistered(Bytes datagram) {
  Reader in = Open(datagram, PacketType::kRegistered);
  RegisteredPacket packet;
  packet.stamp = in.U64();
  packet.tag = in.Take(kTagBytes);
  if (!in.AtEnd()) return std::nullopt;
  return packet;
}

void WriteHeader(PacketType type, Writer& out) {
  out.U8(static_cast<uint8_t>(type)).U8(kWireVersion).U16(0);
}

void WriteInit(const InitPacket& packet, Writer& out) {
  WriteHeader(PacketType::kInit, out);
  out.U32(packet.sender).Put(packet.ephemeral);
  out.Put(packet.sealed_key).Put(packet.sealed_claim);
}

void WriteAccept(const AcceptPacket& packet, Writer& out) {
  WriteHeader(PacketType::kAccept, out);
  out.U32(packet.sender).U32(packet.receiver).Put(packet.ephemeral);
  out.Put(packet.sealed_stream);
}

void WriteSealed(const SealedPacket& packet, Writer& out) {
  WriteHeader(PacketType::kSealed, out);
  out.U32(packet.receiver).U64(packet.counter).Put(packet.sealed);
}

void WriteRelayed(const RelayedPacket& packet, Writer& out) {
  WriteHeader(PacketType::kRelayed, out);
  out.Put(packet.key).Put(packet.inner);
}

void WriteRegistration(const RegistrationPacket& packet, Writer& out) {
  WriteHeader(PacketType::kRegistration, out);
  out.Put(packet.key).U64(packet.stamp).Put(packet.tag);
}

void WriteRegistered(const RegisteredPacket& packet, Writer& out) {
  WriteHeader(PacketType::kRegistered, out);
  out.U64(packet.stamp).Put(packet.tag);
}

}  // namespace overlay
