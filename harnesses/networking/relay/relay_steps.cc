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

overlay::Key SecretOfStranger(uint8_t number) {
  overlay::Key secret{};
  secret.fill(static_cast<uint8_t>(0x40 | number));
  return secret;
}

}  // namespace

// Told of it anew, as by whoever reads its configuration again.
Outcome Networking::UseRelay(Who who) {
  world_.CatchUp();
  const bool used = world_.UseRelay(who);
  run_.Expect(used, "RelaysAreUsed");
  served_[IndexOf(who)].Begin(world_.now_ms());
  return Settle(Outcome::Ok());
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
  clients_.NoteHeard(datagram);
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

// A peer is added once, while there is room, and nobody is its own.
Outcome Networking::AddPeer(Who who, Newcomer newcomer) {
  world_.CatchUp();
  const uint64_t before = StateOf(who);
  overlay::Key key = world_.crypto().PairOf(SecretOfStranger(0)).open;
  auto should = absl::StatusCode::kResourceExhausted;
  if (newcomer == Newcomer::kKnown) {
    key = world_.carol(who).key();
    should = absl::StatusCode::kAlreadyExists;
  } else if (newcomer == Newcomer::kItself) {
    key = std::as_const(world_).node(who).key();
    should = absl::StatusCode::kInvalidArgument;
  }
  const auto done = world_.node(who).AddPeer(key);
  run_.Expect(done.code() == should && StateOf(who) == before,
              "PeersAreAddedOnce");
  return Settle(ToOutcome(done));
}

}  // namespace formfuzz
