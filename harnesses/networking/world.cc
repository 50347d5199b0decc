// SPDX-License-Identifier: Apache-2.0
// Events are arrivals and deadlines, the earliest first; arrivals before
// deadlines of the same moment.
#include "harnesses/networking/world.h"

#include <algorithm>
#include <utility>

#include "framework/base/check.h"

namespace formfuzz {
namespace {

using overlay::Endpoint;

constexpr uint32_t kPublicAddress = 0xc0000201;   // 192.0.2.1 and up
constexpr uint32_t kNatAddress = 0xcb007101;      // 203.0.113.1 and up
constexpr uint32_t kPrivateAddress = 0x0a000001;  // 10.0.0.1 and up
constexpr uint32_t kOtherAddress = 0xc0a84d01;    // 192.168.77.1 and up
constexpr size_t kSharedNat = kMembers;
// No correct node is called so often without time passing.
constexpr size_t kEventsAtOnceMax = 1'000;

overlay::Key SecretOf(size_t number) {
  overlay::Key secret{};
  secret.fill(static_cast<uint8_t>(number + 1));
  return secret;
}
constexpr size_t kRelayNumber = kMembers;
constexpr size_t kCarolNumber = kMembers + 1;
constexpr size_t kMalloryNumber = kMembers + 2;

}  // namespace

World::World(Run& run, WorldWatch& watch)
    : run_(run),
      watch_(watch),
      now_ms_(static_cast<int64_t>(run.clock().NowMs())),
      network_(run.faults()),
      nats_{MockNat(kNatAddress), MockNat(kNatAddress + 1),
            MockNat(kNatAddress + 2)},
      relay_(*this, crypto_),
      carols_{MockPeer(crypto_, entropy_, SecretOf(kCarolNumber)),
              MockPeer(crypto_, entropy_, SecretOf(kCarolNumber))} {
  // Within reach of a scenario; and so late that windows for replays slide.
  settings_[IndexOf(Who::kAlice)].renew_after_packets = 200;
  settings_[IndexOf(Who::kBob)].renew_after_packets = 24;
  // One knows all that it may know, the other may get to know one more.
  settings_[IndexOf(Who::kAlice)].peers_max = kMembers;
  settings_[IndexOf(Who::kBob)].peers_max = kMembers + 1;
  relay_.host = network_.AddHost(kRelayEndpoint.address);
  for (size_t i = 0; i < kMembers; ++i) {
    Member& member = members_[i];
    member.world = this;
    member.who = static_cast<Who>(i);
    member.host = network_.AddHost(kPublicAddress + static_cast<uint32_t>(i));
    MakeNode(member);
    FORMFUZZ_CHECK(UseRelay(member.who), "the relay's key must be usable");
  }
  for (Member& member : members_) AddPeers(member);
}

// One knows carol for longer than the other one.
void World::AddPeers(Member& member, std::optional<Endpoint> hint) {
  const overlay::Key other = node(OtherOf(member.who)).key();
  std::array keys{other, carols_[0].key()};
  if (member.who == Who::kAlice) std::swap(keys[0], keys[1]);
  for (const overlay::Key& key : keys) {
    const auto at = key == other ? hint : std::nullopt;
    FORMFUZZ_CHECK(member.node->AddPeer(key, at).ok(), "a peer must be new");
  }
}

std::vector<Endpoint> World::LocalsOf(Who who) const {
  const Member& member = members_[IndexOf(who)];
  std::vector<Endpoint> locals{LocalOf(who)};
  for (uint32_t i = 0; i < member.more_addresses; ++i) {
    const uint32_t host = 16 * static_cast<uint32_t>(IndexOf(who)) + i;
    locals.push_back({kOtherAddress + host, kPort});
  }
  return locals;
}

void World::MakeNode(Member& member) {
  member.deadline_ms.reset();
  member.node = std::make_unique<overlay::Node>(
      overlay::Node::Parts{crypto_, entropy_, member},
      SecretOf(IndexOf(member.who)), settings_[IndexOf(member.who)]);
  member.has_relay = false;
  member.node->SetLocalEndpoints(LocalsOf(member.who));
}

overlay::PeerView World::ViewOf(Who who) const {
  return *node(who).View(node(OtherOf(who)).key());
}

overlay::PeerView World::ViewOfCarol(Who who) const {
  return *node(who).View(carols_[0].key());
}

void World::Member::SendTo(const Endpoint& to, Bytes datagram) {
  world->watch_.OnSent(who, to, datagram);
  if (to == kCarol) world->carol(who).Receive(datagram);
  if (to == kRelayEndpoint && world->carol(who).awaits_answer()) {
    const auto relayed = overlay::ParseRelayed(datagram);
    if (relayed.has_value() && relayed->key == world->carol(who).key()) {
      world->carol(who).Receive(relayed->inner);
    }
  }
  world->network_.Send(host, kPort, to, datagram, world->now_ms_);
}

void World::Member::OnMessage(const overlay::Key& peer, Bytes message) {
  if (peer == world->carols_[0].key()) {
    world->watch_.OnMessageOfCarol(who, message);
  } else {
    world->watch_.OnMessage(who, message);
  }
}

void World::Member::OnGivenUp(const overlay::Key& peer, size_t messages) {
  if (peer == world->carols_[0].key()) return;
  world->watch_.OnGivenUp(who, messages);
}

World::RelayHost::RelayHost(World& owner, const overlay::Crypto& crypto)
    : world(owner),
      relay(crypto, SecretOf(kRelayNumber), *this, kRelayClients) {}

void World::RelayHost::SendTo(const Endpoint& to, Bytes datagram) {
  world.watch_.OnRelaySent(to, datagram);
  world.network_.Send(host, kRelayEndpoint.port, to, datagram, world.now_ms_);
}

int64_t World::DeadlineOf(Member& member) {
  if (!member.deadline_ms.has_value()) {
    member.deadline_ms = member.node->NextDeadlineMs();
  }
  return *member.deadline_ms;
}

int64_t World::NextEventMs() {
  int64_t next = network_.NextArrivalMs();
  for (Member& member : members_) next = std::min(next, DeadlineOf(member));
  return next;
}

void World::PlayArrival() {
  auto arrival = network_.TakeNext();
  if (!arrival.has_value()) return;
  if (arrival->host == relay_.host) {
    if (arrival->to.port != kRelayEndpoint.port) return;
    watch_.OnRelayHeard(arrival->from, arrival->datagram);
    relay_.relay.Receive(arrival->from, arrival->datagram, now_ms_);
    if (!arrival->intact) return;
    watch_.OnRelayArrival(arrival->from, std::move(arrival->datagram));
    return;
  }
  for (Member& member : members_) {
    if (member.host != arrival->host || arrival->to.port != kPort) continue;
    watch_.OnHeard(member.who, arrival->from, arrival->datagram);
    if (arrival->intact &&
        watch_.Intercepted(member.who, arrival->from, arrival->datagram)) {
      continue;
    }
    handled_from_ = arrival->from;
    node(member.who).Receive(arrival->from, arrival->datagram, now_ms_);
    // What was damaged on its way might be put right by chance, and what came
    // back to its sender was never the other's.
    if (!arrival->intact || arrival->sender == arrival->host) continue;
    watch_.OnArrival(member.who, arrival->from, std::move(arrival->datagram));
  }
}

void World::PlayNext() {
  ++events_;
  if (++events_now_ > kEventsAtOnceMax + backlog_) spins_ = true;
  if (network_.NextArrivalMs() <= now_ms_) {
    PlayArrival();
    return;
  }
  for (Member& member : members_) {
    if (DeadlineOf(member) <= now_ms_) node(member.who).Tick(now_ms_);
  }
}

// What was under way when time went by may all arrive at once.
void World::MoveTo(int64_t now_ms) {
  if (now_ms <= now_ms_) return;
  now_ms_ = now_ms;
  events_now_ = 0;
  backlog_ = network_.in_flight();
}

void World::CatchUp() {
  const auto present_ms = static_cast<int64_t>(run_.clock().NowMs());
  if (present_ms - now_ms_ > static_cast<int64_t>(kGapMsMax)) {
    MoveTo(present_ms);
    ++sleeps_;
  }
  while (!exhausted() && !spins_) {
    const int64_t next_ms = NextEventMs();
    if (next_ms > present_ms) break;
    MoveTo(next_ms);
    PlayNext();
  }
  MoveTo(present_ms);
}

void World::BeginRecovery() {
  if (recovering_) return;
  recovering_ = true;
  events_ = 0;
  network_.Heal();
  for (const Member& member : members_) {
    if (!member.has_relay) UseRelay(member.who);
  }
}

bool World::SharesNat() const {
  return std::all_of(members_.begin(), members_.end(), [](const Member& m) {
    return m.place.kind == PlaceKind::kSharedNat ||
           m.place.kind == PlaceKind::kIsolatedNat;
  });
}

// The NAT that both share behaves as whoever came last says.
void World::Place(Who who, const PlaceSpec& place) {
  Member& member = members_[IndexOf(who)];
  const auto number = static_cast<uint32_t>(IndexOf(who));
  const bool shared = place.kind == PlaceKind::kSharedNat ||
                      place.kind == PlaceKind::kIsolatedNat;
  member.place = place;
  if (place.kind == PlaceKind::kPublic) {
    network_.PlaceInPublic(member.host, kPublicAddress + number);
  } else {
    MockNat& nat = nats_[shared ? kSharedNat : number];
    nat.Become(place.nat);
    network_.PlaceBehind(member.host, &nat, kPrivateAddress + number,
                         place.kind == PlaceKind::kIsolatedNat);
  }
  if (shared && SharesNat()) {
    members_[IndexOf(OtherOf(who))].place.nat = place.nat;
  }
  node(who).SetLocalEndpoints(LocalsOf(who));
}

void World::SetAddresses(Who who, uint8_t more) {
  members_[IndexOf(who)].more_addresses = more;
  node(who).SetLocalEndpoints(LocalsOf(who));
}

void World::Rebind(Who who) {
  const MockNat* const nat = network_.NatOf(members_[IndexOf(who)].host);
  for (MockNat& one : nats_) {
    if (&one == nat) one.Rebind();
  }
}

bool World::UseRelay(Who who) {
  members_[IndexOf(who)].has_relay = true;
  return node(who).UseRelay(kRelayEndpoint, relay_.relay.key());
}

MockPeer World::Stranger(const overlay::Key& secret) {
  return {crypto_, entropy_, secret};
}

MockPeer World::Impostor(const overlay::Key& claimed) {
  return {crypto_, entropy_, SecretOf(kMalloryNumber), claimed};
}

void World::SetLink(Who who, const Link& link) {
  network_.LinkOf(members_[IndexOf(who)].host) = link;
}

void World::SetReach(Who who, bool other, bool relay) {
  const size_t host = members_[IndexOf(who)].host;
  network_.SetReach(host, members_[IndexOf(OtherOf(who))].host, other);
  network_.SetReach(host, relay_.host, relay);
}

void World::Restart(Who who, std::string_view records) {
  Member& member = members_[IndexOf(who)];
  MakeNode(member);
  UseRelay(who);
  if (!records.empty() && member.node->Load(records).ok()) return;
  AddPeers(member);
}

void World::RestartWithoutRelay(Who who, std::optional<Endpoint> hint) {
  MakeNode(members_[IndexOf(who)]);
  AddPeers(members_[IndexOf(who)], hint);
}

bool World::TakesRecords(Who who, std::string_view records) {
  MockEntropy entropy(0);
  overlay::Node node({crypto_, entropy, members_[IndexOf(who)]},
                     SecretOf(IndexOf(who)), settings_[IndexOf(who)]);
  return node.Load(records).ok();
}

void World::Inject(Who at, const Endpoint& from, Bytes datagram) {
  // What is put in by hand is nothing that mallory saw, whoever it is from.
  if (from == kMallory) watch_.OnMallory(at, datagram.size());
  handled_from_ = from;
  node(at).Receive(from, datagram, now_ms_);
}

void World::InjectIntoRelay(const Endpoint& from, Bytes datagram) {
  relay_.relay.Receive(from, datagram, now_ms_);
}

}  // namespace formfuzz
