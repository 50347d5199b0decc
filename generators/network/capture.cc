// SPDX-License-Identifier: Apache-2.0
// libpcap, to the end of the file; headers are read no further than lengths.
#include "generators/network/capture.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "framework/base/text.h"

namespace formfuzz {
namespace {

constexpr size_t kEthernetBytes = 14;
constexpr size_t kIp4Bytes = 20;
constexpr size_t kIp6Bytes = 40;
constexpr uint8_t kTcp = 6;
constexpr uint8_t kUdp = 17;

constexpr uint16_t kIp4Type = 0x0800;
constexpr uint16_t kIp6Type = 0x86dd;

uint16_t U16(const Packet& packet, size_t at) {
  return static_cast<uint16_t>(packet[at] << 8 | packet[at + 1]);
}

// IEEE 802.1Q's and 802.1ad's, and what came before the latter.
bool IsTag(uint16_t type) {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

// Of an Ethernet frame; nothing where it carries no IP.
std::optional<size_t> EthernetBytes(const Packet& frame) {
  size_t bytes = kEthernetBytes;
  while (bytes <= frame.size() && IsTag(U16(frame, bytes - 2))) bytes += 4;
  if (bytes > frame.size()) return std::nullopt;
  const uint16_t type = U16(frame, bytes - 2);
  if (type != kIp4Type && type != kIp6Type) return std::nullopt;
  return bytes;
}

// Of what stands before IP's header; nothing for links not known here.
std::optional<size_t> LinkBytes(int link, const Packet& packet) {
  switch (link) {
    case DLT_EN10MB:
      return EthernetBytes(packet);
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
      return 0;
    case DLT_NULL:
    case DLT_LOOP:
      return 4;
    case DLT_LINUX_SLL:
      return 16;
    case DLT_LINUX_SLL2:
      return 20;
    default:
      return std::nullopt;
  }
}

Packet Behind(const Packet& packet, size_t bytes) {
  if (bytes > packet.size()) return {};
  return {packet.begin() + static_cast<ptrdiff_t>(bytes), packet.end()};
}

// Behind a short packet Ethernet pads; where a card cuts packets in parts a
// length of zero stands for all there is.
void CutPadding(Packet& ip) {
  const bool is_ip4 = ip[0] >> 4 == 4;
  if (ip.size() < (is_ip4 ? kIp4Bytes : kIp6Bytes)) return;
  const size_t said = is_ip4 ? U16(ip, 2) : kIp6Bytes + U16(ip, 4);
  const bool is_said = is_ip4 ? said >= kIp4Bytes : said > kIp6Bytes;
  if (is_said && said < ip.size()) ip.resize(said);
}

Packet IpOf(int link, const Packet& packet) {
  const auto before = LinkBytes(link, packet);
  if (!before.has_value()) return {};
  Packet ip = Behind(packet, *before);
  const int version = ip.empty() ? 0 : ip[0] >> 4;
  if (version != 4 && version != 6) return {};
  CutPadding(ip);
  return ip;
}

// Of an IP packet that is no later fragment and has no extension headers.
Packet PayloadOf(const Packet& ip) {
  const bool is_ip4 = !ip.empty() && ip[0] >> 4 == 4;
  const size_t head = is_ip4 ? size_t{ip[0]} % 16 * 4 : kIp6Bytes;
  if (ip.size() < std::max(head, kIp4Bytes)) return {};
  if (is_ip4 && (U16(ip, 6) & 0x1fff) != 0) return {};
  const uint8_t protocol = is_ip4 ? ip[9] : ip[6];
  const Packet segment = Behind(ip, head);
  if (protocol == kUdp) return Behind(segment, 8);
  if (protocol != kTcp || segment.size() < 20) return {};
  return Behind(segment, size_t{segment[12]} / 16 * 4);
}

Packet FrameOf(int link, const Packet& packet) {
  if (link == DLT_EN10MB) return packet;
  const Packet ip = IpOf(link, packet);
  if (ip.empty()) return {};
  Packet frame(kEthernetBytes, 0);
  const bool is_ip4 = ip[0] >> 4 == 4;
  frame[12] = is_ip4 ? 0x08 : 0x86;
  frame[13] = is_ip4 ? 0x00 : 0xdd;
  frame.insert(frame.end(), ip.begin(), ip.end());
  return frame;
}

std::string Quoted(const Packet& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = "\"";
  for (const uint8_t byte : bytes) {
    text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text + "\"";
}

// Lines that say something.
std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!line.empty() && line[0] != '#') lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

absl::StatusOr<Capture> ReadCapture(const std::string& path) {
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> file(
      pcap_open_offline(path.c_str(), error), &pcap_close);
  if (file == nullptr) {
    return absl::InvalidArgumentError(
        Concat("cannot read the capture ", path, ": ", error));
  }
  Capture capture;
  capture.link = pcap_datalink(file.get());
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  int got = 1;
  while (capture.packets.size() < kCapturedPacketsMax &&
         (got = pcap_next_ex(file.get(), &header, &bytes)) == 1) {
    const size_t size = std::min<size_t>(header->caplen, kCapturedBytesMax);
    capture.packets.emplace_back(bytes, bytes + size);
  }
  if (got == PCAP_ERROR) capture.damage = pcap_geterr(file.get());
  if (capture.packets.empty() && !capture.damage.empty()) {
    return absl::DataLossError(
        Concat("the capture ", path,
               " has no packet that can be read: ", capture.damage));
  }
  return capture;
}

Packet PartOf(PacketPart part, int link, const Packet& packet) {
  switch (part) {
    case PacketPart::kFrame:
      return FrameOf(link, packet);
    case PacketPart::kPacket:
      return IpOf(link, packet);
    case PacketPart::kPayload:
      return PayloadOf(IpOf(link, packet));
  }
  return {};
}

absl::StatusOr<CaptureTemplate> ParseCaptureTemplate(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, PacketPart>, 3> kWords = {
      {{"FRAME", PacketPart::kFrame},
       {"PACKET", PacketPart::kPacket},
       {"PAYLOAD", PacketPart::kPayload}}};
  const std::vector<std::string_view> lines = LinesOf(text);
  if (lines.size() == 2) {
    for (const auto& [word, part] : kWords) {
      const size_t at = lines[1].find(word);
      if (at == std::string_view::npos) continue;
      return CaptureTemplate{
          std::string(lines[0]), std::string(lines[1].substr(0, at)),
          std::string(lines[1].substr(at + word.size())), part};
    }
  }
  return absl::InvalidArgumentError(
      "expected two lines: the heading of a scenario, and a step with one of "
      "the words FRAME, PACKET and PAYLOAD where the bytes belong");
}

std::vector<std::string> ScenariosOf(const Capture& capture,
                                     const CaptureTemplate& form,
                                     size_t steps_max) {
  std::vector<std::string> scenarios;
  size_t steps = steps_max;
  for (const Packet& packet : capture.packets) {
    const Packet part = PartOf(form.part, capture.link, packet);
    if (part.empty()) continue;
    if (steps == steps_max) {
      scenarios.push_back(Concat(form.heading, "\n"));
      steps = 0;
    }
    scenarios.back() +=
        Concat(++steps, "  ", form.before, Quoted(part), form.after, "\n");
  }
  return scenarios;
}

}  // namespace formfuzz
