// SPDX-License-Identifier: Apache-2.0
// Datagrams go where addresses, NATs and links let them, in the order of their
// times.
#include "mocks/network/mock_udp_network.h"

#include <string>

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

using overlay::Endpoint;

class MockUdpNetworkTest : public testing::Test {
 protected:
  MockUdpNetworkTest() {
    a_ = network_.AddHost(0xc0000201);
    b_ = network_.AddHost(0xc0000202);
  }
  bool Send(size_t from, const Endpoint& to, std::string_view text,
            int64_t now_ms = 0) {
    return network_.Send(
        from, 9, to,
        {reinterpret_cast<const uint8_t*>(text.data()), text.size()}, now_ms);
  }
  // All that arrives, each with the time that it takes.
  std::string Arrivals() {
    std::string all;
    while (network_.in_flight() > 0) {
      const int64_t at_ms = network_.NextArrivalMs();
      const auto arrival = network_.TakeNext();
      if (!arrival.has_value()) continue;
      all.append(arrival->datagram.begin(), arrival->datagram.end());
      all += '@' + std::to_string(at_ms) + ' ';
    }
    return all;
  }

  MockUdpNetwork network_;
  size_t a_ = 0;
  size_t b_ = 0;
  const Endpoint to_b_{0xc0000202, 9};
};

TEST_F(MockUdpNetworkTest, WhatIsSentArrivesAfterTheDelay) {
  EXPECT_TRUE(Send(a_, to_b_, "one", 5));
  EXPECT_TRUE(Send(a_, to_b_, "two", 5));
  EXPECT_EQ(Arrivals(), "one@15 two@15 ");
}

TEST_F(MockUdpNetworkTest, NothingArrivesAtAnAddressOfNobody) {
  EXPECT_TRUE(Send(a_, {0xc00002ff, 9}, "one"));
  EXPECT_EQ(Arrivals(), "");
}

TEST_F(MockUdpNetworkTest, LossesComeInRows) {
  network_.LinkOf(a_).loss_percent = 100;
  EXPECT_FALSE(Send(a_, to_b_, "one"));
  network_.LinkOf(a_) = Link{.loss_percent = 50, .burst = 5};
  std::string fates;
  for (int i = 0; i < 400; ++i) fates += Send(a_, to_b_, "x") ? '.' : 'x';
  EXPECT_NE(fates.find("xxxxx"), std::string::npos);
  EXPECT_NE(fates.find('.'), std::string::npos);
  EXPECT_EQ(fates.find(".x."), std::string::npos) << "a row is five at least";
}

TEST_F(MockUdpNetworkTest, LinksDoToWhatAHostIsSentWhatTheyDoToWhatItSends) {
  network_.LinkOf(b_).loss_percent = 100;
  EXPECT_TRUE(Send(a_, to_b_, "lost"));
  EXPECT_EQ(Arrivals(), "");
  network_.LinkOf(b_) = Link{.duplicate_percent = 100, .delay_ms = 35};
  EXPECT_TRUE(Send(a_, to_b_, "late"));
  EXPECT_EQ(Arrivals(), "late@35 late@35 ");
  network_.LinkOf(b_) = Link{.bytes_per_ms = 1};
  EXPECT_TRUE(Send(a_, to_b_, "one"));
  EXPECT_TRUE(Send(a_, to_b_, "two"));
  EXPECT_EQ(Arrivals(), "one@13 two@16 ");
  network_.LinkOf(b_) = Link{.corrupt_percent = 100};
  EXPECT_TRUE(Send(a_, to_b_, "right"));
  const std::string changed = Arrivals();
  EXPECT_EQ(changed.size(), std::string("right@10 ").size());
  EXPECT_NE(changed, "right@10 ");
}

TEST_F(MockUdpNetworkTest, JitterLetsDatagramsOvertake) {
  network_.LinkOf(a_).jitter_ms = 500;
  for (char c = 'a'; c <= 'z'; ++c) Send(a_, to_b_, std::string(1, c));
  std::string order;
  for (const char c : Arrivals()) {
    if (c >= 'a' && c <= 'z') order += c;
  }
  EXPECT_EQ(order.size(), 26u);
  EXPECT_NE(order, "abcdefghijklmnopqrstuvwxyz");
}

