// SPDX-License-Identifier: Apache-2.0
// Two nodes, and a relay between them where it takes one, with the real
// cryptography and a wire that loses nothing but what a test takes off it.
#ifndef FORMFUZZ_TESTS_COMPONENTS_OVERLAY_NODE_FIXTURE_H_
#define FORMFUZZ_TESTS_COMPONENTS_OVERLAY_NODE_FIXTURE_H_

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "components/overlay/crypto/sodium_crypto.h"
#include "components/overlay/node/node.h"
#include "components/overlay/relay/relay.h"
#include "gtest/gtest.h"

namespace overlay {

inline constexpr Endpoint kAlice{0xc0000201, 1};
inline constexpr Endpoint kBob{0xc0000202, 2};
inline constexpr Endpoint kElsewhere{0xc0000209, 9};
inline constexpr Endpoint kRelay{0xc6336401, 3};

inline Key Filled(uint8_t byte) {
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

}  // namespace overlay

#endif  // FORMFUZZ_TESTS_COMPONENTS_OVERLAY_NODE_FIXTURE_H_
