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
    if (link == DLT_EN10MB) packet[12] = 8;
    packet.insert(packet.end(), ip.begin(), ip.end());
    EXPECT_EQ(PartOf(PacketPart::kPacket, link, packet), ip) << link;
    EXPECT_EQ(PartOf(PacketPart::kPayload, link, packet), Packet({'h', 'i'}));
    EXPECT_EQ(PartOf(PacketPart::kFrame, link, packet).size(), 14 + ip.size());
  }
  EXPECT_TRUE(PartOf(PacketPart::kPacket, DLT_IEEE802_11, ip).empty());
}

// Bytes as a file holds them, least significant first or last.
class FileBytes {
 public:
  explicit FileBytes(bool big) : big_(big) {}
  FileBytes& U16(uint16_t value) { return Number(value, 2); }
  FileBytes& U32(uint32_t value) { return Number(value, 4); }
  FileBytes& Put(const Packet& bytes) {
    text_.append(bytes.begin(), bytes.end());
    return *this;
  }
  // A file of the pcap format, with a packet's record each.
  FileBytes& Head(uint32_t magic, uint32_t link) {
    return U32(magic).U16(2).U16(4).U32(0).U32(0).U32(65535).U32(link);
  }
  FileBytes& Record(const Packet& packet) {
    const auto size = static_cast<uint32_t>(packet.size());
    return U32(1).U32(999'999'999).U32(size).U32(size).Put(packet);
  }
  // A block of the pcapng format; its body is a multiple of four long.
  FileBytes& Block(uint32_t type, const FileBytes& body) {
    const auto size = static_cast<uint32_t>(body.text_.size() + 12);
    U32(type).U32(size);
    text_ += body.text_;
    return U32(size);
  }
  std::string Save(size_t left_out = 0) const {
    const std::string path =
        testing::TempDir() + "/bytes_" +
        testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(path, std::ios::binary)
        << text_.substr(0, text_.size() - left_out);
    return path;
  }

 private:
  FileBytes& Number(uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      text_ += static_cast<char>(value >> 8 * (big_ ? bytes - 1 - i : i));
    }
    return *this;
  }

  bool big_;
  std::string text_;
};

TEST(CaptureTest, EitherByteOrderAndClockIsRead) {
  for (const bool big : {false, true}) {
    for (const uint32_t magic : {0xa1b2c3d4u, 0xa1b23c4du}) {
      FileBytes file(big);
      file.Head(magic, DLT_EN10MB).Record({1, 2, 3}).Record({4});
      const auto read = ReadCapture(file.Save());
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(read->packets, std::vector<Packet>({{1, 2, 3}, {4}}));
      EXPECT_EQ(read->damage, "");
    }
  }
}

TEST(CaptureTest, WhatStandsBeforeTheCutIsRead) {
  FileBytes file(false);
  file.Head(0xa1b2c3d4, DLT_EN10MB).Record({1, 2, 3}).Record({4, 5, 6});
  const auto read = ReadCapture(file.Save(2));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->packets, std::vector<Packet>({{1, 2, 3}}));
  EXPECT_NE(read->damage, "");
  EXPECT_FALSE(ReadCapture(file.Save(2 + 19 + 2)).ok());  // no packet is whole
}

FileBytes Pcapng(bool big, const std::vector<uint16_t>& links) {
  FileBytes file(big);
  file.Block(0x0a0d0d0a, FileBytes(big)
                             .U32(0x1a2b3c4d)
                             .U16(1)
                             .U16(0)
                             .U32(0xffffffff)
                             .U32(0xffffffff));
  for (const uint16_t link : links) {
    file.Block(1, FileBytes(big).U16(link).U16(0).U32(65535));
  }
  for (uint32_t i = 0; i < links.size(); ++i) {
    file.Block(6, FileBytes(big).U32(i).U32(0).U32(0).U32(4).U32(4).Put(
                      {static_cast<uint8_t>(i), 2, 3, 4}));
  }
  return file;
}

TEST(CaptureTest, PcapngOfManyInterfacesIsRead) {
  for (const bool big : {false, true}) {
    const auto read =
        ReadCapture(Pcapng(big, {DLT_EN10MB, DLT_EN10MB, DLT_EN10MB}).Save());
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->packets,
              std::vector<Packet>({{0, 2, 3, 4}, {1, 2, 3, 4}, {2, 2, 3, 4}}));
  }
}

TEST(CaptureTest, TagsAreSkippedAndOtherProtocolsPassedOver) {
  const Packet ip = Ip4(17, kDatagram);
  Packet frame(12, 0);
  for (const uint8_t byte : {0x88, 0xa8, 0, 7, 0x81, 0, 0, 9, 8, 0}) {
    frame.push_back(byte);
  }
  frame.insert(frame.end(), ip.begin(), ip.end());
  EXPECT_EQ(PartOf(PacketPart::kPacket, DLT_EN10MB, frame), ip);
  frame[21] = 6;  // ARP, whatever its bytes look like
  EXPECT_TRUE(PartOf(PacketPart::kPacket, DLT_EN10MB, frame).empty());
  for (size_t size = 0; size < 22; ++size) {
    const Packet cut(frame.begin(),
                     frame.begin() + static_cast<ptrdiff_t>(size));
    EXPECT_TRUE(PartOf(PacketPart::kPacket, DLT_EN10MB, cut).empty()) << size;
  }
}

TEST(CaptureTest, PaddingIsNoPayload) {
  Packet ip4 = Ip4(17, kDatagram);
  ip4[3] = static_cast<uint8_t>(ip4.size());
  const Packet whole = ip4;
  ip4.resize(46, 0);  // as Ethernet pads
  EXPECT_EQ(PartOf(PacketPart::kPacket, DLT_RAW, ip4), whole);
  EXPECT_EQ(PartOf(PacketPart::kPayload, DLT_RAW, ip4), Packet({'h', 'i'}));
  Packet ip6(40, 0);
  ip6[0] = 0x60;
  ip6[5] = static_cast<uint8_t>(kDatagram.size());
  ip6[6] = 17;
  ip6.insert(ip6.end(), kDatagram.begin(), kDatagram.end());
  ip6.resize(60, 0);
  EXPECT_EQ(PartOf(PacketPart::kPayload, DLT_RAW, ip6), Packet({'h', 'i'}));
}

TEST(CaptureTest, LaterFragmentsHaveNoPayload) {
  Packet ip = Ip4(17, kDatagram);
  ip[6] = 0x20;  // more follow
  EXPECT_EQ(PartOf(PacketPart::kPayload, DLT_RAW, ip), Packet({'h', 'i'}));
  ip[7] = 1;
  EXPECT_TRUE(PartOf(PacketPart::kPayload, DLT_RAW, ip).empty());
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
