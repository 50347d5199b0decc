// SPDX-License-Identifier: Apache-2.0
// Captured traffic as seeds: the packets of a file that tcpdump or Wireshark
// wrote (pcap or pcapng, read by libpcap), and scenarios made of them.
//
// A capture is somebody else's: bounds hold whatever it says.
#ifndef FORMFUZZ_GENERATORS_NETWORK_CAPTURE_H_
#define FORMFUZZ_GENERATORS_NETWORK_CAPTURE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace formfuzz {

inline constexpr size_t kCapturedPacketsMax = 4096;
inline constexpr size_t kCapturedBytesMax = 65'535;  // of one packet

// As they were captured, cut to the bound; later packets are left out.
absl::StatusOr<std::vector<std::vector<uint8_t>>> ReadCapture(
    const std::string& path);

// The text of a scenario, one step a packet: `<step> "<bytes>" <rest>`.
std::string ScenarioOfPackets(std::string_view heading, std::string_view step,
                              std::string_view rest,
                              std::span<const std::vector<uint8_t>> packets);

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_NETWORK_CAPTURE_H_
