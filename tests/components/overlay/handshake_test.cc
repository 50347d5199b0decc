// SPDX-License-Identifier: Apache-2.0
// Two peers come to the same keys, and nobody else to any.
#include "components/overlay/session/handshake.h"

#include "components/overlay/crypto/sodium_crypto.h"
#include "gtest/gtest.h"

namespace overlay {
namespace {

Key Filled(uint8_t byte) {
  Key key;
  key.fill(byte);
  return key;
}

class HandshakeTest : public testing::Test {
 protected:
  std::optional<Responder> Read(const KeyPair& as, Bytes datagram) {
    const auto init = ParseInit(datagram);
    if (!init.has_value()) return std::nullopt;
    return Responder::Read(crypto_, as, *init, datagram);
  }

  SodiumCrypto crypto_;
  KeyPair alice_ = crypto_.PairOf(Filled(1));
  KeyPair bob_ = crypto_.PairOf(Filled(2));
  KeyPair carol_ = crypto_.PairOf(Filled(3));
  Initiator begun_ = *Initiator::Begin(
      crypto_, alice_, {bob_.open, Filled(9), 77, {1234, 5678}});
};

TEST_F(HandshakeTest, BothEndsComeToTheSameKeys) {
  const auto reading = Read(bob_, begun_.packet());
  ASSERT_TRUE(reading.has_value());
  EXPECT_EQ(reading->remote_key(), alice_.open);
  EXPECT_EQ(reading->claim().stamp, 1234u);
  EXPECT_EQ(reading->claim().stream, 5678u);
  AcceptBytes answer;
  const auto keys = reading->Answer(crypto_, Filled(8), 88, 4321, &answer);
  ASSERT_TRUE(keys.has_value());
  const auto done =
      begun_.Finish(crypto_, alice_, *ParseAccept(answer), answer);
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->keys.send, keys->receive);
  EXPECT_EQ(done->keys.receive, keys->send);
  EXPECT_NE(keys->send, keys->receive);
  EXPECT_EQ(done->remote_index, 88u);
  EXPECT_EQ(done->remote_stream, 4321u);
}

TEST_F(HandshakeTest, NobodyElseCanReadTheFirstMessage) {
  EXPECT_FALSE(Read(carol_, begun_.packet()).has_value());
}

TEST_F(HandshakeTest, NoBitOfTheFirstMessageMayChange) {
  for (size_t bit = 0; bit < kInitBytes * 8; ++bit) {
    InitBytes changed = begun_.packet();
    changed[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
    // X25519 ignores the top bit of a key.
    const auto reading = Read(bob_, changed);
    EXPECT_FALSE(reading.has_value()) << "bit " << bit;
  }
}

TEST_F(HandshakeTest, AnAnswerIsForOneHandshake) {
  const Initiator other = *Initiator::Begin(
      crypto_, alice_, {bob_.open, Filled(7), 77, {1235, 5678}});
  AcceptBytes answer;
  ASSERT_TRUE(Read(bob_, begun_.packet())
                  ->Answer(crypto_, Filled(8), 88, 4321, &answer)
                  .has_value());
  EXPECT_FALSE(
      other.Finish(crypto_, alice_, *ParseAccept(answer), answer).has_value());
}

TEST_F(HandshakeTest, AKeyOfSmallOrderIsRefused) {
  EXPECT_FALSE(Initiator::Begin(crypto_, alice_, {Key(), Filled(9), 1, {1, 1}})
                   .has_value());
}

}  // namespace
}  // namespace overlay
