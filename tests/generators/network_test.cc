// SPDX-License-Identifier: Apache-2.0
// Packets and DNS messages: laws, honesty where nothing lies, and what each
// lie changes.
#include <gtest/gtest.h>

#include <map>

#include "framework/domain/laws.h"
#include "generators/network/dns.h"
#include "generators/network/internet.h"

namespace formfuzz {
namespace {

constexpr Ipv4Ends kEnds{0x0a000001, 0x0a000002};
constexpr IpShape kHonest{LengthLie::kRight, 0, 64, Checksum::kRight, {}};
const std::vector<uint8_t> kQuery = {0x12, 0x34, 1, 0,   0, 1, 0, 0, 0, 0,
                                     0,    0,    1, 'a', 0, 0, 1, 0, 1};

size_t U16(Bytes bytes, size_t at) {
  return size_t{bytes[at]} << 8 | bytes[at + 1];
}

TEST(NetworkTest, DomainsObeyTheLaws) {
  EXPECT_EQ(CheckDomainLaws(DnsNames()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(DnsRecords()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(DnsAnswers()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(IpShapes()), absl::OkStatus());
}

TEST(NetworkTest, ChecksumIsThatOfTheRfc) {
  const std::vector<uint8_t> bytes = {0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(InternetChecksum(bytes), 0x220d);
}

TEST(NetworkTest, AnHonestPacketHasRightLengthAndChecksum) {
  const std::vector<uint8_t> payload(13, 'x');
  const auto packets =
      Ipv4Packets(kHonest, kEnds, 17, payload, {Fragments::kWhole, 7});
  ASSERT_EQ(packets.size(), 1u);
  EXPECT_EQ(U16(packets[0], 2), packets[0].size());
  EXPECT_EQ(InternetChecksum(Bytes(packets[0]).first(20)), 0);
}

TEST(NetworkTest, EachLieChangesItsOwnField) {
  IpShape shape = kHonest;
  shape.total = LengthLie::kOneMore;
  shape.checksum = Checksum::kWrong;
  const auto packet =
      Ipv4Packets(shape, kEnds, 17, {}, {Fragments::kWhole, 7})[0];
  EXPECT_EQ(U16(packet, 2), packet.size() + 1);
  EXPECT_NE(InternetChecksum(Bytes(packet).first(20)), 0);
}

TEST(NetworkTest, FragmentsTogetherAreThePayload) {
  std::vector<uint8_t> payload(100);
  for (size_t i = 0; i < payload.size(); ++i) {
    payload[i] = static_cast<uint8_t>(i);
  }
  for (const Fragments how :
       {Fragments::kWhole, Fragments::kInOrder, Fragments::kReversed,
        Fragments::kOverlapping, Fragments::kTwice}) {
    std::map<size_t, uint8_t> got;
    for (const PacketBytes& packet :
         Ipv4Packets(kHonest, kEnds, 17, payload, {how, 7})) {
      const size_t at = (U16(packet, 6) & 0x1fff) * 8;
      for (size_t i = 20; i < packet.size(); ++i) {
        got[at + i - 20] = packet[i];
      }
    }
    ASSERT_EQ(got.size(), payload.size());
    for (const auto& [at, byte] : got) EXPECT_EQ(byte, payload[at]);
  }
}

TEST(NetworkTest, AnswersHaveTheQuerysIdAndQuestion) {
  Arena arena;
  const DnsAnswer answer = SmallestOf(DnsAnswers(), arena);
  EXPECT_TRUE(IsHonest(answer));
  std::vector<uint8_t> message;
  WriteDnsAnswer(answer, kQuery, message);
  ASSERT_EQ(message.size(), kQuery.size());
  EXPECT_EQ(U16(message, 0), 0x1234u);
  EXPECT_TRUE(
      std::equal(message.begin() + 12, message.end(), kQuery.begin() + 12));
}

TEST(NetworkTest, AnyAnswerToAnyQueryIsWritten) {
  Random random(3);
  Arena arena;
  Mutation mutation(random, arena);
  DnsAnswer answer = SmallestOf(DnsAnswers(), arena);
  for (int i = 0; i < 2000; ++i) {
    DnsAnswers().Mutate(answer, mutation);
    std::vector<uint8_t> query(random.Below(40));
    for (uint8_t& byte : query) byte = static_cast<uint8_t>(random.Next());
    std::vector<uint8_t> message;
    WriteDnsAnswer(answer, query, message);
    EXPECT_LE(message.size(), kDnsMessageBytesMax);
  }
}

}  // namespace
}  // namespace formfuzz
