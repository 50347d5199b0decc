// SPDX-License-Identifier: Apache-2.0
// Everything that arrives outside of a connection.
#include <algorithm>

#include "harnesses/lwip/subject.h"

namespace formfuzz {
namespace {

constexpr uint16_t kIp = 0x0800;
constexpr uint16_t kIp6 = 0x86dd;
constexpr uint16_t kArp = 0x0806;
constexpr Ipv4Ends kEnds{kPeerIp, kStackIp};
constexpr Ipv6Ends kEnds6{kPeerIp6, kStackIp6};
constexpr IpShape kHonest{LengthLie::kRight, 0, 255, Checksum::kRight, {}};
constexpr uint16_t kStrangerPort = 0xc000;
constexpr size_t kDhcpHeaderBytes = 236;

void PutU32(PacketBytes& out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<uint8_t>(value >> shift));
  }
}
template <class Range>
void Put(PacketBytes& out, const Range& bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// A value of ASN.1 with a length of one byte.
void PutTagged(PacketBytes& out, uint8_t tag, Bytes value,
               LengthLie length = LengthLie::kRight) {
  out.push_back(tag);
  const size_t claimed = Lied(length, value.size());
  if (claimed > 0x7f) out.push_back(0x81);
  out.push_back(static_cast<uint8_t>(claimed));
  Put(out, value);
}

// From where the server that is asked would send.
uint16_t SourceFor(uint16_t port) { return port == 68 ? 67 : kStrangerPort; }

constexpr uint16_t kMdnsPort = 5353;
constexpr size_t kEthernetBytesMin = 60;  // without the checksum

// Which lwIP reads beyond its end, unless it is padded, as Ethernet's hardware
// does: docs/findings/lwip/short_arp.md.
bool IsShortArp(std::span<const uint8_t> frame) {
  return frame.size() >= 14 && frame.size() < kEthernetBytesMin &&
         frame[12] == 0x08 && frame[13] == 0x06;
}

}  // namespace

Outcome Lwip::Udp(uint16_t port, std::string_view payload, LengthLie length,
                  const IpShape& ip, Delivery delivery) {
  CatchUp();
  if (port == kMdnsPort) StartMdns();
  Deliver(Ipv4Packets(ip, kEnds, 17,
                      UdpDatagram(SourceFor(port), port, length, kEnds,
                                  AsBytes(payload)),
                      {delivery.fragments, identification_++}),
          kIp, delivery.feed);
  return Done(0x201);
}

Outcome Lwip::Udp6(uint16_t port, std::string_view payload, const IpShape& ip,
                   Delivery delivery) {
  CatchUp();
  if (port == kMdnsPort) StartMdns();
  Deliver(Ipv6Packets(ip, kEnds6, 17,
                      UdpDatagram(SourceFor(port), port, LengthLie::kRight,
                                  kEnds6, AsBytes(payload)),
                      {delivery.fragments, identification_++}),
          kIp6, delivery.feed);
  return Done(0x202);
}

Outcome Lwip::Icmp(uint8_t type, uint8_t code, std::string_view body,
                   const IpShape& ip, Delivery delivery) {
  CatchUp();
  Deliver(Ipv4Packets(ip, kEnds, 1, IcmpMessage(type, code, AsBytes(body)),
                      {delivery.fragments, identification_++}),
          kIp, delivery.feed);
  return Done(0x203);
}

Outcome Lwip::Icmp6(uint8_t type, uint8_t code, std::string_view body,
                    const IpShape& ip, Delivery delivery) {
  CatchUp();
  Deliver(Ipv6Packets(ip, kEnds6, 58,
                      Icmp6Message(type, code, kEnds6, AsBytes(body)),
                      {delivery.fragments, identification_++}),
          kIp6, delivery.feed);
  return Done(0x204);
}

