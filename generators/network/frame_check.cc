// SPDX-License-Identifier: Apache-2.0
// Layer by layer, outermost first.
#include "generators/network/frame_check.h"

#include "framework/base/text.h"
#include "generators/network/internet.h"

namespace formfuzz {
namespace {

constexpr size_t kEthernetBytes = 14;
constexpr size_t kPaddedBytes = 60;

uint32_t U16(Bytes bytes, size_t at) {
  return uint32_t{bytes[at]} << 8 | bytes[at + 1];
}

// What the checksum of addresses, length and protocol starts with.
uint32_t PseudoSum(Bytes addresses, uint32_t protocol, size_t size) {
  uint32_t sum = protocol + static_cast<uint32_t>(size);
  for (size_t i = 0; i < addresses.size(); i += 2) sum += U16(addresses, i);
  return sum;
}

std::string BodyFault(uint32_t protocol, Bytes body, uint32_t pseudo) {
  const bool right = InternetChecksum(body, pseudo) == 0;
  switch (protocol) {
    case 1:
      return InternetChecksum(body) == 0
                 ? ""
                 : "an ICMP message with a wrong checksum";
    case 6:
      if (body.size() < 20) return "a TCP segment of less than its header";
      if (size_t{body[12]} >> 4 << 2 < 20 ||
          size_t{body[12]} >> 4 << 2 > body.size()) {
        return "a TCP segment with another header than it says";
      }
      return right ? "" : "a TCP segment with a wrong checksum";
    case 17:
      if (body.size() < 8 || U16(body, 4) != body.size()) {
        return "a UDP datagram with another length than it has";
      }
      return right || U16(body, 6) == 0
                 ? ""
                 : "a UDP datagram with a wrong checksum";
    case 58:
      return right ? "" : "an ICMPv6 message with a wrong checksum";
    default:
      return {};
  }
}

// A padded frame's packet may be shorter than what holds it.
bool Fits(size_t claimed, size_t size) {
  return claimed == size ||
         (claimed < size && size + kEthernetBytes <= kPaddedBytes);
}

std::string Ipv4Fault(Bytes packet) {
  if (packet.size() < 20) return "an IPv4 packet of less than its header";
  const size_t header = size_t{packet[0] & 15u} * 4;
  if (packet[0] >> 4 != 4 || header < 20 || header > packet.size()) {
    return "an IPv4 packet with another header than it says";
  }
  const size_t claimed = U16(packet, 2);
  if (!Fits(claimed, packet.size()) || claimed < header) {
    return Concat("an IPv4 packet of ", packet.size(), " bytes that claims ",
                  claimed);
  }
  if (InternetChecksum(packet.first(header)) != 0) {
    return "an IPv4 header with a wrong checksum";
  }
  if ((U16(packet, 6) & 0x3fff) != 0) return {};  // a fragment
  const Bytes body = packet.first(claimed).subspan(header);
  return BodyFault(packet[9], body,
                   PseudoSum(packet.subspan(12, 8), packet[9], body.size()));
}

std::string Ipv6Fault(Bytes packet) {
  if (packet.size() < 40 || packet[0] >> 4 != 6) {
    return "an IPv6 packet without a header";
  }
  const size_t claimed = U16(packet, 4) + size_t{40};
  if (!Fits(claimed, packet.size())) {
    return Concat("an IPv6 packet of ", packet.size(), " bytes that claims ",
                  claimed);
  }
  const Bytes body = packet.first(claimed).subspan(40);
  return BodyFault(packet[6], body,
                   PseudoSum(packet.subspan(8, 32), packet[6], body.size()));
}

}  // namespace

std::string FrameFault(Bytes frame) {
  if (frame.size() < kEthernetBytes) return "a frame without a header";
  const Bytes packet = frame.subspan(kEthernetBytes);
  if (U16(frame, 12) == 0x0800) return Ipv4Fault(packet);
  if (U16(frame, 12) == 0x86dd) return Ipv6Fault(packet);
  return {};
}

}  // namespace formfuzz
