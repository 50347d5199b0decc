// SPDX-License-Identifier: Apache-2.0
// Captures as libpcap writes them come back as packets, and as scenarios.
#include "generators/network/capture.h"

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include <fstream>

namespace formfuzz {
namespace {

std::string Write(const std::vector<Packet>& packets, int link = DLT_EN10MB) {
  const std::string path =
      testing::TempDir() + "/capture_" +
      testing::UnitTest::GetInstance()->current_test_info()->name() + ".pcap";
  pcap_t* dead = pcap_open_dead(link, 65535);
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

// An IPv4 packet with a header of 20 bytes.
Packet Ip4(uint8_t protocol, const Packet& rest) {
  Packet packet(20, 0);
  packet[0] = 0x45;
  packet[9] = protocol;
  packet.insert(packet.end(), rest.begin(), rest.end());
  return packet;
}

const Packet kDatagram = {0, 53, 0, 54, 0, 10, 0, 0, 'h', 'i'};

TEST(CaptureTest, PacketsComeBack) {
  const std::vector<Packet> packets = {{1, 2, 3}, Packet(1500, 7)};
  const auto read = ReadCapture(Write(packets));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->packets, packets);
  EXPECT_EQ(read->link, DLT_EN10MB);
}

TEST(CaptureTest, SaysWhatCannotBeRead) {
  EXPECT_FALSE(ReadCapture("/nowhere.pcap").ok());
  const std::string path = testing::TempDir() + "/no_capture";
  std::ofstream(path) << "this is no capture, but it is long enough for one";
  EXPECT_FALSE(ReadCapture(path).ok());
}

TEST(CaptureTest, PartsAreCutOutOfEveryLinkKnown) {
  const Packet ip = Ip4(17, kDatagram);
  const std::pair<int, size_t> links[] = {{DLT_RAW, 0},
                                          {DLT_NULL, 4},
                                          {DLT_EN10MB, 14},
                                          {DLT_LINUX_SLL, 16},
                                          {DLT_LINUX_SLL2, 20}};
  for (const auto& [link, bytes] : links) {
    Packet packet(bytes, 0);
    packet.insert(packet.end(), ip.begin(), ip.end());
    EXPECT_EQ(PartOf(PacketPart::kPacket, link, packet), ip) << link;
    EXPECT_EQ(PartOf(PacketPart::kPayload, link, packet), Packet({'h', 'i'}));
    EXPECT_EQ(PartOf(PacketPart::kFrame, link, packet).size(), 14 + ip.size());
  }
  EXPECT_TRUE(PartOf(PacketPart::kPacket, DLT_IEEE802_11, ip).empty());
}

TEST(CaptureTest, WhatIsCutShortHasNoPayload) {
  const Packet tcp = Ip4(6, Packet(20, 0xff));
  for (size_t size = 0; size < tcp.size(); ++size) {
    const Packet cut(tcp.begin(), tcp.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_TRUE(PartOf(PacketPart::kPayload, DLT_RAW, cut).empty()) << size;
  }
  EXPECT_TRUE(PartOf(PacketPart::kPayload, DLT_RAW, tcp).empty());
  EXPECT_TRUE(PartOf(PacketPart::kPayload, DLT_RAW, Ip4(1, {8})).empty());
}

TEST(CaptureTest, ACaptureBecomesScenariosOfSomeStepsEach) {
  const auto form = ParseCaptureTemplate(
      "# how packets are taken\n"
      "scenario lwip strategy everything\nraw FRAME exact\n");
  ASSERT_TRUE(form.ok()) << form.status();
  const Capture capture{DLT_EN10MB, {{0x00, 0xff}, {}, {0x41}, {0x42}}};
  EXPECT_EQ(ScenariosOf(capture, *form, 2),
            std::vector<std::string>({"scenario lwip strategy everything\n"
                                      "1  raw \"\\x00\\xff\" exact\n"
                                      "2  raw \"\\x41\" exact\n",
                                      "scenario lwip strategy everything\n"
                                      "1  raw \"\\x42\" exact\n"}));
}

TEST(CaptureTest, ATemplateNamesThePart) {
  EXPECT_FALSE(ParseCaptureTemplate("").ok());
  EXPECT_FALSE(ParseCaptureTemplate("scenario a strategy b\nraw\n").ok());
  EXPECT_FALSE(ParseCaptureTemplate("scenario a strategy b\n").ok());
  const auto form = ParseCaptureTemplate("heading\nserve PAYLOAD\n");
  ASSERT_TRUE(form.ok());
  EXPECT_EQ(form->part, PacketPart::kPayload);
  EXPECT_EQ(form->before, "serve ");
  EXPECT_EQ(form->after, "");
}

}  // namespace
}  // namespace formfuzz
