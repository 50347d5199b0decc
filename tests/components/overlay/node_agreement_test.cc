// SPDX-License-Identifier: Apache-2.0
// Two nodes come to the same keys and the same candidates whatever is lost or
// overtaken, and believe nobody else.
#include <algorithm>
#include <array>
#include <optional>

#include "components/overlay/wire/packet.h"
#include "components/overlay/wire/stun.h"
#include "gtest/gtest.h"
#include "tests/components/overlay/node_fixture.h"

namespace overlay {
namespace {

// Relayed or not.
std::optional<PacketType> InnerTypeOf(Bytes datagram) {
  const auto relayed = ParseRelayed(datagram);
  return TypeOf(relayed.has_value() ? relayed->inner : datagram);
}

class NodeAgreementTest : public NodeTest {
 protected:
  // What confirms the handshake that `one` began is lost, and comes only when
  // one that `other` began has ended.
  void ConfirmLate(Node& one, Node& other) {
    UseRelay();
    alice_.Tick(now_ms_);
    bob_.Tick(now_ms_);
    PassUntil(100);
    ASSERT_TRUE(one.Connect(other.key(), now_ms_).ok());
    while (!wire_.empty() && one.View(other.key())->epoch == 0) Deliver();
    wire_.clear();
    ASSERT_NE(other.View(one.key())->proposed_epoch, 0u);
    ASSERT_TRUE(other.Connect(one.key(), now_ms_).ok());
    while (!wire_.empty() && one.View(other.key())->proposed_epoch == 0) {
      Deliver();
    }
    ASSERT_TRUE(Say(one, other, "late").ok());
    PassUntil(1'000);
    EXPECT_EQ(one.View(other.key())->epoch,
              other.View(one.key())->remote_epoch);
    EXPECT_EQ(other.View(one.key())->epoch,
              one.View(other.key())->remote_epoch);
    PassUntil(2 * settings_.reject_after_ms);
    EXPECT_EQ(one.View(other.key())->sessions, 1u);
    EXPECT_EQ(other.View(one.key())->sessions, 1u);
  }
};

TEST_F(NodeAgreementTest, HandshakesThatCrossSettleOnTheSameKeys) {
  UseRelay();
  alice_.Tick(now_ms_);
  bob_.Tick(now_ms_);
  PassUntil(100);
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  ASSERT_TRUE(bob_.Connect(alice_.key(), now_ms_).ok());
  PassUntil(1'000);
  EXPECT_EQ(alice_.View(bob_.key())->epoch,
            bob_.View(alice_.key())->remote_epoch);
  EXPECT_EQ(bob_.View(alice_.key())->epoch,
            alice_.View(bob_.key())->remote_epoch);
  PassUntil(2 * settings_.reject_after_ms);
  EXPECT_EQ(alice_.View(bob_.key())->sessions, 1u);
  EXPECT_EQ(bob_.View(alice_.key())->sessions, 1u);
  ASSERT_TRUE(alice_.Disconnect(bob_.key(), now_ms_).ok());
  PassUntil(now_ms_ + 1'000);
  EXPECT_FALSE(bob_.View(alice_.key())->wanted);
}

TEST_F(NodeAgreementTest, AHandshakeConfirmedLateIsSettledIfAliceBegan) {
  ConfirmLate(alice_, bob_);
}

TEST_F(NodeAgreementTest, AHandshakeConfirmedLateIsSettledIfBobBegan) {
  ConfirmLate(bob_, alice_);
}

// Whoever follows does not go back to keys that are to be renewed, and renew
// them at once again, where nothing under the new ones arrives.
TEST_F(NodeAgreementTest, RenewalsThatAreNotHeardOfAreNotRepeatedWithoutRest) {
  const bool alice_leads = alice_.key() < bob_.key();
  Node& leader = alice_leads ? alice_ : bob_;
  Node& follower = alice_leads ? bob_ : alice_;
  const Endpoint from = alice_leads ? kBob : kAlice;
  UseRelay();
  ASSERT_TRUE(follower.Connect(leader.key(), now_ms_).ok());
  PassUntil(settings_.renew_after_ms - 1'000);
  size_t begun = 0;
  const int64_t end_ms = now_ms_ + 6'000;
  while (now_ms_ < end_ms) {
    ASSERT_TRUE(Say(leader, follower, "under the old keys").ok());
    for (; !wire_.empty(); alice_.Tick(now_ms_), bob_.Tick(now_ms_)) {
      const auto type = InnerTypeOf(wire_.front().datagram);
      const bool is_followers = wire_.front().from == from;
      begun += is_followers && type == PacketType::kInit;
      if (is_followers && type == PacketType::kSealed && begun > 0) {
        wire_.pop_front();  // lost
      } else {
        Deliver();
      }
    }
    now_ms_ += 100;
  }
  EXPECT_EQ(begun, 1u);
}

TEST_F(NodeAgreementTest, AnAnswerFromBeforeTheSessionIsIgnored) {
  UseRelay();
  alice_.Tick(now_ms_);
  bob_.Tick(now_ms_);
  PassUntil(100);
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  while (!wire_.empty() && bob_.View(alice_.key())->proposed_epoch == 0) {
    Deliver();
  }
  Wire held;
  held.swap(wire_);
  ASSERT_TRUE(bob_.Connect(alice_.key(), now_ms_).ok());
  while (!wire_.empty()) Deliver();
  const uint32_t epoch = alice_.View(bob_.key())->epoch;
  ASSERT_NE(epoch, 0u);
  wire_.swap(held);
  while (!wire_.empty()) Deliver();
  EXPECT_EQ(alice_.View(bob_.key())->epoch, epoch);
}

TEST_F(NodeAgreementTest, CandidatesAreRepeatedUntilTheyAreSeen) {
  UseRelay();
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  PassUntil(1'000);
  const size_t before = bob_.View(alice_.key())->candidates;
  alice_.SetLocalEndpoints({&kElsewhere, 1});
  alice_.Tick(now_ms_);
  ASSERT_FALSE(wire_.empty());
  wire_.clear();  // lost
  PassUntil(3'000);
  EXPECT_EQ(bob_.View(alice_.key())->candidates, before + 1);
}

TEST_F(NodeAgreementTest, CandidatesThatWereOvertakenAreIgnored) {
  UseRelay();
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  PassUntil(1'000);
  alice_.SetLocalEndpoints({&kElsewhere, 1});
  alice_.Tick(now_ms_);
  Wire held;
  held.swap(wire_);
  alice_.SetLocalEndpoints({});
  PassUntil(3'000);
  const uint64_t digest = bob_.View(alice_.key())->candidates_digest;
  wire_.swap(held);
  PassUntil(3'100);
  EXPECT_EQ(bob_.View(alice_.key())->candidates_digest, digest);
}

TEST_F(NodeAgreementTest, NobodyIsBelievedWhoWasNotAsked) {
  UseRelay();
  PassUntil(1'000);  // asked, and answered
  ASSERT_EQ(alice_.reflexive(), kAlice);
  StunMessage answer;  // to the transaction that is all zeros
  answer.type = StunType::kSuccess;
  answer.mapped = kBob;
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer out(buffer);
  WriteStun(answer, {&crypto_, {}, true}, out);
  alice_.Receive(kRelay, out.written(), now_ms_);
  EXPECT_EQ(alice_.reflexive(), kAlice);
}

TEST_F(NodeAgreementTest, AnAnswerThatAsksForTheUnknownIsDropped) {
  UseRelay();
  alice_.Tick(now_ms_);
  const auto question = std::find_if(
      wire_.begin(), wire_.end(),
      [](const InFlight& flight) { return LooksLikeStun(flight.datagram); });
  ASSERT_NE(question, wire_.end());
  StunMessage answer = *ParseStun(question->datagram);
  answer.type = StunType::kSuccess;
  answer.mapped = kAlice;
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer out(buffer);
  WriteStun(answer, {&crypto_, {}, false}, out);
  out.U16(0x7fff).U16(0);
  buffer[3] = static_cast<uint8_t>(out.size() - kStunHeadBytes);
  alice_.Receive(kRelay, out.written(), now_ms_);
  EXPECT_FALSE(alice_.reflexive().has_value());
}

}  // namespace
}  // namespace overlay
