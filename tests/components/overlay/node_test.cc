// SPDX-License-Identifier: Apache-2.0
// Two nodes, and a relay between them where it takes one, with the real
// cryptography and a wire that loses nothing.
#include "components/overlay/node/node.h"

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "components/overlay/crypto/sodium_crypto.h"
#include "components/overlay/relay/relay.h"
#include "gtest/gtest.h"

namespace overlay {
namespace {

constexpr Endpoint kAlice{0xc0000201, 1};
constexpr Endpoint kBob{0xc0000202, 2};
constexpr Endpoint kElsewhere{0xc0000209, 9};
constexpr Endpoint kRelay{0xc6336401, 3};

Key Filled(uint8_t byte) {
  Key key;
  key.fill(byte);
  return key;
}

struct InFlight {
  Endpoint from;
  Endpoint to;
  std::vector<uint8_t> datagram;
};
using Wire = std::deque<InFlight>;

struct End final : Sink, Relay::Sink {
  End(Wire& on, const Endpoint& at) : wire(on), endpoint(at) {}
  void SendTo(const Endpoint& to, Bytes datagram) override {
    wire.push_back({endpoint, to, {datagram.begin(), datagram.end()}});
  }
  void OnMessage(const Key&, Bytes message) override {
    messages.emplace_back(message.begin(), message.end());
  }
  void OnGivenUp(const Key&, size_t count) override { given_up += count; }

  Wire& wire;
  Endpoint endpoint;
  std::vector<std::string> messages;
  size_t given_up = 0;
};

class NodeTest : public testing::Test {
 protected:
  NodeTest() {
    EXPECT_TRUE(alice_.AddPeer(bob_.key(), kBob).ok());
    EXPECT_TRUE(bob_.AddPeer(alice_.key()).ok());
  }

  void UseRelay() {
    ASSERT_TRUE(alice_.UseRelay(kRelay, relay_.key()));
    ASSERT_TRUE(bob_.UseRelay(kRelay, relay_.key()));
  }
  // Until then, everything that is due.
  void PassUntil(int64_t end_ms) {
    while (now_ms_ <= end_ms) {
      while (!wire_.empty()) Deliver();
      const int64_t next_ms =
          std::min(alice_.NextDeadlineMs(), bob_.NextDeadlineMs());
      if (next_ms > end_ms) break;
      now_ms_ = std::max(now_ms_, next_ms);
      alice_.Tick(now_ms_);
      bob_.Tick(now_ms_);
    }
    now_ms_ = end_ms;
  }
  void Deliver() {
    const InFlight flight = wire_.front();
    wire_.pop_front();
    if (cut_ && flight.to != kRelay && flight.from != kRelay) return;
    if (flight.to == kAlice) {
      alice_.Receive(flight.from, flight.datagram, now_ms_);
    }
    if (flight.to == kBob) bob_.Receive(flight.from, flight.datagram, now_ms_);
    if (flight.to == kRelay) {
      relay_.Receive(flight.from, flight.datagram, now_ms_);
    }
  }
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
  absl::Status Say(Node& from, const Node& to, const std::string& text) {
    return from.Send(
        to.key(), {reinterpret_cast<const uint8_t*>(text.data()), text.size()},
        now_ms_);
  }

