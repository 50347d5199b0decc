// SPDX-License-Identifier: Apache-2.0
// Internet packets from their parts: Ethernet, IPv4, IPv6, UDP, TCP, ICMP.
// Lengths and checksums are right unless a part is told to lie; what lies is
// one field at a time, so that the rest still gets where it is looked at.
//
// Addresses and numbers are in host order. The functions compose: a payload
// goes into a packet, a packet into a frame.
#ifndef FORMFUZZ_GENERATORS_NETWORK_INTERNET_H_
#define FORMFUZZ_GENERATORS_NETWORK_INTERNET_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "framework/base/bytes.h"
#include "framework/domain/arbitrary.h"
#include "generators/mostly_first.h"

namespace formfuzz {

using PacketBytes = std::vector<uint8_t>;
using EthernetAddress = std::array<uint8_t, 6>;
using Ipv6Address = std::array<uint8_t, 16>;

// What a header says of the packet's own shape.
enum class LengthLie : uint8_t { kRight, kOneLess, kOneMore, kZero, kLargest };
size_t Lied(LengthLie lie, size_t real);

enum class Checksum : uint8_t { kRight, kWrong };

struct IpShape {
  LengthLie total;
  uint8_t header_words;  // 0: what it is; else what it claims to be
  uint8_t time_to_live;
  Checksum checksum;
  std::string_view options;  // of IPv4; hop-by-hop options of IPv6
};
inline auto IpShapes() {
  return StructOf<IpShape>(
      MostlyFirst<LengthLie>(),
      ElementOf<uint8_t>({0, 0, 0, 0, 0, 0, 0, 0, 4, 6, 15}),
      ElementOf<uint8_t>({255, 255, 64, 1, 0}), MostlyFirst<Checksum>(),
      BytesString<std::string_view>().WithMaxSize(40));
}

// How one packet is cut into several, and in which order they go.
enum class Fragments : uint8_t {
  kWhole,
  kInOrder,
  kReversed,
  kOverlapping,
  kFirstMissing,
  kLastMissing,
  kTwice,
};

enum class TcpFlags : uint8_t {
  kFin = 1,
  kSyn = 2,
  kRst = 4,
  kPsh = 8,
  kAck = 16,
  kUrg = 32,
};

struct TcpHeader {
  uint16_t source;
  uint16_t destination;
  uint32_t sequence;
  uint32_t acknowledged;
  uint8_t flags;
  uint16_t window;
  uint8_t header_words;      // 0: what it is
  std::string_view options;  // padded to whole words with zeros
};

struct Ipv4Ends {
  uint32_t source;
  uint32_t destination;
};
struct Ipv6Ends {
  Ipv6Address source;
  Ipv6Address destination;
};

uint16_t InternetChecksum(Bytes bytes, uint32_t sum = 0);

PacketBytes TcpSegment(const TcpHeader& header, const Ipv4Ends& ends,
                       Bytes payload);
PacketBytes UdpDatagram(uint16_t source, uint16_t destination, LengthLie length,
                        const Ipv4Ends& ends, Bytes payload);
PacketBytes UdpDatagram(uint16_t source, uint16_t destination, LengthLie length,
                        const Ipv6Ends& ends, Bytes payload);
// Body: all that follows the checksum.
PacketBytes IcmpMessage(uint8_t type, uint8_t code, Bytes body);
PacketBytes Icmp6Message(uint8_t type, uint8_t code, const Ipv6Ends& ends,
                         Bytes body);

// How a packet goes: its fragments bear the same identification.
struct Cutting {
  Fragments how = Fragments::kWhole;
  uint16_t identification = 0;
};

// One packet or its fragments, in the order in which they go.
std::vector<PacketBytes> Ipv4Packets(const IpShape& shape, const Ipv4Ends& ends,
                                     uint8_t protocol, Bytes payload,
                                     Cutting cutting);
std::vector<PacketBytes> Ipv6Packets(const IpShape& shape, const Ipv6Ends& ends,
                                     uint8_t next, Bytes payload,
                                     Cutting cutting);

PacketBytes EthernetFrame(const EthernetAddress& to,
                          const EthernetAddress& from, uint16_t type,
                          Bytes payload);

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_NETWORK_INTERNET_H_
