// SPDX-License-Identifier: Apache-2.0
// The user-mode network libslirp, with a hostile guest.
#include "harnesses/libslirp/subject.h"

namespace formfuzz {
namespace {

auto Payloads() {
  return OneOf(
      OptionOf<std::string_view>({
          {"empty", ""},
          {"tftp_read", std::string_view("\0\1file\0octet\0", 13)},
          {"tftp_options", std::string_view("\0\1f\0octet\0blksize\0"
                                            "9999\0tsize\0"
                                            "0\0",
                                            31)},
          {"tftp_ack", std::string_view("\0\4\0\1", 4)},
          {"tftp_error", std::string_view("\0\5\0\1x\0", 6)},
          {"dhcp6", std::string_view("\x0b\1\2\3\0\6\0\4\0\x17\0\x3b", 12)},
          {"dns",
           std::string_view("\0\1\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19)},
      }),
      BytesString<std::string_view>().WithMaxSize(128));
}
auto Ports() {
  return ElementOf<uint16_t>({69, 67, 53, 547, 80, 0, 65535, 7648});
}
auto Offsets() {
  return ElementOf<int32_t>({0, 0, 0, 0, 0, 0, 0, 1, -1, 100, -100, 1460, -1460,
                             65536, INT32_MAX, INT32_MIN});
}
auto Segments() {
  return StructOf<SlirpSegment>(
      ElementOf<uint8_t>({16, 24, 17, 2, 4, 20, 48, 0, 1, 3, 63}), Offsets(),
      Offsets(), ElementOf<uint16_t>({8192, 0, 1, 65535}),
      ElementOf<uint16_t>({100, 0, 1, 536, 1460}),
      ElementOf<std::string_view>({"", std::string_view("\2\4\5\xb4", 4),
                                   std::string_view("\2\4\0\0", 4),
                                   std::string_view("\x03\x03\x0e\0", 4),
                                   std::string_view("\2\xff", 2)}));
}
auto Bodies() {
  return OneOf(
      OptionOf<std::string_view>({
          {"echo", std::string_view("\0\1\0\1ping", 8)},
          {"empty", ""},
          {"solicit",
           std::string_view("\0\0\0\0\xfe\xc0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
                            "\1\1\x52\x54\0\x12\x34\x56",
                            28)},
          {"bad_option",
           std::string_view("\0\0\0\0\xfe\xc0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
                            "\1\0\0\0",
                            24)},
      }),
      BytesString<std::string_view>().WithMaxSize(64));
}
auto DhcpOptions() {
  return OneOf(
      OptionOf<std::string_view>({
          {"none", ""},
          {"wants", std::string_view("\x32\4\x0a\0\2\x0f", 6)},
          {"other", std::string_view("\x32\4\x0a\0\2\x20", 6)},
          {"cut", std::string_view("\x32\x20\1", 3)},
          {"all", std::string_view("\x37\5\1\3\6\x0f\x77\x0c\3foo", 12)},
      }),
      BytesString<std::string_view>().WithMaxSize(64));
}

FORMFUZZ_HARNESS(libslirp, LibSlirp)
    .Step("arp", &LibSlirp::Arp,
          Arg("operation", ElementOf<uint8_t>({1, 2, 0})),
          Arg("sender", ElementOf<uint8_t>({15, 2, 0, 255, 100})),
          Arg("target", ElementOf<uint8_t>({2, 3, 15, 100, 255})))
    .Step("open", &LibSlirp::Open)
    .Step("segment", &LibSlirp::Segment, Segments(), MostlyFirst<Fragments>(24))
    .Step("udp", &LibSlirp::Udp, EnumOf<SlirpTo>(), Arg("port", Ports()),
          Payloads(), IpShapes(), MostlyFirst<Fragments>(16))
    .Step("icmp", &LibSlirp::Icmp, EnumOf<SlirpTo>(),
          Arg("type", ElementOf<uint8_t>({8, 0, 3, 5, 11, 13, 17})), Bodies(),
          IpShapes(), MostlyFirst<Fragments>(16))
    .Step("icmp6", &LibSlirp::Icmp6,
          Arg("type", ElementOf<uint8_t>({135, 133, 128, 136, 134, 137, 1})),
          Bodies(), IpShapes())
    .Step("udp6", &LibSlirp::Udp6, Arg("port", Ports()), Payloads(), IpShapes())
    .Step("bootp", &LibSlirp::Bootp,
          Arg("type", ElementOf<uint8_t>({1, 3, 4, 7, 8, 0})), DhcpOptions())
    .Step("raw", &LibSlirp::Raw,
          BytesString<std::string_view>().WithMaxSize(256))
    .Step("service_sends", &LibSlirp::ServiceSends,
          Arg("size", ElementOf<uint16_t>({100, 1, 1460, 65535})))
    .Step("poll", &LibSlirp::Poll)
    .Step("save_and_load", &LibSlirp::SaveAndLoad)
    .Invariant("SendsWholePackets", &LibSlirp::SendsWholePackets)
    .Goal("the service was reached", &LibSlirp::ServiceHeard);

}  // namespace
}  // namespace formfuzz
