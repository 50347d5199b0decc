// SPDX-License-Identifier: Apache-2.0
// The relay as members are told of it, and as strangers find it: it has room
// for one client more than there are members.
#include <algorithm>
#include <utility>

#include "harnesses/networking/subject.h"

namespace formfuzz {

using overlay::Bytes;
using overlay::Endpoint;

namespace {

constexpr Endpoint kStrangers{0xc6330001, 41'000};  // 198.51.0.1, by port

}  // namespace

// Told of it anew, as by whoever reads its configuration again.
Outcome Networking::UseRelay(Who who) {
  world_.CatchUp();
  if (!world_.has_relay(who)) {
    WatchSessions();
    Disturb();
    // Nobody saw how often it tried before, with nowhere to go.
    hellos_[IndexOf(who)].pause_ms = overlay::Settings().handshake_last_ms;
  }
  const bool used = world_.UseRelay(who);
  run_.Expect(used, "RelaysAreUsed");
  served_[IndexOf(who)].Begin(world_.now_ms());
  return Settle(Outcome::Ok());
}

// It may pass it on for a client, which mallory is none of; and the receiver
// need not take it.
void Networking::PutIntoRelay(const Endpoint& from, Bytes datagram) {
  const auto relayed = overlay::ParseRelayed(datagram);
  if (relayed.has_value()) put_in_.push_back(overlay::Crc32(relayed->inner));
  const uint64_t sent = relay_sent_;
  clients_.NoteHeard(from, datagram);
  world_.InjectIntoRelay(from, datagram);
  run_.Expect(
      from != World::kMallory || !relayed.has_value() || relay_sent_ == sent,
      "OnlyClientsAreServed");
}

// What comes to the relay whole is passed on where both are its clients.
void Networking::JudgePassedOn(const Endpoint& from, Bytes datagram) {
  const auto relayed = overlay::ParseRelayed(datagram);
  if (!relayed.has_value()) return;
  run_.Expect(relay_sent_ > relay_sent_before_ ||
                  !clients_.MayTalk(from, relayed->key, world_.now_ms()),
              "ClientsAreServed");
}

void Networking::JudgeServed(Who who) {
  if (world_.exhausted() || world_.spins()) return;
  run_.Expect(!served_[IndexOf(who)].IsLate(world_.now_ms()),
              "ServersAreAskedAgain");
}

// Honestly, with a key of its own. There is room for it unless all clients have
// registered of late; who has stays one.
Outcome Networking::StrangerRegisters(uint8_t number) {
  world_.CatchUp();
  WatchSessions();
  Disturb();  // members whom the relay has not heard may have to wait
  const overlay::Relay& relay = world_.relay();
  const overlay::KeyPair own = world_.crypto().PairOf(SecretOfStranger(number));
  const auto keys = AgreeWithRelay(world_.crypto(), own, relay.key());
  const auto stamp = static_cast<uint64_t>(world_.now_ms()) + ++strangers_said_;
  std::array<uint8_t, overlay::kRegistrationBytes> datagram;
  overlay::Writer out(datagram);
  overlay::WriteRegistration({own.open, stamp, {}}, out);
  const Bytes head = out.written();
  world_.crypto().Seal(keys->forth, stamp, head, {},
                       out.Reserve(overlay::kTagBytes));
  const auto clients = clients_.Of(relay);
  const bool fits =
      relay.client_count() < World::kRelayClients ||
      relay.ClientOf(own.open).has_value() ||
      !std::ranges::all_of(
          clients,
          [&](const auto& client) { return client.IsAlive(world_.now_ms()); });
  Endpoint from = kStrangers;
  from.port = static_cast<uint16_t>(from.port + number);
  const bool was_client = relay.ClientOf(own.open).has_value();
  clients_.NoteHeard(from, datagram);
  world_.InjectIntoRelay(from, datagram);
  run_.Expect((relay.ClientOf(own.open) == from) == (fits || was_client),
              "TheRelayTakesWhoFits");
  for (const auto& client : clients) {
    if (client.key == own.open || !client.IsAlive(world_.now_ms())) continue;
    run_.Expect(relay.ClientOf(client.key) == client.endpoint,
                "TheRelayKeepsTheLiving");
  }
  return Settle(Outcome::Ok());
}

overlay::Key Networking::KeyOf(Newcomer newcomer, Who who) const {
  switch (newcomer) {
    case Newcomer::kKnown:
      return world_.carol(who).key();
    case Newcomer::kItself:
      return world_.node(who).key();
    case Newcomer::kStranger:
    case Newcomer::kAnother:
      break;
  }
  const uint8_t number = newcomer == Newcomer::kStranger ? 0 : 1;
  return world_.crypto().PairOf(SecretOfStranger(number)).open;
}

// A peer is added once, while there is room, and nobody is its own.
Outcome Networking::AddPeer(Who who, Newcomer newcomer) {
  world_.CatchUp();
  const uint64_t before = StateOf(who);
  const overlay::Node& node = std::as_const(world_).node(who);
  const auto is_known = [&](Newcomer one) {
    return node.View(KeyOf(one, who)).has_value();
  };
  size_t known = kMembers;
  for (const Newcomer stranger : {Newcomer::kStranger, Newcomer::kAnother}) {
    if (is_known(stranger)) ++known;
  }
  auto should = absl::StatusCode::kOk;
  if (newcomer == Newcomer::kItself) {
    should = absl::StatusCode::kInvalidArgument;
  } else if (is_known(newcomer)) {
    should = absl::StatusCode::kAlreadyExists;
  } else if (known >= world_.PeersMax(who)) {
    should = absl::StatusCode::kResourceExhausted;
  }
  const bool stays = is_known(newcomer) || should == absl::StatusCode::kOk;
  const auto done = world_.node(who).AddPeer(KeyOf(newcomer, who));
  run_.Expect(done.code() == should && StateOf(who) == before &&
                  is_known(newcomer) == stays,
              "PeersAreAddedOnce");
  return Settle(ToOutcome(done));
}

}  // namespace formfuzz
