// SPDX-License-Identifier: Apache-2.0
// The guest's packets, and what it is sent.
#include "harnesses/libslirp/subject.h"

#include <algorithm>
#include <utility>

#include "generators/network/frame_check.h"
#include "harnesses/libslirp/addresses.h"

namespace formfuzz {
namespace {

constexpr uint16_t kGuestPort = 0xc000;
constexpr EthernetAddress kGuestMac = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
constexpr EthernetAddress kHostMac = {0x52, 0x55, 10, 0, 2, 2};
constexpr IpShape kHonest{LengthLie::kRight, 0, 64, Checksum::kRight, {}};
constexpr uint16_t kIp = 0x0800;
constexpr uint16_t kIp6 = 0x86dd;
constexpr size_t kSegmentBytesMax = 1460;

uint32_t AddressOf(SlirpTo to) {
  switch (to) {
    case SlirpTo::kHost:
      return kHostIp;
    case SlirpTo::kNameServer:
      return kServerIp;
    case SlirpTo::kService:
      return kServiceIp;
    case SlirpTo::kOutside:
      return kOutsideIp;
    case SlirpTo::kAll:
      return 0xffffffff;
  }
  return kHostIp;
}

uint32_t U32(Bytes bytes, size_t at) {
  return uint32_t{bytes[at]} << 24 | uint32_t{bytes[at + 1]} << 16 |
         uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

}  // namespace

void LibSlirp::LookAt(Bytes frame) {
  ++sent_frames_;
  std::string fault = FrameFault(frame);
  if (wrong_.empty()) wrong_ = std::move(fault);
  // TCP from the service: what the guest acknowledges next.
  if (frame.size() < 54 || frame[12] != 8 || frame[23] != 6) return;
  const Bytes segment = frame.subspan(14 + size_t{frame[14] & 15u} * 4);
  if (segment.size() < 20) return;
  const size_t header = size_t{segment[12]} >> 4 << 2;
  const uint8_t flags = segment[13];
  const uint32_t size =
      static_cast<uint32_t>(segment.size() - std::min(header, segment.size())) +
      (flags & 1) + ((flags & 2) != 0);
  const uint32_t end = U32(segment, 4) + size;
  if ((flags & 2) != 0 || static_cast<int32_t>(end - expected_) > 0) {
    expected_ = end;
  }
}

Outcome LibSlirp::Done() {
  run_.Observe(uint64_t{std::min(sent_frames_, 63u)} << 16 |
               std::min<uint64_t>(service_heard_, 4096) >> 6);
  return Outcome::Ok();
}

void LibSlirp::Frame(uint16_t type, Bytes packet) {
  const PacketBytes frame = EthernetFrame(kHostMac, kGuestMac, type, packet);
  slirp_input(slirp_, frame.data(), static_cast<int>(frame.size()));
}

void LibSlirp::Deliver(const std::vector<PacketBytes>& packets, uint16_t type) {
  for (const PacketBytes& packet : packets) Frame(type, packet);
}

Outcome LibSlirp::Arp(uint8_t operation, uint8_t sender, uint8_t target) {
  PacketBytes packet = {0, 1, 8, 0, 6, 4, 0, operation};
  packet.insert(packet.end(), kGuestMac.begin(), kGuestMac.end());
  packet.insert(packet.end(), {10, 0, 2, sender});
  packet.insert(packet.end(), 6, 0);
  packet.insert(packet.end(), {10, 0, 2, target});
  Frame(0x0806, packet);
  return Done();
}

Outcome LibSlirp::Open() {
  const SlirpSegment syn{2, 0, 0, 8192, 0, {}};
  Segment(syn, Fragments::kWhole);
  Poll();
  const SlirpSegment ack{16, 0, 0, 8192, 0, {}};
  return Segment(ack, Fragments::kWhole);
}

Outcome LibSlirp::Segment(const SlirpSegment& segment, Fragments fragments) {
  const Ipv4Ends ends{kGuestIp, kServiceIp};
  const TcpHeader header{
      .source = kGuestPort,
      .destination = kServicePort,
      .sequence = next_ + static_cast<uint32_t>(segment.sequence_off),
      .acknowledged =
          expected_ + static_cast<uint32_t>(segment.acknowledged_off),
      .flags = segment.flags,
      .window = segment.window,
      .header_words = 0,
      .options = segment.options.substr(0, 40)};
  const std::vector<uint8_t> data(
      std::min<size_t>(segment.size, kSegmentBytesMax), 'g');
  if (segment.sequence_off == 0) {
    next_ += static_cast<uint32_t>(data.size()) + (segment.flags & 1) +
             ((segment.flags & 2) != 0);
  }
  Deliver(Ipv4Packets(kHonest, ends, 6, TcpSegment(header, ends, data),
                      {fragments, identification_++}),
          kIp);
  return Done();
}

Outcome LibSlirp::Udp(SlirpTo to, uint16_t port, std::string_view payload,
                      const IpShape& ip, Fragments fragments) {
  const Ipv4Ends ends{kGuestIp, AddressOf(to)};
  Deliver(Ipv4Packets(ip, ends, 17,
                      UdpDatagram(kGuestPort, port, LengthLie::kRight, ends,
                                  AsBytes(payload)),
                      {fragments, identification_++}),
          kIp);
  return Done();
}

Outcome LibSlirp::Icmp(SlirpTo to, uint8_t type, std::string_view body,
                       const IpShape& ip, Fragments fragments) {
  const Ipv4Ends ends{kGuestIp, AddressOf(to)};
  Deliver(Ipv4Packets(ip, ends, 1, IcmpMessage(type, 0, AsBytes(body)),
                      {fragments, identification_++}),
          kIp);
  return Done();
}

Outcome LibSlirp::Icmp6(uint8_t type, std::string_view body,
                        const IpShape& ip) {
  Deliver(Ipv6Packets(ip, kEnds6, 58,
                      Icmp6Message(type, 0, kEnds6, AsBytes(body)), {}),
          kIp6);
  return Done();
}

Outcome LibSlirp::Udp6(uint16_t port, std::string_view payload,
                       const IpShape& ip) {
  Deliver(Ipv6Packets(ip, kEnds6, 17,
                      UdpDatagram(kGuestPort, port, LengthLie::kRight, kEnds6,
                                  AsBytes(payload)),
                      {}),
          kIp6);
  return Done();
}

Outcome LibSlirp::Bootp(uint8_t type, std::string_view options) {
  PacketBytes body = {1, 1, 6, 0, 0x12, 0x34, 0x56, 0x78};
  body.resize(28);
  body.insert(body.end(), kGuestMac.begin(), kGuestMac.end());
  body.resize(236);
  body.insert(body.end(), {0x63, 0x82, 0x53, 0x63, 53, 1, type});
  const Bytes more = AsBytes(options);
  body.insert(body.end(), more.begin(), more.end());
  body.push_back(255);
  body.resize(std::max<size_t>(body.size(), 300));
  const Ipv4Ends ends{0, 0xffffffff};
  Deliver(Ipv4Packets(kHonest, ends, 17,
                      UdpDatagram(68, 67, LengthLie::kRight, ends, body),
                      {Fragments::kWhole, identification_++}),
          kIp);
  return Done();
}

Outcome LibSlirp::Raw(std::string_view frame) {
  slirp_input(slirp_, reinterpret_cast<const uint8_t*>(frame.data()),
              static_cast<int>(frame.size()));
  return Done();
}

}  // namespace formfuzz
