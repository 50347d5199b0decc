// SPDX-License-Identifier: Apache-2.0
// Packets and networks: laws, and that of what is built some parses and some
// does not.
#include "generators/overlay/packet.h"

#include "components/overlay/wire/frame.h"
#include "components/overlay/wire/packet.h"
#include "components/overlay/wire/stun.h"
#include "framework/domain/laws.h"
#include "generators/overlay/conditions.h"
#include "gtest/gtest.h"
#include "mocks/network/mock_crypto.h"

namespace formfuzz {
namespace {

TEST(PacketTest, DomainsObeyTheLaws) {
  EXPECT_EQ(CheckDomainLaws(PacketSpecs()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(FrameSpecs()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(NatBehaviours()), absl::OkStatus());
  EXPECT_EQ(CheckDomainLaws(Links()), absl::OkStatus());
}

bool Parses(overlay::Bytes packet) {
  return overlay::ParseStun(packet).has_value() ||
         overlay::ParseInit(packet).has_value() ||
         overlay::ParseAccept(packet).has_value() ||
         overlay::ParseSealed(packet).has_value() ||
         overlay::ParseRelayed(packet).has_value() ||
         overlay::ParseRegistration(packet).has_value() ||
         overlay::ParseRegistered(packet).has_value();
}

TEST(PacketTest, EveryShapeParsesUnlessItIsEdited) {
  const MockCrypto crypto;
  for (int shape = 0; shape < static_cast<int>(PacketShape::kEmpty); ++shape) {
    const PacketSpec spec{.shape = static_cast<PacketShape>(shape),
                          .stray = true,
                          .number = 1,
                          .rest = 16,
                          .attributes = {},
                          .end = StunEnd::kFingerprint,
                          .edits = {},
                          .relayed = 0,
                          .transaction = Asked::kNobodys,
                          .repaired = false};
    EXPECT_TRUE(Parses(BuildPacket(spec, {1, {}, &crypto}))) << shape;
  }
}

TEST(PacketTest, SomeRandomPacketsParseAndSomeDoNot) {
  const MockCrypto crypto;
  Arena arena;
  Random random(1);
  int parsing = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::array<uint8_t, 48> bytes;
    for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random.Next());
    ByteSource in(bytes, arena);
    const PacketSpec spec = PacketSpecs().Decode(in);
    parsing += Parses(BuildPacket(spec, {1, {}, &crypto}));
  }
  EXPECT_GT(parsing, 500);
  EXPECT_LT(parsing, 9'500);
}

TEST(PacketTest, FramesAreReadAsTheyAreMeantUnlessTheyLie) {
  const FrameSpec fragment{FrameShape::kFragment, 2, 16, 0, 0, 0, 1, 0};
  const auto bytes = BuildFrames({{fragment}}, {5, 0});
  overlay::Reader in(bytes);
  const auto frame = overlay::ReadFrame(in);
  ASSERT_TRUE(frame.has_value());
  const auto& read = std::get<overlay::FragmentFrame>(*frame);
  EXPECT_EQ(read.message, 7u);
  EXPECT_EQ(read.bytes[3], FragmentByte(7, 3));
  const auto following = overlay::ReadFrame(in);
  ASSERT_TRUE(following.has_value());
  EXPECT_EQ(std::get<overlay::FragmentFrame>(*following).message, 8u);
  FrameSpec lying = fragment;
  lying.lie = 1;
  lying.count = 0;
  const auto lie = BuildFrames({{lying}}, {});
  overlay::Reader lie_in(lie);
  EXPECT_FALSE(overlay::ReadFrame(lie_in).has_value());
}

}  // namespace
}  // namespace formfuzz