  SodiumCrypto crypto_;
  SodiumEntropy entropy_;
  Wire wire_;
  End alice_end_{wire_, kAlice};
  End bob_end_{wire_, kBob};
  End relay_end_{wire_, kRelay};
  Settings settings_;
  Node alice_{{crypto_, entropy_, alice_end_}, Filled(1), settings_};
  Node bob_{{crypto_, entropy_, bob_end_}, Filled(2), settings_};
  Relay relay_{crypto_, Filled(3), relay_end_};
  int64_t now_ms_ = 1;
  bool cut_ = false;
};

TEST_F(NodeTest, CarriesMessagesBothWaysToAPeerWhoseAddressIsKnown) {
  ASSERT_TRUE(Say(alice_, bob_, "one").ok());
  ASSERT_TRUE(Say(alice_, bob_, std::string(4096, 'x')).ok());
  PassUntil(1000);
  ASSERT_TRUE(Say(bob_, alice_, "two").ok());
  PassUntil(2000);
  EXPECT_EQ(bob_end_.messages,
            (std::vector<std::string>{"one", std::string(4096, 'x')}));
  EXPECT_EQ(alice_end_.messages, (std::vector<std::string>{"two"}));
  EXPECT_EQ(alice_.View(bob_.key())->queued, 0u);
}

TEST_F(NodeTest, LearnsItsAddressAndGoesFromTheRelayToADirectPath) {
  UseRelay();
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  cut_ = true;
  PassUntil(5'000);
  EXPECT_EQ(alice_.reflexive(), kAlice);
  EXPECT_EQ(alice_.View(bob_.key())->state, PeerState::kUp);
  EXPECT_FALSE(alice_.View(bob_.key())->direct.has_value());
  cut_ = false;
  PassUntil(60'000);
  EXPECT_EQ(alice_.View(bob_.key())->direct, kBob);
  EXPECT_EQ(bob_.View(alice_.key())->direct, kAlice);
  cut_ = true;
  ASSERT_TRUE(Say(alice_, bob_, "by the relay again").ok());
  PassUntil(120'000);
  EXPECT_EQ(bob_end_.messages.size(), 1u);
  EXPECT_FALSE(alice_.View(bob_.key())->direct.has_value());
}

TEST_F(NodeTest, RenewsItsKeysBeforeTheyExpire) {
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  PassUntil(1'000);
  const uint32_t first = alice_.View(bob_.key())->epoch;
  PassUntil(settings_.renew_after_ms + 1'000);
  const auto view = alice_.View(bob_.key());
  EXPECT_EQ(view->state, PeerState::kUp);
  EXPECT_NE(view->epoch, first);
  EXPECT_EQ(view->remote_epoch, bob_.View(alice_.key())->epoch);
}

// Both begin at once, and each answers the other.
TEST_F(NodeTest, HandshakesThatCrossSettleOnTheSameKeys) {
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

TEST_F(NodeTest, AHandshakeConfirmedLateIsSettledIfAliceBegan) {
  ConfirmLate(alice_, bob_);
}

TEST_F(NodeTest, AHandshakeConfirmedLateIsSettledIfBobBegan) {
  ConfirmLate(bob_, alice_);
}

TEST_F(NodeTest, CandidatesAreRepeatedUntilTheyAreSeen) {
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

TEST_F(NodeTest, CandidatesThatWereOvertakenAreIgnored) {
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

TEST_F(NodeTest, NobodyIsBelievedWhoWasNotAsked) {
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

TEST_F(NodeTest, AnAnswerThatAsksForTheUnknownIsDropped) {
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

TEST_F(NodeTest, ADeadPeerIsNoticedAndMetAgain) {
  UseRelay();
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  PassUntil(1'000);
  const int64_t end_ms = now_ms_ + settings_.dead_after_ms + 1'000;
  while (now_ms_ < end_ms) {
    alice_.Tick(now_ms_ += 100);
    wire_.clear();
  }
  EXPECT_NE(alice_.View(bob_.key())->state, PeerState::kUp);
  PassUntil(end_ms + 60'000);
  EXPECT_EQ(alice_.View(bob_.key())->state, PeerState::kUp);
}

TEST_F(NodeTest, RecordsBringPeersBack) {
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  PassUntil(1'000);
  Node again({crypto_, entropy_, alice_end_}, Filled(1), settings_);
  ASSERT_TRUE(again.Load(alice_.Save()).ok());
  const auto view = again.View(bob_.key());
  ASSERT_TRUE(view.has_value());
  EXPECT_TRUE(view->wanted);
  EXPECT_EQ(view->hint, kBob);
  EXPECT_EQ(again.Save(), alice_.Save());
}

TEST_F(NodeTest, SpoiltRecordsAreRefusedWhole) {
  const std::string records = alice_.Save();
  for (size_t bit = 0; bit < records.size() * 8; ++bit) {
    std::string spoilt = records;
    spoilt[bit / 8] = static_cast<char>(spoilt[bit / 8] ^ 1 << bit % 8);
    Node node({crypto_, entropy_, alice_end_}, Filled(1), settings_);
    EXPECT_FALSE(node.Load(spoilt).ok()) << bit;
    EXPECT_FALSE(node.View(bob_.key()).has_value()) << bit;
  }
  for (size_t size = 0; size < records.size(); ++size) {
    Node node({crypto_, entropy_, alice_end_}, Filled(1), settings_);
    EXPECT_FALSE(node.Load(records.substr(0, size)).ok()) << size;
  }
}

TEST_F(NodeTest, SaysWhatIsWrongWithWhatItIsAsked) {
  EXPECT_EQ(alice_.AddPeer(alice_.key()).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(alice_.AddPeer(bob_.key()).code(),
            absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(alice_.Connect(Filled(9), 1).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Say(alice_, bob_, "").code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Say(alice_, bob_, std::string(4097, 'x')).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(NodeTest, TheRelayTakesARegistrationOnce) {
  UseRelay();
  alice_.Tick(now_ms_);
  const Wire sent = wire_;
  PassUntil(1'000);
  EXPECT_EQ(relay_.ClientOf(alice_.key()), kAlice);
  for (const InFlight& flight : sent) {
    relay_.Receive(kBob, flight.datagram, now_ms_);
  }
  EXPECT_EQ(relay_.ClientOf(alice_.key()), kAlice);
  EXPECT_EQ(relay_.client_count(), 2u);
}

TEST_F(NodeTest, WhoWasAskedJustNowIsNotAskedAgain) {
  Checklist list;
  CandidateList candidates;
  candidates.Add({kBob, CandidateKind::kHost});
  list.Replace(candidates, now_ms_);
  ASSERT_TRUE(list.NextDue(settings_, now_ms_, entropy_).has_value());
  list.Trigger(kBob, settings_, now_ms_ + 10);
  EXPECT_FALSE(list.NextDue(settings_, now_ms_ + 10, entropy_).has_value());
  const int64_t later_ms = now_ms_ + settings_.check_first_ms;
  EXPECT_TRUE(list.NextDue(settings_, later_ms, entropy_).has_value());
}

TEST_F(NodeTest, MoreQuestionsThanRoomForThem) {
  // From more ports than a checklist has entries: the oldest make room.
  Checklist list;
  for (uint16_t port = 1; port <= 40; ++port) {
    list.Trigger({kBob.address, port}, settings_, now_ms_);
  }
  EXPECT_LE(list.size(), 2 * kCandidatesMax);
  EXPECT_EQ(list.at(list.size() - 1).endpoint.port, 40);
}

TEST_F(NodeTest, NewcomersTakeNobodysPlaceAndWaitNotForEver) {
  Checklist list;
  list.Trigger(kBob, settings_, now_ms_);
  const auto due = list.NextDue(settings_, now_ms_, entropy_);
  ASSERT_TRUE(due.has_value());
  ASSERT_TRUE(list.Answered(kBob, due->transaction, settings_, now_ms_));
  for (uint16_t port = 100; port < 200; ++port) {
    list.Trigger({kBob.address, port}, settings_, now_ms_);
  }
  EXPECT_EQ(list.Best(settings_, now_ms_), kBob);
  EXPECT_LE(list.DeadlineMs(), now_ms_ + settings_.check_last_ms);
  while (list.NextDue(settings_, now_ms_ + settings_.check_last_ms, entropy_)) {
  }
  CandidateList named;
  named.Add({kAlice, CandidateKind::kHost});
  list.Replace(named, now_ms_);
  EXPECT_EQ(list.at(list.size() - 1).endpoint, kAlice);
  EXPECT_EQ(list.Best(settings_, now_ms_), kBob);
}

}  // namespace
}  // namespace overlay