Outcome Lwip::Neighbour(Ndp kind, uint16_t flags, std::string_view options) {
  constexpr uint8_t kTypes[] = {135, 136, 134, 137};
  CatchUp();
  PacketBytes body;
  if (kind == Ndp::kRouter) {
    body = {64, static_cast<uint8_t>(flags), 7, 8};  // hops, flags, lifetime
    PutU32(body, 30'000);
    PutU32(body, 1'000);
  } else {
    PutU32(body, uint32_t{flags} << 16);
    Put(body, kind == Ndp::kAdvertise ? kPeerIp6 : kStackIp6);
    if (kind == Ndp::kRedirect) Put(body, kPeerIp6);
  }
  Put(body, AsBytes(options));
  const uint8_t type = kTypes[static_cast<size_t>(kind)];
  Deliver(
      Ipv6Packets(kHonest, kEnds6, 58, Icmp6Message(type, 0, kEnds6, body), {}),
      kIp6, Feed::kExact);
  return Done(0x205);
}

Outcome Lwip::Arp(uint8_t operation, uint8_t sender, uint8_t target) {
  CatchUp();
  PacketBytes packet = {0, 1, 8, 0, 6, 4, 0, operation};
  Put(packet, kPeerMac);
  PutU32(packet, (kPeerIp & ~0xffu) | sender);
  Put(packet, kStackMac);
  PutU32(packet, (kStackIp & ~0xffu) | target);
  Frame(kArp, packet, Feed::kExact);
  return Done(0x206);
}

Outcome Lwip::DnsReply(const DnsAnswer& answer) {
  CatchUp();
  if (peer_.dns_query().empty()) return Outcome::Refused("nobody_asks");
  std::vector<uint8_t> message;
  WriteDnsAnswer(answer, peer_.dns_query(), message);
  message.resize(std::min<size_t>(message.size(), 1400));
  Deliver(Ipv4Packets(kHonest, kEnds, 17,
                      UdpDatagram(53, peer_.dns_port(), LengthLie::kRight,
                                  kEnds, message),
                      {Fragments::kWhole, identification_++}),
          kIp, Feed::kExact);
  return Done(0x207);
}

// The question is for the name that the stack answers to.
Outcome Lwip::Mdns(const DnsAnswer& message, bool is_query) {
  constexpr std::string_view kQuestion(
      "\0\0\0\0\0\1\0\0\0\0\0\0\5stack\5local\0\0\xff\0\1", 29);
  constexpr uint32_t kGroup = 0xe00000fb;
  CatchUp();
  StartMdns();
  std::vector<uint8_t> bytes;
  WriteDnsAnswer(message, AsBytes(kQuestion), bytes);
  if (is_query && bytes.size() > 2) bytes[2] &= 0x7f;
  bytes.resize(std::min<size_t>(bytes.size(), 1400));
  const Ipv4Ends ends{kPeerIp, kGroup};
  Deliver(Ipv4Packets(
              kHonest, ends, 17,
              UdpDatagram(kMdnsPort, kMdnsPort, LengthLie::kRight, ends, bytes),
              {Fragments::kWhole, identification_++}),
          kIp, Feed::kExact);
  return Done(0x208);
}

Outcome Lwip::Dhcp(const DhcpReply& reply) {
  CatchUp();
  PacketBytes body = {2, 1, 6, 0};
  const PacketBytes& asked = peer_.dhcp_message();
  if (reply.own_id && asked.size() >= 8) {
    body.insert(body.end(), asked.begin() + 4, asked.begin() + 8);
  } else {
    PutU32(body, 0x12345678);
  }
  body.resize(16);
  PutU32(body, kStackIp + 1);  // the address offered
  PutU32(body, kPeerIp);
  body.resize(28);
  Put(body, kStackMac);
  body.resize(kDhcpHeaderBytes);
  Put(body, std::array<uint8_t, 4>{0x63, 0x82, 0x53, 0x63});
  Put(body, std::array<uint8_t, 5>{53, 1, reply.type, 54, 4});
  PutU32(body, kPeerIp);
  Put(body, std::array<uint8_t, 6>{51, 4, 0, 0, 0, 120});
  body.push_back(43);
  body.push_back(
      static_cast<uint8_t>(Lied(reply.last_option, reply.options.size())));
  Put(body, AsBytes(reply.options));
  body.push_back(255);
  constexpr uint32_t kEveryone = 0xffffffff;
  const Ipv4Ends ends{kPeerIp, kEveryone};
  Deliver(Ipv4Packets(kHonest, ends, 17,
                      UdpDatagram(67, 68, LengthLie::kRight, ends, body),
                      {Fragments::kWhole, identification_++}),
          kIp, Feed::kExact);
  return Done(0x209);
}

Outcome Lwip::Snmp(uint8_t pdu, std::string_view oid, std::string_view value,
                   LengthLie length) {
  CatchUp();
  PacketBytes binding;
  PutTagged(binding, 6, AsBytes(oid));
  PutTagged(binding, 4, AsBytes(value), length);
  PacketBytes list;
  PutTagged(list, 0x30, binding);
  PacketBytes inner = {2, 1, 1, 2, 1, 0, 2, 1, 3};  // id, error, repetitions
  PutTagged(inner, 0x30, list);
  PacketBytes message = {2, 1, 1, 4, 6, 'p', 'u', 'b', 'l', 'i', 'c'};
  PutTagged(message, static_cast<uint8_t>(0xa0 | (pdu & 7)), inner);
  PacketBytes whole;
  PutTagged(whole, 0x30, message);
  Deliver(Ipv4Packets(
              kHonest, kEnds, 17,
              UdpDatagram(kStrangerPort, 161, LengthLie::kRight, kEnds, whole),
              {Fragments::kWhole, identification_++}),
          kIp, Feed::kExact);
  return Done(0x20a);
}

Outcome Lwip::Raw(std::string_view frame, Feed feed) {
  CatchUp();
  std::vector<uint8_t> padded(frame.begin(), frame.end());
  if (IsShortArp(padded) && !KnownDefectsStay())
    padded.resize(kEthernetBytesMin);
  stack_.Receive(padded, feed);
  return Done(0x20b);
}

}  // namespace formfuzz