TEST_F(MockUdpNetworkTest, BandwidthIsSharedByWhatIsSent) {
  network_.LinkOf(a_).bytes_per_ms = 1;
  Send(a_, to_b_, "aaaa");
  Send(a_, to_b_, "bb");
  EXPECT_EQ(Arrivals(), "aaaa@14 bb@16 ");
}

TEST_F(MockUdpNetworkTest, CorruptionChangesOneBitAndDuplicationNone) {
  network_.LinkOf(a_) = Link{.duplicate_percent = 100};
  Send(a_, to_b_, "one");
  EXPECT_EQ(Arrivals(), "one@10 one@10 ");
  network_.LinkOf(a_) = Link{.corrupt_percent = 100};
  Send(a_, to_b_, "one");
  EXPECT_NE(Arrivals(), "one@10 ");
}

TEST_F(MockUdpNetworkTest, LinksMayBeCutOneWay) {
  network_.LinkOf(b_).down = false;
  Send(a_, to_b_, "one");
  EXPECT_EQ(Arrivals(), "");
  Send(b_, {0xc0000201, 9}, "two");
  EXPECT_EQ(Arrivals(), "two@10 ");
  network_.Heal();
  network_.SetReach(a_, b_, false);
  Send(a_, to_b_, "three");
  EXPECT_EQ(Arrivals(), "");
  network_.Heal();
  Send(a_, to_b_, "four");
  EXPECT_EQ(Arrivals(), "four@10 ");
}

TEST_F(MockUdpNetworkTest, DatagramsBeyondTheMtuAreLost) {
  network_.LinkOf(b_).mtu = 4;
  Send(a_, to_b_, "four");
  Send(a_, to_b_, "five5");
  EXPECT_EQ(Arrivals(), "four@10 ");
}

TEST_F(MockUdpNetworkTest, HostsBehindOneNatMeetWithinUnlessIsolated) {
  MockNat nat(0xcb007101);
  network_.PlaceBehind(a_, &nat, 0x0a000001);
  network_.PlaceBehind(b_, &nat, 0x0a000002);
  Send(a_, {0x0a000002, 9}, "one");
  EXPECT_EQ(Arrivals(), "one@10 ");
  network_.PlaceBehind(b_, &nat, 0x0a000002, true);
  Send(a_, {0x0a000002, 9}, "two");
  EXPECT_EQ(Arrivals(), "");
}

TEST_F(MockUdpNetworkTest, HairpinningIsAMatterOfTheNat) {
  for (const bool hairpins : {false, true}) {
    MockNat nat(0xcb007101);
    nat.Become({.hairpins = hairpins});
    network_.PlaceBehind(a_, &nat, 0x0a000001, true);
    network_.PlaceBehind(b_, &nat, 0x0a000002, true);
    const Endpoint outside = nat.Outbound({0x0a000002, 9}, {0xcb007101, 9}, 0);
    Send(a_, outside, "one");
    EXPECT_EQ(Arrivals(), hairpins ? "one@10 " : "");
  }
}

TEST_F(MockUdpNetworkTest, PrivateAddressesMeanNothingElsewhere) {
  MockNat nat(0xcb007101);
  network_.PlaceBehind(b_, &nat, 0x0a000002);
  Send(a_, {0x0a000002, 9}, "one");
  EXPECT_EQ(Arrivals(), "");
}

TEST(MockUdpNetworkFaultTest, TheFaultPointMakesDatagramsFail) {
  FaultPlan plan;
  plan.SetPoints({std::string(MockUdpNetwork::kSend)});
  MockUdpNetwork network(plan);
  const size_t host = network.AddHost(1);
  network.AddHost(2);
  const std::vector<Fault> faults = {{0, FaultKind::kDrop, 0, 0},
                                     {0, FaultKind::kDuplicate, 1, 0}};
  plan.Begin(faults);
  const std::array<uint8_t, 1> byte{};
  EXPECT_FALSE(network.Send(host, 9, {2, 9}, byte, 0));
  EXPECT_TRUE(network.Send(host, 9, {2, 9}, byte, 0));
  EXPECT_EQ(network.in_flight(), 2u);
}

}  // namespace
}  // namespace formfuzz
