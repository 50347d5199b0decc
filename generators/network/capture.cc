// SPDX-License-Identifier: Apache-2.0
// libpcap, to the end of the file.
#include "generators/network/capture.h"

#include <pcap/pcap.h>

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "framework/base/text.h"

namespace formfuzz {

absl::StatusOr<std::vector<std::vector<uint8_t>>> ReadCapture(
    const std::string& path) {
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, void (*)(pcap_t*)> capture(
      pcap_open_offline(path.c_str(), error), &pcap_close);
  if (capture == nullptr) {
    return absl::InvalidArgumentError(
        Concat("cannot read the capture ", path, ": ", error));
  }
  std::vector<std::vector<uint8_t>> packets;
  pcap_pkthdr* header = nullptr;
  const u_char* bytes = nullptr;
  int got = 1;
  while (packets.size() < kCapturedPacketsMax &&
         (got = pcap_next_ex(capture.get(), &header, &bytes)) == 1) {
    const size_t size = std::min<size_t>(header->caplen, kCapturedBytesMax);
    packets.emplace_back(bytes, bytes + size);
  }
  if (got == PCAP_ERROR) {
    return absl::DataLossError(Concat(
        "the capture ", path, " is damaged: ", pcap_geterr(capture.get())));
  }
  return packets;
}

std::string ScenarioOfPackets(std::string_view heading, std::string_view step,
                              std::string_view rest,
                              std::span<const std::vector<uint8_t>> packets) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text = Concat(heading, "\n");
  for (size_t i = 0; i < packets.size(); ++i) {
    text += Concat(i + 1, "  ", step, " \"");
    for (const uint8_t byte : packets[i]) {
      text += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    }
    text += Concat("\"", rest.empty() ? "" : " ", rest, "\n");
  }
  return text;
}

}  // namespace formfuzz
