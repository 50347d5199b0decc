// SPDX-License-Identifier: Apache-2.0
// The test vectors of RFC 5769, and what RFC 8489 says about messages that are
// almost right.
#include "components/overlay/wire/stun.h"

#include <string_view>
#include <vector>

#include "components/overlay/crypto/sodium_crypto.h"
#include "gtest/gtest.h"

namespace overlay {
namespace {

constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";

Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

std::vector<uint8_t> FromHex(std::string_view hex) {
  std::vector<uint8_t> bytes;
  int high = -1;
  for (const char c : hex) {
    if (c == ' ' || c == '\n') continue;
    const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
    if (high < 0) {
      high = digit;
    } else {
      bytes.push_back(static_cast<uint8_t>(high * 16 + digit));
      high = -1;
    }
  }
  return bytes;
}

// Section 2.1.
std::vector<uint8_t> SampleRequest() {
  return FromHex(
      "00010058 2112a442 b7e7a701bc34d686fa87dfae"
      "80220010 5354554e207465737420636c69656e74"
      "00240004 6e0001ff 80290008 932ff9b151263b36"
      "00060009 6576746a3a68367659202020"
      "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
      "80280004 e57a3bcf");
}

// Section 2.2.
std::vector<uint8_t> SampleResponse() {
  return FromHex(
      "0101003c 2112a442 b7e7a701bc34d686fa87dfae"
      "8022000b 7465737420766563746f7220"
      "00200008 0001a147e112a643"
      "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
      "80280004 c07d4c96");
}

TEST(StunTest, ReadsTheSampleRequest) {
  const auto bytes = SampleRequest();
  const auto message = ParseStun(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->type, StunType::kRequest);
  EXPECT_EQ(message->priority, 0x6e0001ffu);
  EXPECT_EQ(std::string(message->username.begin(), message->username.end()),
            "evtj:h6vY");
  EXPECT_TRUE(message->has_fingerprint);
  // ICE-CONTROLLED is optional; all that must be understood is.
  EXPECT_EQ(message->unknown_count, 0u);
  const SodiumCrypto crypto;
  EXPECT_TRUE(HasIntegrity(bytes, *message, crypto, AsBytes(kPassword)));
  EXPECT_FALSE(HasIntegrity(bytes, *message, crypto, AsBytes("another")));
}

TEST(StunTest, ReadsTheSampleResponse) {
  const auto bytes = SampleResponse();
  const auto message = ParseStun(bytes);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->type, StunType::kSuccess);
  EXPECT_EQ(message->mapped, (Endpoint{0xc0000201, 32853}));
  EXPECT_TRUE(
      HasIntegrity(bytes, *message, SodiumCrypto(), AsBytes(kPassword)));
}

TEST(StunTest, NoBitOfTheSamplesMayChange) {
  const SodiumCrypto crypto;
  for (const auto& sample : {SampleRequest(), SampleResponse()}) {
    for (size_t bit = 0; bit < sample.size() * 8; ++bit) {
      auto changed = sample;
      changed[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
      // FINGERPRINT by another name is an attribute behind the integrity, and
      // ignored as such.
      const size_t byte = bit / 8;
      if (byte + 8 == sample.size() || byte + 7 == sample.size()) continue;
      const auto message = ParseStun(changed);
      EXPECT_TRUE(!message.has_value() ||
                  !HasIntegrity(changed, *message, crypto, AsBytes(kPassword)))
          << "bit " << bit;
    }
  }
}

TEST(StunTest, NoBeginningOfTheSamplesIsAMessage) {
  const auto sample = SampleRequest();
  for (size_t size = 0; size < sample.size(); ++size) {
    EXPECT_FALSE(ParseStun(Bytes(sample).first(size)).has_value()) << size;
  }
}

TEST(StunTest, WhatIsWrittenIsRead) {
  StunMessage message;
  message.type = StunType::kSuccess;
  message.transaction.fill(7);
  message.mapped = Endpoint{0xcb007101, 1};
  message.priority = 5;
  const auto name = AsBytes("someone");
  message.username = name;
  const SodiumCrypto crypto;
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer out(buffer);
  WriteStun(message, {&crypto, AsBytes(kPassword), true}, out);
  const auto read = ParseStun(out.written());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->mapped, message.mapped);
  EXPECT_EQ(read->priority, message.priority);
  EXPECT_TRUE(std::equal(read->username.begin(), read->username.end(),
                         name.begin(), name.end()));
  EXPECT_TRUE(HasIntegrity(out.written(), *read, crypto, AsBytes(kPassword)));
}

TEST(StunTest, TellsWhichAttributesItShouldHaveUnderstood) {
  const auto bytes = FromHex(
      "00010010 2112a442 000000000000000000000000"
      "7ffe0004 00000000 c0000004 00000000");
  const auto message = ParseStun(bytes);
  ASSERT_TRUE(message.has_value());
  ASSERT_EQ(message->unknown_count, 1u);
  EXPECT_EQ(message->unknown[0], 0x7ffe);
}

TEST(StunTest, FingerprintMustBeLast) {
  auto bytes = FromHex("00010008 2112a442 000000000000000000000000");
  const uint32_t crc = Crc32(bytes) ^ 0x5354554e;
  std::array<uint8_t, 8> attribute;
  Writer(attribute).U16(0x8028).U16(4).U32(crc);
  bytes.insert(bytes.end(), attribute.begin(), attribute.end());
  EXPECT_TRUE(ParseStun(bytes).has_value());
  const auto more = FromHex("80220000");
  bytes.insert(bytes.end(), more.begin(), more.end());
  bytes[3] = 12;
  EXPECT_FALSE(ParseStun(bytes).has_value());
}

// Bit by bit, as ISO 3309 has it.
uint32_t SlowCrc32(Bytes bytes) {
  uint32_t crc = 0xffffffff;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }
  }
  return ~crc;
}

TEST(StunTest, SumsOfAllLengthsAreThoseOfTheStandard) {
  EXPECT_EQ(Crc32(AsBytes("123456789")), 0xcbf43926u);
  std::vector<uint8_t> bytes;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(Crc32(bytes), SlowCrc32(bytes)) << i;
    bytes.push_back(static_cast<uint8_t>(37 * i + 200));
  }
}

}  // namespace
}  // namespace overlay
