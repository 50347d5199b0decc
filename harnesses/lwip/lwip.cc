// SPDX-License-Identifier: Apache-2.0
// The network stack lwIP: connections, packets of every kind, timers.
#include "harnesses/lwip/subject.h"

namespace formfuzz {
namespace {

auto Which() { return ElementOf<uint8_t>({0, 0, 1, 3, 0, 1, 2, 3}); }
auto Deliveries() {
  return StructOf<Delivery>(MostlyFirst<Feed>(4), MostlyFirst<Fragments>(24));
}
auto Offsets() {
  return ElementOf<int32_t>(
      {0,     0,      0,     0,       0,        0,         0,        0,   1,
       -1,    2,      -2,    100,     -100,     1460,      -1460,    536, 5360,
       14600, -14600, 65535, 0x10000, -0x10000, INT32_MAX, INT32_MIN});
}
auto Flags() {
  return ElementOf<uint8_t>(
      {16, 24, 17, 2, 4, 18, 20, 16, 24, 0, 1, 25, 63, 49, 48, 6, 3, 8, 32});
}
auto Options() {
  return OptionOf<std::string_view>({
      {"none", ""},
      {"mss", std::string_view("\x02\x04\x05\xb4", 4)},
      {"small_mss", std::string_view("\x02\x04\x00\x01", 4)},
      {"scale", std::string_view("\x03\x03\x0e", 3)},
      {"sack_ok", std::string_view("\x04\x02", 2)},
      {"stamp", std::string_view("\x08\x0a\0\0\0\1\0\0\0\0", 10)},
      {"sack", std::string_view("\x05\x0a\x10\0\0\1\x10\0\1\0", 10)},
      {"all",
       std::string_view(
           "\x02\x04\x05\xb4\x04\x02\x08\x0a\0\0\0\1\0\0\0\0\x01\x03\x03\x07",
           20)},
      {"long_mss", std::string_view("\x02\x28\x05\xb4", 4)},
      {"zero_length", std::string_view("\x08\0\0\0", 4)},
      {"cut", std::string_view("\x01\x01\x01\x08", 4)},
  });
}
auto Sizes() {
  return ElementOf<uint16_t>({100, 1, 0, 536, 1460, 8, 1000, 1459, 64});
}
auto Segments() {
  return StructOf<SegmentShape>(Flags(), Offsets(), Offsets(),
                                ElementOf<uint16_t>({8192, 0, 1, 65535, 536}),
                                Options(), Sizes(), MostlyFirst<LengthLie>(16));
}
auto Texts() {
  return OptionOf<std::string_view>({
      {"get", "GET / HTTP/1.1\r\nHost: stack\r\n\r\n"},
      {"get_half", "GET /index.ht"},
      {"get_404", "GET /none HTTP/1.0\r\n\r\n"},
      {"get_09", "GET /404.html\r\n"},
      {"post", "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\na=bc"},
      {"end", "\r\n\r\n"},
      {"parameters",
       "GET /?a=1&b=%20&=&& HTTP/1.1\r\nConnection: keep-alive\r\n\r\n"},
      {"head", "HEAD / HTTP/1.1\r\n\r\n"},
      {"iperf",
       std::string_view(
           "\0\0\0\1\0\0\0\1\0\0\x13\x89\0\0\0\0\0\0\0\0\xff\xff\xfc\x18", 24)},
      {"iperf_dual",
       std::string_view(
           "\x80\0\0\1\0\0\0\1\0\0\x13\x89\0\0\0\0\0\0\0\0\0\0\0\1", 24)},
  });
}
auto Ports() {
  return ElementOf<uint16_t>({5353, 161, 68, 53, 5001, 7, 0, 65535, 137});
}
auto Payloads() { return BytesString<std::string_view>().WithMaxSize(128); }
auto Oids() {
  return OptionOf<std::string_view>({
      {"system", std::string_view("\x2b\6\1\2\1\1\1\0", 8)},
      {"interfaces", std::string_view("\x2b\6\1\2\1\2\2\1\1\1", 10)},
      {"tcp", std::string_view("\x2b\6\1\2\1\6\x0d\1\1", 9)},
      {"udp", std::string_view("\x2b\6\1\2\1\7\5\1\1", 9)},
      {"ip",
       std::string_view("\x2b\6\1\2\1\4\x14\1\1\x81\x2c\x1e\x73\x54", 14)},
      {"root", std::string_view("\x2b", 1)},
      {"snmp", std::string_view("\x2b\6\1\2\1\x0b\1\0", 8)},
      {"huge", std::string_view("\x2b\6\xff\xff\xff\xff\x7f", 7)},
  });
}
auto NdpOptions() {
  return OneOf(
      OptionOf<std::string_view>({
          {"none", ""},
          {"source", std::string_view("\1\1\2\0\0\0\0\2", 8)},
          {"target", std::string_view("\2\1\2\0\0\0\0\2", 8)},
          {"mtu", std::string_view("\5\1\0\0\0\0\5\0", 8)},
          {"prefix", std::string_view("\3\4\x40\xc0\0\0\1\0\0\0\0\x80\0\0\0\0"
                                      "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\0",
                                      32)},
          {"dns",
           std::string_view(
               "\x19\3\0\0\0\0\1\0\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 24)},
          {"zero", std::string_view("\1\0\0\0\0\0\0\0", 8)},
          {"long", std::string_view("\1\xff\0\0\0\0\0\0", 8)},
      }),
      BytesString<std::string_view>().WithMaxSize(48));
}
auto Icmp6Types() {
  return ElementOf<uint8_t>(
      {128, 130, 131, 2, 1, 3, 4, 129, 132, 133, 134, 135, 136, 137, 143, 255});
}
auto DhcpReplies() {
  return StructOf<DhcpReply>(
      ElementOf<uint8_t>({2, 5, 6, 2, 5, 1, 0}), BoolDomain(),
      OneOf(
          OptionOf<std::string_view>({
              {"none", ""},
              {"usual",
               std::string_view(
                   "\0\1\4\xff\xff\xff\0\3\4\xac\x1e\x73\1\6\4\xac\x1e\x73\1",
                   19)},
              {"overload", std::string_view("\0\x34\1\3", 4)},
              {"times", std::string_view("\0\x3a\4\0\0\0\1\x3b\4\0\0\0\2", 13)},
          }),
          BytesString<std::string_view>().WithMaxSize(64)),
      MostlyFirst<LengthLie>(2));
}
auto Names() {
  return OptionOf<std::string_view>(
      {{"host", "host.test"},
       {"local", "other.local"},
       {"address", "10.0.0.1"},
       {"long", "a.very.long.name.of.a.host.test"},
       {"empty", ""}});
}

void DescribePeer(HarnessBuilder<Lwip>& target) {
  target.Step("open", &Lwip::Open, Arg("connection", Which()))
      .Step("push", &Lwip::Push, Arg("connection", Which()),
            Arg("size", Sizes()), Deliveries())
      .Step("acknowledge", &Lwip::Acknowledge, Arg("connection", Which()),
            Arg("window", ElementOf<uint16_t>({8192, 0, 1, 65535, 536})))
      .Step("finish", &Lwip::Finish, Arg("connection", Which()))
      .Step("say", &Lwip::Say, Arg("connection", ElementOf<uint8_t>({1, 1, 2})),
            Texts())
      .Step("segment", &Lwip::Segment, Arg("connection", Which()), Segments(),
            Deliveries());
}

void DescribePackets(HarnessBuilder<Lwip>& target) {
  target
      .Step("udp", &Lwip::Udp, Arg("port", Ports()), Payloads(),
            MostlyFirst<LengthLie>(), IpShapes(), Deliveries())
      .Step("udp6", &Lwip::Udp6, Arg("port", Ports()), Payloads(), IpShapes(),
            Deliveries())
      .Step("icmp", &Lwip::Icmp,
            Arg("type", ElementOf<uint8_t>({8, 0, 3, 5, 11, 13})),
            Arg("code", ElementOf<uint8_t>({0, 1, 3, 4})), Payloads(),
            IpShapes(), Deliveries())
      .Step("icmp6", &Lwip::Icmp6, Arg("type", Icmp6Types()),
            Arg("code", ElementOf<uint8_t>({0, 1, 4})), Payloads(), IpShapes(),
            Deliveries())
      .Step(
          "neighbour", &Lwip::Neighbour, EnumOf<Ndp>(),
          Arg("flags", ElementOf<uint16_t>({0, 0x6000, 0xe000, 0x2000, 0xc0})),
          NdpOptions())
      .Step("arp", &Lwip::Arp,
            Arg("operation", ElementOf<uint8_t>({1, 2, 0, 3})),
            Arg("sender", ElementOf<uint8_t>({1, 2, 84, 0, 255})),
            Arg("target", ElementOf<uint8_t>({84, 85, 1, 0})))
      .Step("dns_reply", &Lwip::DnsReply, DnsAnswers())
      .Step("mdns", &Lwip::Mdns, DnsAnswers(), Arg("query", BoolDomain()))
      .Step("dhcp", &Lwip::Dhcp, DhcpReplies())
      .Step("snmp", &Lwip::Snmp,
            Arg("pdu", ElementOf<uint8_t>({0, 1, 5, 3, 2, 4, 6})),
            Arg("oid", Oids()), BytesString<std::string_view>().WithMaxSize(16),
            MostlyFirst<LengthLie>())
      .Step("raw", &Lwip::Raw,
            BytesString<std::string_view>().WithMaxSize(1514), EnumOf<Feed>());
}

void DescribeStack(HarnessBuilder<Lwip>& target) {
  target.Step("connect", &Lwip::Connect)
      .Step("close_own", &Lwip::CloseOwn, Arg("connection", Which()))
      .Step("lookup", &Lwip::Lookup, Names())
      .Step("start_dhcp", &Lwip::StartDhcp)
      .Step("stop_dhcp", &Lwip::StopDhcp)
      .Step("set_link", &Lwip::SetLink, BoolDomain())
      .Step("let_pass", &Lwip::Wait,
            Arg("ms", ElementOf<uint16_t>({250, 500, 1000, 3000, 10000, 50})))
      .Step("limit_heap", &Lwip::LimitHeap,
            Arg("bytes", ElementOf<uint16_t>({0, 100, 400, 1600, 5000})))
      .Step("settle", &Lwip::Settle);
}

[[maybe_unused]] const auto lwip = [] {
  HarnessBuilder<Lwip> target = RegisterHarness<Lwip>("lwip");
  DescribePeer(target);
  DescribePackets(target);
  DescribeStack(target);
  target
      .Strategy(
          "everything",
          {"open",       "push",      "acknowledge", "finish",    "say",
           "segment",    "udp",       "udp6",        "icmp",      "icmp6",
           "neighbour",  "arp",       "dns_reply",   "mdns",      "dhcp",
           "snmp",       "raw",       "connect",     "close_own", "lookup",
           "start_dhcp", "stop_dhcp", "set_link",    "let_pass",  "limit_heap",
           "settle"})
      .Strategy("connections",
                {"open", "push", "acknowledge", "finish", "say", "segment",
                 "connect", "close_own", "let_pass", "limit_heap", "settle"})
      .Strategy("packets", {"udp", "udp6", "icmp", "icmp6", "neighbour", "arp",
                            "mdns", "snmp", "raw", "let_pass", "settle"})
      .Strategy("configuration",
                {"start_dhcp", "dhcp", "stop_dhcp", "lookup", "dns_reply",
                 "neighbour", "set_link", "let_pass", "arp", "settle"})
      .StepsMax(24)
      .Faults({"lwip.memory.none"})
      .Invariant("SendsWholePackets", &Lwip::SendsWholePackets)
      .Goal("data was echoed", &Lwip::Echoed)
      .Goal("an address by DHCP", &Lwip::HasAddressByDhcp);
  return target;
}();

}  // namespace
}  // namespace formfuzz
