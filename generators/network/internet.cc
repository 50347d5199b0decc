// SPDX-License-Identifier: Apache-2.0
// Headers, in the order in which they stand in a packet.
#include "generators/network/internet.h"

#include <algorithm>

#include "absl/container/inlined_vector.h"

namespace formfuzz {
namespace {

constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;
constexpr uint8_t kIcmp6 = 58;
constexpr size_t kIpv4HeaderBytes = 20;
constexpr size_t kIpv6HeaderBytes = 40;

void U8(PacketBytes& out, size_t value) {
  out.push_back(static_cast<uint8_t>(value));
}
void U16(PacketBytes& out, size_t value) {
  U8(out, value >> 8);
  U8(out, value);
}
void U32(PacketBytes& out, size_t value) {
  U16(out, value >> 16);
  U16(out, value);
}
template <class Range>
void Put(PacketBytes& out, const Range& bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
void SetU16(PacketBytes& out, size_t at, size_t value) {
  out[at] = static_cast<uint8_t>(value >> 8);
  out[at + 1] = static_cast<uint8_t>(value);
}

// Of so many bytes when it is done: it is allocated once.
PacketBytes WithRoomFor(size_t size) {
  PacketBytes out;
  out.reserve(size);
  return out;
}

uint32_t Sum(Bytes bytes) {
  uint32_t sum = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? uint32_t{bytes[i]} << 8 : bytes[i];
  }
  return sum;
}

uint32_t SumOfWords(uint32_t value) { return (value >> 16) + (value & 0xffff); }

// Of a header that is summed and not sent: addresses, protocol, size.
uint32_t PseudoSum(const Ipv4Ends& ends, uint8_t protocol, size_t size) {
  return SumOfWords(ends.source) + SumOfWords(ends.destination) + protocol +
         static_cast<uint16_t>(size);
}
uint32_t PseudoSum(const Ipv6Ends& ends, uint8_t protocol, size_t size) {
  return Sum(ends.source) + Sum(ends.destination) +
         SumOfWords(static_cast<uint32_t>(size)) + protocol;
}

template <class Ends>
PacketBytes Udp(uint16_t source, uint16_t destination, LengthLie length,
                const Ends& ends, Bytes payload) {
  PacketBytes out = WithRoomFor(8 + payload.size());
  U16(out, source);
  U16(out, destination);
  U16(out, Lied(length, payload.size() + 8));
  U16(out, 0);
  Put(out, payload);
  const uint16_t sum = InternetChecksum(out, PseudoSum(ends, kUdp, out.size()));
  SetU16(out, 6, sum == 0 ? 0xffff : sum);
  return out;
}

// A part of a payload, at a multiple of eight bytes.
struct Fragment {
  size_t begin;
  size_t end;
  bool more;
};

using CutFragments = absl::InlinedVector<Fragment, 3>;

CutFragments CutUp(size_t size, Fragments how) {
  const size_t middle = size / 2 / 8 * 8;
  if (how == Fragments::kWhole || middle == 0) return {{0, size, false}};
  const Fragment first{0, middle, true};
  const Fragment last{middle, size, false};
  const Fragment longer{0, std::min(size, middle + 8), true};
  switch (how) {
    case Fragments::kWhole:
    case Fragments::kInOrder:
      return {first, last};
    case Fragments::kReversed:
      return {last, first};
    case Fragments::kOverlapping:
      return {longer, last, first};
    case Fragments::kFirstMissing:
      return {last};
    case Fragments::kLastMissing:
      return {first};
    case Fragments::kTwice:
      return {first, first, last};
  }
  return {};
}

// With room for the payload.
PacketBytes Ipv4Header(const IpShape& shape, const Ipv4Ends& ends,
                       uint8_t protocol, size_t payload_size) {
  const size_t option_words = (shape.options.size() + 3) / 4;
  const size_t words = kIpv4HeaderBytes / 4 + option_words;
  PacketBytes out = WithRoomFor(words * 4 + payload_size);
  U8(out, 0x40 | ((shape.header_words != 0 ? shape.header_words : words) & 15));
  U8(out, 0);
  U16(out, Lied(shape.total, words * 4 + payload_size));
  U32(out, 0);  // identification and fragment, set later
  U8(out, shape.time_to_live);
  U8(out, protocol);
  U16(out, 0);
  U32(out, ends.source);
  U32(out, ends.destination);
  Put(out, shape.options);
  out.resize(words * 4);
  return out;
}

}  // namespace

size_t Lied(LengthLie lie, size_t real) {
  switch (lie) {
    case LengthLie::kRight:
      return real;
    case LengthLie::kOneLess:
      return real == 0 ? 0 : real - 1;
    case LengthLie::kOneMore:
      return real + 1;
    case LengthLie::kZero:
      return 0;
    case LengthLie::kLargest:
      return 0xffff;
  }
  return real;
}

uint16_t InternetChecksum(Bytes bytes, uint32_t sum) {
  uint64_t all = uint64_t{sum} + Sum(bytes);
  while (all >> 16 != 0) all = (all & 0xffff) + (all >> 16);
  return static_cast<uint16_t>(~all);
}

PacketBytes TcpSegment(const TcpHeader& header, const Ipv4Ends& ends,
                       Bytes payload) {
  const size_t words = 5 + (header.options.size() + 3) / 4;
  PacketBytes out = WithRoomFor(words * 4 + payload.size());
  U16(out, header.source);
  U16(out, header.destination);
  U32(out, header.sequence);
  U32(out, header.acknowledged);
  U8(out, (header.header_words != 0 ? header.header_words : words) << 4);
  U8(out, header.flags);
  U16(out, header.window);
  U32(out, 0);  // checksum and urgent pointer
  Put(out, header.options);
  out.resize(words * 4);
  Put(out, payload);
  SetU16(out, 16, InternetChecksum(out, PseudoSum(ends, kTcp, out.size())));
  return out;
}

PacketBytes UdpDatagram(uint16_t source, uint16_t destination, LengthLie length,
                        const Ipv4Ends& ends, Bytes payload) {
  return Udp(source, destination, length, ends, payload);
}
PacketBytes UdpDatagram(uint16_t source, uint16_t destination, LengthLie length,
                        const Ipv6Ends& ends, Bytes payload) {
  return Udp(source, destination, length, ends, payload);
}

PacketBytes IcmpMessage(uint8_t type, uint8_t code, Bytes body) {
  PacketBytes out = WithRoomFor(4 + body.size());
  U8(out, type);
  U8(out, code);
  U16(out, 0);
  Put(out, body);
  SetU16(out, 2, InternetChecksum(out));
  return out;
}

PacketBytes Icmp6Message(uint8_t type, uint8_t code, const Ipv6Ends& ends,
                         Bytes body) {
  PacketBytes out = IcmpMessage(type, code, body);
  SetU16(out, 2, 0);
  SetU16(out, 2, InternetChecksum(out, PseudoSum(ends, kIcmp6, out.size())));
  return out;
}

std::vector<PacketBytes> Ipv4Packets(const IpShape& shape, const Ipv4Ends& ends,
                                     uint8_t protocol, Bytes payload,
                                     Cutting cutting) {
  const CutFragments parts = CutUp(payload.size(), cutting.how);
  std::vector<PacketBytes> packets;
  packets.reserve(parts.size());
  for (const Fragment& part : parts) {
    const size_t size = part.end - part.begin;
    PacketBytes out = Ipv4Header(shape, ends, protocol, size);
    const size_t header_size = out.size();
    SetU16(out, 4, cutting.identification);
    SetU16(out, 6, (part.more ? 0x2000 : 0) | part.begin / 8);
    const uint16_t sum = InternetChecksum(Bytes(out).first(header_size));
    SetU16(out, 10, shape.checksum == Checksum::kWrong ? sum ^ 1 : sum);
    Put(out, payload.subspan(part.begin, size));
    packets.push_back(std::move(out));
  }
  return packets;
}

std::vector<PacketBytes> Ipv6Packets(const IpShape& shape, const Ipv6Ends& ends,
                                     uint8_t next, Bytes payload,
                                     Cutting cutting) {
  constexpr uint8_t kHopByHop = 0;
  constexpr uint8_t kFragment = 44;
  const CutFragments parts = CutUp(payload.size(), cutting.how);
  std::vector<PacketBytes> packets;
  packets.reserve(parts.size());
  const bool cut = cutting.how != Fragments::kWhole;
  for (const Fragment& part : parts) {
    PacketBytes body;
    if (!shape.options.empty()) {
      const size_t blocks = (shape.options.size() + 2 + 7) / 8;
      U8(body, cut ? kFragment : next);
      U8(body, shape.header_words != 0 ? shape.header_words : blocks - 1);
      Put(body, shape.options);
      body.resize(blocks * 8);
    }
    if (cut) {
      U16(body, size_t{next} << 8);
      U16(body, part.begin | (part.more ? 1 : 0));
      U32(body, cutting.identification);
    }
    Put(body, payload.subspan(part.begin, part.end - part.begin));
    PacketBytes out = WithRoomFor(kIpv6HeaderBytes + body.size());
    U32(out, 0x60000000);
    U16(out, Lied(shape.total, body.size()));
    U8(out, !shape.options.empty() ? kHopByHop : cut ? kFragment : next);
    U8(out, shape.time_to_live);
    Put(out, ends.source);
    Put(out, ends.destination);
    Put(out, body);
    packets.push_back(std::move(out));
  }
  return packets;
}

PacketBytes EthernetFrame(const EthernetAddress& to,
                          const EthernetAddress& from, uint16_t type,
                          Bytes payload) {
  PacketBytes out =
      WithRoomFor(to.size() + from.size() + sizeof type + payload.size());
  Put(out, to);
  Put(out, from);
  U16(out, type);
  Put(out, payload);
  return out;
}

}  // namespace formfuzz
