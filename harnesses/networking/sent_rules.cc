// SPDX-License-Identifier: Apache-2.0
// What members and the relay send, looked at on its way out.
#include <algorithm>
#include <cstring>
#include <utility>

#include "components/overlay/relay/relay.h"
#include "harnesses/networking/stun/stun_reader.h"
#include "harnesses/networking/subject.h"

namespace formfuzz {

using overlay::Bytes;
using overlay::Endpoint;

namespace {

// Neither of "this network" nor of a group, nor reserved (RFC 6890).
bool IsAHosts(const Endpoint& endpoint) {
  const uint32_t address = endpoint.address;
  return endpoint.port != 0 && address >= 0x01000000 && address < 0xe0000000;
}

}  // namespace

void Networking::OnRelaySent(const Endpoint& to, Bytes datagram) {
  if (to == World::kMallory) strangers_[kMembers].out += datagram.size();
  JudgeSent(to, datagram);
  NoteRelayed(to, datagram);
  run_.Expect(clients_.PassesRight(to, datagram), "TheRelayNamesTheSender");
  clients_.NoteSent(to, datagram, world_.now_ms());
  ++relay_sent_;
  relay_said_.assign(datagram.begin(), datagram.end());
}

// To a host; and STUN as others read it, its answers to whom they tell of.
void Networking::JudgeSent(const Endpoint& to, Bytes datagram) {
  run_.Expect(IsAHosts(to), "OnlyHostsAreSentTo");
  if (!overlay::LooksLikeStun(datagram)) return;
  const bool read = FormOf(datagram) != StunForm::kIll;
  run_.Expect(read, "WellFormedIsSent");
  const bool answers = datagram[0] == 1 && datagram[1] == 1;
  run_.Expect(!read || !answers || AddressTold(datagram) == to,
              "AnswersTellTheAddress");
}

// An answer to a check is made with what the asked end is asked with.
void Networking::JudgeAnswer(Who by, Bytes datagram) {
  const auto vouched = [&](const View& view) {
    return IsVouchedFor(datagram, view.own.password, world_.crypto());
  };
  run_.Expect(vouched(world_.ViewOf(by)) || vouched(world_.ViewOfCarol(by)),
              "AnswersAreVouchedFor");
}

// Of a handshake's two packets. The second goes back where the first came from.
void Networking::NoteEphemeral(const Endpoint& to, Bytes datagram) {
  constexpr size_t kKeptMax = 64;
  overlay::Key ephemeral;
  if (const auto init = overlay::ParseInit(datagram)) {
    ephemeral = init->ephemeral;
  } else if (const auto accept = overlay::ParseAccept(datagram)) {
    ephemeral = accept->ephemeral;
    run_.Expect(to == world_.handled_from(), "AnswersGoBack");
  } else {
    return;
  }
  ephemeral_again_ |= std::ranges::count(ephemerals_, ephemeral) > 0;
  if (ephemerals_.size() < kKeptMax) ephemerals_.push_back(ephemeral);
}

void Networking::NotePace(Who by, const Endpoint& to, Bytes datagram) {
  constexpr size_t kFragments =
      overlay::kMessageBytesMax / overlay::kFragmentBytes;
  Silence& silence = silences_[IndexOf(by)];
  if (world_.now_ms() - silence.since_ms >= kSilenceMs) {
    silence = {.since_ms = world_.now_ms()};
  }
  const auto type = overlay::TypeOf(datagram);
  if (type == overlay::PacketType::kRegistration) {
    checks_in_a_row_ |= paces_[IndexOf(by)].IsTooFast(world_.now_ms());
  }
  if (type == overlay::PacketType::kInit) {
    const bool renews = world_.ViewOf(by).state == overlay::PeerState::kUp;
    ++(renews ? silence.renewals : silence.beginnings);
    NoteBegun(by, to, overlay::ParseInit(datagram)->sender);
  }
  if (type == overlay::PacketType::kSealed) {
    ++silence.sealed;
    ++sealed_[IndexOf(by)];
  }
  const size_t messages =
      std::min<size_t>(LedgerFrom(by).sent_count(), overlay::kWindow);
  hasty_ |= silence.renewals > kHandshakesMax ||
            silence.beginnings > kHandshakesMax ||
            silence.sealed > (messages * kFragments + 2) * kRepetitionsMax;
}

// Where the other answered, or to the relay, or where it was heard. Where the
// keys in use are those of the handshake before, that was answered, and its
// pauses are over.
void Networking::NoteBegun(Who by, const Endpoint& to, uint32_t index) {
  constexpr overlay::Settings kUsual;
  const View view = world_.ViewOf(by);
  const bool by_relay = world_.has_relay(by);
  run_.Expect((by_relay ? to == World::kRelayEndpoint : to == view.hint) ||
                  std::ranges::count(answered_from_[IndexOf(by)], to,
                                     &HeardFrom::at) > 0,
              "KnownPlacesAreTried");
  auto& begun = begun_[IndexOf(by)];
  Repetition& hellos = hellos_[IndexOf(by)];
  if (!begun.empty() && view.epoch == begun.back()) hellos.pause_ms = 0;
  begun.push_back(index);
  hellos.Said(world_.now_ms(), kUsual.handshake_first_ms,
              kUsual.handshake_last_ms);
}

void Networking::OnSent(Who by, const Endpoint& to, Bytes datagram) {
  JudgeSent(to, datagram);
  if (to == World::kMallory) strangers_[IndexOf(by)].out += datagram.size();
  if (IsOf(SeenKind::kCheckAnswer, datagram)) {
    if (to == carol_waits_) carol_waits_.reset();
    JudgeAnswer(by, datagram);
    run_.Expect(to == world_.handled_from(), "AnswersGoBack");
  }
  if (datagram.size() > 1 && datagram[0] == 0 && datagram[1] == 1) {
    carol_paths_[IndexOf(by)].NoteAsked(to, datagram, world_.now_ms());
    checks_in_a_row_ |= paces_[IndexOf(by)].IsTooFast(world_.now_ms());
    overlay::Reader in(datagram);
    in.Take(8);
    if (to == World::kRelayEndpoint) in.Fill(asked_[IndexOf(by)]);
  }
  const auto relayed = overlay::ParseRelayed(datagram);
  const Bytes inner = relayed.has_value() ? relayed->inner : datagram;
  NoteEphemeral(to, inner);
  const bool to_carol = IsForCarol(by, to, datagram);
  NoteSaid(by, to_carol, inner);
  if (!to_carol) NotePace(by, to, inner);
  NoteDetour(by, to, datagram);
  if (to == World::kRelayEndpoint) {
    served_[IndexOf(by)].NoteSent(datagram, world_.now_ms());
  }
  if (IsOf(SeenKind::kSealed, datagram)) LedgerFrom(by).MayBeOut();
  readable_ |= MessageLedger::IsMarked(datagram);
}

void Networking::NotePlace(const Endpoint& from,
                           std::vector<HeardFrom>& known) const {
  const auto place = std::ranges::find(known, from, &HeardFrom::at);
  if (place == known.end()) {
    known.push_back({from, world_.now_ms()});
  } else {
    place->heard_ms = world_.now_ms();
  }
}

void Networking::NoteRelayed(const Endpoint& to, Bytes datagram) {
  if (overlay::TypeOf(datagram) != overlay::PacketType::kRelayed) return;
  const auto known = std::ranges::find(registered_, to, &HeardFrom::at);
  sent_to_silent_ |=
      known == registered_.end() ||
      world_.now_ms() - known->heard_ms >= overlay::kClientLifetimeMs;
}

void Networking::NoteDetour(Who by, const Endpoint& to, Bytes datagram) {
  if (!both_direct_ || to != World::kRelayEndpoint || IsDisturbed()) return;
  const auto relayed = overlay::ParseRelayed(datagram);
  // A handshake is answered the way it came, and mallory may have sent it.
  path_lost_ |= relayed.has_value() && IsOf(SeenKind::kSealed, datagram) &&
                relayed->key == std::as_const(world_).node(OtherOf(by)).key();
}

}  // namespace formfuzz
