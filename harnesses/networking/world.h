// SPDX-License-Identifier: Apache-2.0
// What a scenario of networking takes place in: alice and bob, a relay, and an
// internet between them, all in the scenario's time. Both know carol, who is
// no node and has her datagrams put in by hand.
//
// Each has a place: in public, behind a NAT of its own, or behind one that
// both share. Time passes in CatchUp alone, which plays everything that is due
// until the scenario's present, in order.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_WORLD_H_
#define FORMFUZZ_HARNESSES_NETWORKING_WORLD_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "components/overlay/node/node.h"
#include "components/overlay/relay/relay.h"
#include "framework/scenario/run.h"
#include "mocks/network/mock_crypto.h"
#include "mocks/network/mock_peer.h"
#include "mocks/network/mock_udp_network.h"

namespace formfuzz {

enum class Who : uint8_t { kAlice, kBob };
inline constexpr size_t kMembers = 2;
constexpr Who OtherOf(Who who) {
  return who == Who::kAlice ? Who::kBob : Who::kAlice;
}
constexpr size_t IndexOf(Who who) { return static_cast<size_t>(who); }

// Where a member is.
enum class PlaceKind : uint8_t {
  kOwnNat,
  kPublic,
  kSharedNat,    // with the other, if that is there, too
  kIsolatedNat,  // the same, but its hosts meet through the NAT alone
};
struct PlaceSpec {
  PlaceKind kind = PlaceKind::kPublic;
  NatBehaviour nat;
};

// Who is told of what happens.
class WorldWatch {
 public:
  virtual ~WorldWatch() = default;
  virtual void OnMessage(Who at, overlay::Bytes message) = 0;
  virtual void OnGivenUp(Who at, size_t messages) = 0;
  virtual void OnMessageOfCarol(Who at, overlay::Bytes message) = 0;
  virtual void OnRelaySent(const overlay::Endpoint& to,
                           overlay::Bytes datagram) = 0;
  virtual void OnSent(Who by, const overlay::Endpoint& to,
                      overlay::Bytes datagram) = 0;
  virtual void OnMallory(Who at, size_t bytes) = 0;  // she sent so much
  // Whatever it is worth, and before the node or the relay has it: what was
  // damaged twice on its way may be right again.
  virtual void OnHeard(Who at, const overlay::Endpoint& from,
                       overlay::Bytes datagram) = 0;
  virtual void OnRelayHeard(const overlay::Endpoint& from,
                            overlay::Bytes datagram) = 0;
  // What is as it was sent, after the node has had it.
  virtual void OnArrival(Who at, const overlay::Endpoint& from,
                         std::vector<uint8_t> datagram) = 0;
  virtual void OnRelayArrival(const overlay::Endpoint& from,
                              std::vector<uint8_t> datagram) = 0;
  // Before the node has it: true where the watch has dealt with it instead.
  virtual bool Intercepted(Who at, const overlay::Endpoint& from,
                           const std::vector<uint8_t>& datagram) = 0;
};

class World {
 public:
  using Bytes = overlay::Bytes;
  using Endpoint = overlay::Endpoint;

