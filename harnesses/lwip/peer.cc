// SPDX-License-Identifier: Apache-2.0
// Reading frames that the stack made.
#include "harnesses/lwip/peer.h"

#include <algorithm>

#include "framework/base/text.h"
#include "generators/network/frame_check.h"
#include "generators/network/internet.h"

namespace formfuzz {
namespace {

constexpr size_t kEthernetBytes = 14;
constexpr uint32_t kFirstSequence = 0x10000000;
constexpr uint32_t kSequenceStep = 0x1000000;

uint32_t U16(Bytes bytes, size_t at) {
  return uint32_t{bytes[at]} << 8 | bytes[at + 1];
}
uint32_t U32(Bytes bytes, size_t at) {
  return U16(bytes, at) << 16 | U16(bytes, at + 2);
}

// The checksum of an echo reply follows from that of the question, at which
// this port does not look (CHECKSUM_CHECK_ICMP), so that it may be as wrong:
// it is set right before the rest is judged.
void MendEcho(PacketBytes& frame) {
  if (frame.size() < kEthernetBytes + 20 || U16(frame, 12) != 0x0800) return;
  const size_t icmp = kEthernetBytes + size_t{frame[kEthernetBytes] & 15u} * 4;
  const size_t end = kEthernetBytes + U16(frame, kEthernetBytes + 2);
  if (frame[kEthernetBytes + 9] != 1 || end > frame.size() || icmp + 4 > end ||
      frame[icmp] != 0) {
    return;
  }
  frame[icmp + 2] = frame[icmp + 3] = 0;
  const uint16_t sum = InternetChecksum(Bytes(frame).subspan(icmp, end - icmp));
  frame[icmp + 2] = static_cast<uint8_t>(sum >> 8);
  frame[icmp + 3] = static_cast<uint8_t>(sum);
}

}  // namespace

// To the echo, to the HTTP server, to the throughput test; the last is the one
// that the stack opens.
LwipPeer::LwipPeer() {
  constexpr std::array<uint16_t, kConnections> kServices = {kEchoPort, 80, 5001,
                                                            0};
  for (size_t i = 0; i < kConnections; ++i) {
    connections_[i].port =
        i + 1 < kConnections ? static_cast<uint16_t>(LwipStack::kFirstPort + i)
                             : kPeerPort;
    connections_[i].service = kServices[i];
    connections_[i].next =
        kFirstSequence + static_cast<uint32_t>(i) * kSequenceStep;
  }
}

std::string LwipPeer::Look(LwipStack& stack) {
  std::string wrong = stack.wrong();
  stack.TakeSent([&](PacketBytes& frame) {
    MendEcho(frame);
    std::string broken = FrameFault(frame);
    if (broken.empty()) broken = LookInto(stack, frame);
    if (wrong.empty()) wrong = std::move(broken);
  });
  return wrong;
}

// Of a frame that is whole.
std::string LwipPeer::LookInto(const LwipStack& stack, Bytes frame) {
  const Bytes packet = frame.subspan(kEthernetBytes);
  const uint32_t type = U16(frame, 12);
  if (type == 0x86dd) {
    solicited_ += packet[6] == 58 && packet.size() > 40 && packet[40] == 135;
    return {};
  }
  if (type != 0x0800 || (U16(packet, 6) & 0x3fff) != 0) return {};
  const Bytes body = packet.subspan(size_t{packet[0] & 15u} * 4);
  if (packet[9] == 17) LookAtUdp(body);
  return packet[9] == 6 ? LookAtTcp(stack, body) : std::string();
}

void LwipPeer::LookAtUdp(Bytes datagram) {
  const Bytes payload = datagram.subspan(8);
  if (U16(datagram, 2) == 53) {
    dns_query_.assign(payload.begin(), payload.end());
    dns_port_ = static_cast<uint16_t>(U16(datagram, 0));
  } else if (U16(datagram, 2) == 67) {
    dhcp_message_.assign(payload.begin(), payload.end());
  }
}

std::string LwipPeer::LookAtTcp(const LwipStack& stack, Bytes segment) {
  const auto own = static_cast<uint16_t>(U16(segment, 0));
  const auto port = static_cast<uint16_t>(U16(segment, 2));
  const auto at = std::find_if(
      connections_.begin(), connections_.end(),
      [&](const PeerConnection& peer) { return peer.port == port; });
  const size_t header = size_t{segment[12]} >> 4 << 2;
  if (at == connections_.end()) return {};
  const uint32_t sequence = U32(segment, 4);
  const Bytes data = segment.subspan(header);
  const uint8_t flags = segment[13];
  if ((flags & static_cast<uint8_t>(TcpFlags::kSyn)) != 0) {
    at->heard = true;
    at->expected = sequence + 1;
    if (at->service == 0 || port == kPeerPort) at->service = own;
    return {};
  }
  const uint32_t size =
      static_cast<uint32_t>(data.size()) +
      ((flags & static_cast<uint8_t>(TcpFlags::kFin)) != 0 ? 1 : 0);
  const uint32_t end = sequence + size;
  if (static_cast<int32_t>(end - at->expected) > 0) at->expected = end;
  const EchoConnection* echo = stack.Find(port);
  if (data.empty() || echo == nullptr || own != echo->own_port) return {};
  for (size_t i = 0; i < data.size(); ++i) {
    const uint32_t offset =
        sequence + static_cast<uint32_t>(i) - echo->stack_first;
    if (offset >= echo->received) return "bytes are sent that nobody wrote";
    if (data[i] != StreamByte(echo->peer_first + offset)) {
      return Concat("byte ", offset, " comes back as another");
    }
  }
  return {};
}

}  // namespace formfuzz
