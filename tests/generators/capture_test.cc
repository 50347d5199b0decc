// SPDX-License-Identifier: Apache-2.0
// Captures as libpcap writes them come back as packets, and as a scenario.
#include "generators/network/capture.h"

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <fstream>

namespace formfuzz {
namespace {

using Packet = std::vector<uint8_t>;

std::string Write(const std::vector<Packet>& packets) {
  const std::string path = testing::TempDir() + "/capture_test.pcap";
  pcap_t* dead = pcap_open_dead(DLT_EN10MB, 65535);
  pcap_dumper_t* dumper = pcap_dump_open(dead, path.c_str());
  for (const Packet& packet : packets) {
    pcap_pkthdr header{};
    header.caplen = header.len = static_cast<bpf_u_int32>(packet.size());
    pcap_dump(reinterpret_cast<u_char*>(dumper), &header, packet.data());
  }
  pcap_dump_close(dumper);
  pcap_close(dead);
  return path;
}

TEST(CaptureTest, PacketsComeBack) {
  const std::vector<Packet> packets = {{1, 2, 3}, Packet(1500, 7)};
  const auto read = ReadCapture(Write(packets));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, packets);
}

TEST(CaptureTest, SaysWhatCannotBeRead) {
  EXPECT_FALSE(ReadCapture("/nowhere.pcap").ok());
  const std::string path = testing::TempDir() + "/no_capture";
  std::ofstream(path) << "this is no capture, but it is long enough for one";
  EXPECT_FALSE(ReadCapture(path).ok());
}

TEST(CaptureTest, ACaptureBecomesAScenario) {
  const std::vector<Packet> packets = {{0x00, 0xff}, {0x41}};
  EXPECT_EQ(ScenarioOfPackets("scenario lwip strategy everything", "raw",
                              "exact", packets),
            "scenario lwip strategy everything\n"
            "1  raw \"\\x00\\xff\" exact\n"
            "2  raw \"\\x41\" exact\n");
}

}  // namespace
}  // namespace formfuzz
