// SPDX-License-Identifier: Apache-2.0
// What a node does for its user: it carries messages, keeps sessions up, finds
// paths, and remembers.
#include "components/overlay/node/node.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "tests/components/overlay/node_fixture.h"

namespace overlay {
namespace {

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

TEST_F(NodeTest, KeysThatEndWhileSomethingArrivesAreDropped) {
  ASSERT_TRUE(alice_.Connect(bob_.key(), now_ms_).ok());
  PassUntil(1'000);
  now_ms_ += settings_.reject_after_ms;
  const uint8_t nothing = 0;
  bob_.Receive(kElsewhere, {&nothing, 1}, now_ms_);
  ASSERT_LE(bob_.NextDeadlineMs(), now_ms_);
  bob_.Tick(now_ms_);
  EXPECT_EQ(bob_.View(alice_.key())->state, PeerState::kIdle);
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
