// SPDX-License-Identifier: Apache-2.0
// The guest's packets, and what the application that holds libslirp does.
#include "harnesses/libslirp/subject.h"

#include <arpa/inet.h>
#include <glib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <utility>

#include "generators/network/frame_check.h"

// In place of one that asks the system: the same numbers in every life.
extern "C" GRand* formfuzz_slirp_random() { return g_rand_new_with_seed(1); }

namespace formfuzz {
namespace {

constexpr uint32_t kGuestIp = 0x0a00020f;    // 10.0.2.15
constexpr uint32_t kHostIp = 0x0a000202;     // the gateway
constexpr uint32_t kServerIp = 0x0a000203;   // names
constexpr uint32_t kServiceIp = 0x0a000264;  // 10.0.2.100, port 80
constexpr uint32_t kOutsideIp = 0xc0000201;
constexpr uint16_t kServicePort = 80;
constexpr uint16_t kGuestPort = 0xc000;
constexpr EthernetAddress kGuestMac = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
constexpr EthernetAddress kHostMac = {0x52, 0x55, 10, 0, 2, 2};
constexpr Ipv6Ends kEnds6{
    {0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0x50, 0x54, 0, 0xff, 0xfe, 0x12, 0x34, 0x56},
    {0xfe, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}};
constexpr IpShape kHonest{LengthLie::kRight, 0, 64, Checksum::kRight, {}};
constexpr uint16_t kIp = 0x0800;
constexpr uint16_t kIp6 = 0x86dd;
constexpr size_t kSegmentBytesMax = 1460;

in_addr Ip4(uint32_t address) { return {htonl(address)}; }

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

LibSlirp& Self(void* self) { return *static_cast<LibSlirp*>(self); }

uint32_t U32(Bytes bytes, size_t at) {
  return uint32_t{bytes[at]} << 24 | uint32_t{bytes[at + 1]} << 16 |
         uint32_t{bytes[at + 2]} << 8 | bytes[at + 3];
}

constexpr int64_t kNotSet = std::numeric_limits<int64_t>::max();

}  // namespace

// It fires in Poll, when its time has come.
struct LibSlirp::Timer {
  SlirpTimerId id;
  void* argument;
  int64_t due_ms = kNotSet;
};

SlirpCb LibSlirp::Callbacks() {
  SlirpCb callbacks{};
  callbacks.send_packet = [](const void* frame, size_t size, void* self) {
    Self(self).LookAt({static_cast<const uint8_t*>(frame), size});
    return static_cast<ssize_t>(size);
  };
  callbacks.guest_error = [](const char*, void*) {};
  callbacks.clock_get_ns = [](void* self) {
    return static_cast<int64_t>(Self(self).run_.clock().NowMs()) * 1'000'000;
  };
  callbacks.timer_free = [](void* timer, void* self) {
    std::erase_if(Self(self).timers_,
                  [&](const auto& known) { return known.get() == timer; });
  };
  callbacks.timer_mod = [](void* timer, int64_t at_ms, void* self) {
    static_cast<Timer*>(timer)->due_ms = at_ms;
    Self(self).run_.SetDeadline(static_cast<uint64_t>(at_ms));
  };
  callbacks.register_poll_fd = [](int, void*) {};
  callbacks.unregister_poll_fd = [](int, void*) {};
  callbacks.notify = [](void*) {};
  callbacks.timer_new_opaque = [](SlirpTimerId id, void* argument,
                                  void* self) -> void* {
    auto made = std::make_unique<Timer>(Timer{id, argument});
    return Self(self).timers_.emplace_back(std::move(made)).get();
  };
  return callbacks;
}

// Restricted: whatever goes elsewhere than to the service is dropped.
Slirp* LibSlirp::Make() {
  static const char* kSearch[] = {"example.test", "test", nullptr};
  SlirpConfig config{};
  config.version = 4;
  config.restricted = 1;
  config.in_enabled = true;
  config.vnetwork = Ip4(0x0a000200);
  config.vnetmask = Ip4(0xffffff00);
  config.vhost = Ip4(kHostIp);
  config.vdhcp_start = Ip4(kGuestIp);
  config.vnameserver = Ip4(kServerIp);
  config.in6_enabled = true;
  config.vprefix_addr6.s6_addr[0] = 0xfe;
  config.vprefix_addr6.s6_addr[1] = 0xc0;
  config.vprefix_len = 64;
  std::copy(kEnds6.destination.begin(), kEnds6.destination.end(),
            config.vhost6.s6_addr);
  config.vnameserver6 = config.vhost6;
  config.vnameserver6.s6_addr[15] = 3;
  config.vhostname = "guest";
  config.vdnssearch = kSearch;
  config.vdomainname = "test";
  config.bootfile = "boot";
  config.disable_dns = true;
  Slirp* made = slirp_new(&config, &callbacks_, this);
  FORMFUZZ_CHECK(made != nullptr, "slirp_new");
  in_addr service = Ip4(kServiceIp);
  slirp_add_guestfwd(
      made,
      [](const void*, size_t size, void* self) {
        Self(self).service_heard_ += size;
        return static_cast<ssize_t>(size);
      },
      this, &service, kServicePort);
  return made;
}

LibSlirp::LibSlirp(Run& run)
    : run_(run), callbacks_(Callbacks()), slirp_(Make()) {}

LibSlirp::~LibSlirp() { slirp_cleanup(slirp_); }

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

Outcome LibSlirp::ServiceSends(uint16_t size) {
  const size_t room =
      slirp_socket_can_recv(slirp_, Ip4(kServiceIp), kServicePort);
  if (room == 0) return Outcome::Refused("no_room");
  const std::vector<uint8_t> data(std::min<size_t>(size, room), 's');
  slirp_socket_recv(slirp_, Ip4(kServiceIp), kServicePort, data.data(),
                    static_cast<int>(data.size()));
  return Done();
}

// Each fires once for each time that it is set.
void LibSlirp::FireTimers() {
  const auto now_ms = static_cast<int64_t>(run_.clock().NowMs());
  for (size_t i = 0; i < timers_.size(); ++i) {
    Timer& timer = *timers_[i];
    if (timer.due_ms > now_ms) continue;
    timer.due_ms = kNotSet;
    slirp_handle_timer(slirp_, timer.id, timer.argument);
  }
}

// Nothing is ever ready but time.
Outcome LibSlirp::Poll() {
  uint32_t timeout = 1000;
  slirp_pollfds_fill(
      slirp_, &timeout, [](int, int, void*) { return -1; }, this);
  run_.clock().AdvanceMs(timeout);
  slirp_pollfds_poll(slirp_, 0, [](int, void*) { return 0; }, this);
  FireTimers();
  return Done();
}

Outcome LibSlirp::SaveAndLoad() {
  struct Stream {
    std::vector<uint8_t> bytes;
    size_t at = 0;
  } stream;
  // The callbacks are given the stream, and not the harness.
  slirp_state_save(
      slirp_,
      [](const void* from, size_t size, void* to) {
        auto& bytes = static_cast<Stream*>(to)->bytes;
        const auto* first = static_cast<const uint8_t*>(from);
        bytes.insert(bytes.end(), first, first + size);
        return static_cast<ssize_t>(size);
      },
      &stream);
  slirp_cleanup(slirp_);
  slirp_ = Make();
  const int result = slirp_state_load(
      slirp_, slirp_state_version(),
      [](void* to, size_t size, void* from) {
        auto& all = *static_cast<Stream*>(from);
        const size_t taken = std::min(size, all.bytes.size() - all.at);
        if (taken > 0) std::memcpy(to, all.bytes.data() + all.at, taken);
        all.at += taken;
        return static_cast<ssize_t>(taken);
      },
      &stream);
  run_.Expect(result == 0, "WhatIsSavedIsLoaded",
              Concat("slirp_state_load gives ", result));
  return Done();
}

}  // namespace formfuzz
