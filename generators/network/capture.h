// SPDX-License-Identifier: Apache-2.0
// Captured traffic as seeds: the packets of a file that tcpdump or Wireshark
// wrote (pcap or pcapng, read by libpcap), and scenarios made of them.
//
// A capture is somebody else's: bounds hold whatever it says.
#ifndef FORMFUZZ_GENERATORS_NETWORK_CAPTURE_H_
#define FORMFUZZ_GENERATORS_NETWORK_CAPTURE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz {

inline constexpr size_t kCapturedPacketsMax = 4096;
inline constexpr size_t kCapturedBytesMax = 65'535;  // of one packet

using Packet = std::vector<uint8_t>;

struct Capture {
  int link = 0;  // libpcap's number of what the packets begin with
  std::vector<Packet> packets;
  std::string damage{};  // why what comes behind cannot be read; mostly empty
};

// As they were captured, cut to the bound; later packets are left out. Those
// before the place where a file is cut off or damaged are read.
absl::StatusOr<Capture> ReadCapture(const std::string& path);

// What of a packet a step takes.
enum class PacketPart : uint8_t {
  kFrame,    // an Ethernet frame; where there was none, one with no addresses
  kPacket,   // from the header of IP on
  kPayload,  // what UDP or TCP carries, of fragments the first's
};
// Empty where the packet has none such.
Packet PartOf(PacketPart part, int link, const Packet& packet);

// How a target takes packets: two lines of text, comments (#) aside. The first
// is the heading of a scenario; the second is a step, in which one of the words
// FRAME, PACKET and PAYLOAD stands for the bytes.
struct CaptureTemplate {
  std::string heading;
  std::string before;
  std::string after;
  PacketPart part = PacketPart::kFrame;
};
absl::StatusOr<CaptureTemplate> ParseCaptureTemplate(std::string_view text);

// Texts of scenarios, `steps_max` packets each; packets without the part that
// is wanted are passed over.
std::vector<std::string> ScenariosOf(const Capture& capture,
                                     const CaptureTemplate& form,
                                     size_t steps_max);

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_NETWORK_CAPTURE_H_