  // Few enough to be full.
  static constexpr size_t kRelayClients = kMembers + 1;
  static constexpr uint16_t kPort = 41'000;  // of both members
  static constexpr Endpoint kRelayEndpoint{0xc6336401, 3478};  // 198.51.100.1
  static constexpr Endpoint kCarol{0xcb00714d, 41'000};        // 203.0.113.77
  static constexpr Endpoint kMallory{0xcb007142, 666};         // 203.0.113.66
  // What is due is played until so much was played in a scenario; beyond,
  // everybody sleeps. The time after it, in which all must come right, has as
  // much of its own: several times of what two nodes need that hold all the
  // messages they may.
  static constexpr size_t kEventsMax = 2'500;
  // Everybody sleeps through longer gaps.
  static constexpr uint64_t kGapMsMax = 200'000;

  World(Run& run, WorldWatch& watch);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  int64_t now_ms() const { return now_ms_; }
  // For whoever may change it.
  overlay::Node& node(Who who) {
    members_[IndexOf(who)].deadline_ms.reset();
    return *members_[IndexOf(who)].node;
  }
  const overlay::Node& node(Who who) const {
    return *members_[IndexOf(who)].node;
  }
  int64_t DeadlineMs(Who who) { return DeadlineOf(members_[IndexOf(who)]); }
  // Of the other one; of carol.
  overlay::PeerView ViewOf(Who who) const;
  overlay::PeerView ViewOfCarol(Who who) const;
  // Whoever has that key, and nothing else.
  MockPeer Stranger(const overlay::Key& secret);
  // Mallory, who says to be whoever has that key.
  MockPeer Impostor(const overlay::Key& claimed);
  // As each of them knows her.
  MockPeer& carol(Who at) { return carols_[IndexOf(at)]; }
  const MockPeer& carol(Who at) const { return carols_[IndexOf(at)]; }
  const overlay::Crypto& crypto() const { return crypto_; }
  const overlay::Relay& relay() const { return relay_.relay; }
  MockUdpNetwork& network() { return network_; }
  const PlaceSpec& place(Who who) const { return members_[IndexOf(who)].place; }
  bool SharesNat() const;
  // Where a host of the same network reaches the member.
  Endpoint LocalOf(Who who) const {
    return {network_.AddressOf(members_[IndexOf(who)].host), kPort};
  }
  // All that the machine itself knows of where it is.
  std::vector<Endpoint> LocalsOf(Who who) const;
  size_t PeersMax(Who who) const { return settings_[IndexOf(who)].peers_max; }
  uint64_t RenewAfterPackets(Who who) const {
    return settings_[IndexOf(who)].renew_after_packets;
  }
  const NonceLedger& nonces() const { return nonces_; }

  void CatchUp();
  // The scenario is over: what follows is played however much there was.
  void BeginRecovery();
  void Place(Who who, const PlaceSpec& place);
  // It has so many addresses more, at which nobody reaches it.
  void SetAddresses(Who who, uint8_t more);
  void Rebind(Who who);
  // Of the one relay, anew.
  bool UseRelay(Who who);
  bool has_relay(Who who) const { return members_[IndexOf(who)].has_relay; }
  void SetLink(Who who, const Link& link);
  void SetReach(Who who, bool other, bool relay);
  // The node is made anew, from what it had written down, if anything.
  void Restart(Who who, std::string_view records);
  // From nothing; it may be told where the other is.
  void RestartWithoutRelay(Who who, std::optional<Endpoint> hint);
  // Whether a node that is made anew would take these.
  bool TakesRecords(Who who, std::string_view records);
  // A datagram comes to be there, from wherever it claims to be.
  void Inject(Who at, const Endpoint& from, Bytes datagram);
  void InjectIntoRelay(const Endpoint& from, Bytes datagram);

  bool exhausted() const { return events_ >= kEventsMax; }
  // Where the datagram came from that a member handles, or was the last to.
  const Endpoint& handled_from() const { return handled_from_; }
  // How often everybody did.
  size_t sleeps() const { return sleeps_; }
  // Somebody wants to be called again and again without time passing.
  bool spins() const { return spins_; }

 private:
  struct Member final : overlay::Sink {
    World* world = nullptr;
    Who who = Who::kAlice;
    size_t host = 0;
    PlaceSpec place;
    uint8_t more_addresses = 0;
    bool has_relay = false;  // the node was told of it
    std::unique_ptr<overlay::Node> node;
    std::optional<int64_t> deadline_ms;  // the node's, while nothing happens

    void SendTo(const Endpoint& to, Bytes datagram) override;
    void OnMessage(const overlay::Key& peer, Bytes message) override;
    void OnGivenUp(const overlay::Key& peer, size_t messages) override;
  };
  struct RelayHost final : overlay::Relay::Sink {
    RelayHost(World& owner, const overlay::Crypto& crypto);
    void SendTo(const Endpoint& to, Bytes datagram) override;

    World& world;
    size_t host = 0;
    overlay::Relay relay;
  };

  void MakeNode(Member& member);
  void AddPeers(Member& member, std::optional<Endpoint> hint = {});
  static int64_t DeadlineOf(Member& member);
  void MoveTo(int64_t now_ms);
  int64_t NextEventMs();
  void PlayNext();
  void PlayArrival();

  Run& run_;
  WorldWatch& watch_;
  int64_t now_ms_;
  NonceLedger nonces_;
  MockCrypto crypto_{&nonces_};
  MockEntropy entropy_{0x6f7665726c6179};
  std::array<overlay::Settings, kMembers> settings_;
  MockUdpNetwork network_;
  std::array<MockNat, kMembers + 1> nats_;  // each one's own, and the shared
  std::array<Member, kMembers> members_;
  RelayHost relay_;
  std::array<MockPeer, kMembers> carols_;
  Endpoint handled_from_;
  bool recovering_ = false;
  size_t sleeps_ = 0;
  size_t events_ = 0;
  size_t events_now_ = 0;  // since time passed last
  size_t backlog_ = 0;     // datagrams under way when it did
  bool spins_ = false;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_WORLD_H_
