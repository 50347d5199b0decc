// SPDX-License-Identifier: Apache-2.0
// An internet of a few hosts, in the scenario's time: datagrams are on their
// way for a while, and arrive, or do not, as the links of both ends say.
//
// May break, each link by its Link and all by the fault point kSend: datagrams
// are lost (alone or in a row), late, overtaken, doubled, changed in a bit, or
// too long; links are cut, one way or both. Hosts behind a MockNat have
// private addresses.
// Never breaks: a datagram does not arrive before it was sent, nor at a host
// that its address, as seen through the NATs, does not name; what arrives
// unchanged has the source that the last NAT gave it. Equal calls, equal fate:
// chances are drawn from a seed that the scenario sets.
// Bounds: kInFlightMax datagrams on their way; more are lost.
#ifndef FORMFUZZ_MOCKS_NETWORK_MOCK_UDP_NETWORK_H_
#define FORMFUZZ_MOCKS_NETWORK_MOCK_UDP_NETWORK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "components/overlay/wire/endpoint.h"
#include "framework/base/random.h"
#include "framework/fault/fault_plan.h"
#include "mocks/network/mock_nat.h"

namespace formfuzz {

// What one host's way to the rest of the world does to datagrams, both ways
// but where it says otherwise. What the host is sent is late by what the delay
// is longer than the usual one.
struct Link {
  static constexpr uint16_t kUsualDelayMs = 10;

  uint8_t loss_percent = 0;
  uint8_t burst = 1;  // how many in a row are lost with the first
  uint8_t duplicate_percent = 0;
  uint8_t corrupt_percent = 0;
  uint16_t delay_ms = kUsualDelayMs;
  uint16_t jitter_ms = 0;     // at most as much later: others overtake
  uint16_t bytes_per_ms = 0;  // 0: as many as you like
  uint16_t mtu = 1500;        // bytes of a datagram
  bool up = true;             // what the host sends
  bool down = true;           // what it is sent

  friend bool operator==(const Link&, const Link&) = default;
};

class MockUdpNetwork {
 public:
  using Endpoint = overlay::Endpoint;
  using Bytes = overlay::Bytes;

  static constexpr std::string_view kSend = "network.send";
  static constexpr size_t kHostsMax = 8;
  static constexpr size_t kInFlightMax = 512;

  MockUdpNetwork() = default;  // one without faults of the plan
  explicit MockUdpNetwork(FaultPlan& faults);

  // A host with a public address; its number.
  size_t AddHost(uint32_t address);
  // From now on it is behind that NAT, which several hosts may share, with an
  // address that only those know. Isolated ones reach each other through the
  // NAT alone.
  void PlaceBehind(size_t host, MockNat* nat, uint32_t address,
                   bool isolated = false);
  void PlaceInPublic(size_t host, uint32_t address);
  uint32_t AddressOf(size_t host) const { return hosts_[host].address; }
  const MockNat* NatOf(size_t host) const { return hosts_[host].nat; }

  Link& LinkOf(size_t host) { return hosts_[host].link; }
  // Whether the two can send to each other at all, whatever their links do.
  void SetReach(size_t a, size_t b, bool reach);
  // All links are perfect again, and all reach all. Places stay.
  void Heal();
  void Seed(uint64_t seed) { random_ = Random(seed); }

  // Whether it is on its way.
  bool Send(size_t host, uint16_t port, const Endpoint& to, Bytes datagram,
            int64_t now_ms);

  // When the next datagram arrives, or fails to; overlay::kNever without any.
  int64_t NextArrivalMs() const;

  struct Arrival {
    size_t host = 0;
    size_t sender = 0;  // likewise: where places change, perhaps the same
    Endpoint from;
    Endpoint to;  // as the host sees itself
    std::vector<uint8_t> datagram;
    bool intact = true;  // as it was sent
  };
  // Takes the next datagram that is due off the network: nothing where NATs,
  // filters or cut links keep it from its host.
  std::optional<Arrival> TakeNext();
  size_t in_flight() const { return queue_.size(); }

 private:
  // One way of a link.
  struct Way {
    uint8_t burst_left = 0;
    int64_t busy_until_ms = 0;
  };
  struct Host {
    uint32_t address = 0;
    MockNat* nat = nullptr;
    bool isolated = false;
    Link link;
    Way out;
    Way in;
    uint32_t unreachable = 0;  // bit i: host i
  };
  struct InFlight {
    int64_t due_ms = 0;
    size_t sender = 0;
    Endpoint from;
    Endpoint to;
    std::vector<uint8_t> datagram;
    bool intact = true;
    bool entered = false;  // the receiver's link has done what it does
  };

  bool Chance(uint8_t percent);
  bool IsLost(const Link& link, Way& way);
  // By jitter, and by what was sent before.
  int64_t LatenessOf(const Link& link, Way& way, const InFlight& flight);
  void Damage(const Link& link, InFlight& flight);
  void Queue(InFlight&& flight);
  // By the receiver's link. False where it does not arrive now.
  bool Enter(Host& receiver, InFlight& flight);
  std::optional<size_t> HostFor(const InFlight& flight, Endpoint* to) const;
  std::optional<size_t> HostAt(uint32_t address, const MockNat* nat) const;
  bool Reaches(size_t a, size_t b) const;

  FaultPoint send_;
  std::vector<Host> hosts_;
  std::deque<InFlight> queue_;  // earliest first, then first queued
  Random random_{0};
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_NETWORK_MOCK_UDP_NETWORK_H_
