// SPDX-License-Identifier: Apache-2.0
// What members and the relay send, looked at on its way out.
#include <algorithm>
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
void Networking::NoteEphemeral(const Sent& sent) {
  constexpr size_t kKeptMax = 64;
  overlay::Key ephemeral;
  if (const auto init = overlay::ParseInit(sent.inner)) {
    ephemeral = init->ephemeral;
  } else if (const auto accept = overlay::ParseAccept(sent.inner)) {
    ephemeral = accept->ephemeral;
    run_.Expect(sent.to == world_.handled_from(), "AnswersGoBack");
  } else {
    return;
  }
  ephemeral_again_ |= std::ranges::count(ephemerals_, ephemeral) > 0;
  if (ephemerals_.size() < kKeptMax) ephemerals_.push_back(ephemeral);
}

void Networking::NotePace(const Sent& sent) {
  constexpr size_t kFragments =
      overlay::kMessageBytesMax / overlay::kFragmentBytes;
  const Who by = sent.by;
  Silence& silence = silences_[IndexOf(by)];
  if (world_.now_ms() - silence.since_ms >= kSilenceMs) {
    silence = {.since_ms = world_.now_ms()};
  }
  if (sent.type == overlay::PacketType::kRegistration) {
    checks_in_a_row_ |= paces_[IndexOf(by)].IsTooFast(world_.now_ms());
  }
  if (sent.type == overlay::PacketType::kInit) {
    const View view = world_.ViewOf(by);
    const bool renews = view.state == overlay::PeerState::kUp;
    ++(renews ? silence.renewals : silence.beginnings);
    NoteBegun(sent, view);
  }
  if (sent.type == overlay::PacketType::kSealed) {
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
void Networking::NoteBegun(const Sent& sent, const View& view) {
  constexpr overlay::Settings kUsual;
  const bool by_relay = world_.has_relay(sent.by);
  run_.Expect(
      (by_relay ? sent.to == World::kRelayEndpoint : sent.to == view.hint) ||
          std::ranges::count(answered_from_[IndexOf(sent.by)], sent.to,
                             &HeardFrom::at) > 0,
      "KnownPlacesAreTried");
  auto& begun = begun_[IndexOf(sent.by)];
  Repetition& hellos = hellos_[IndexOf(sent.by)];
  if (!begun.empty() && view.epoch == begun.back()) hellos.pause_ms = 0;
  begun.push_back(overlay::ParseInit(sent.inner)->sender);
  hellos.Said(world_.now_ms(), kUsual.handshake_first_ms,
              kUsual.handshake_last_ms);
}

void Networking::OnSent(Who by, const Endpoint& to, Bytes datagram) {
  const Sent sent(by, to, datagram);
  JudgeSent(to, datagram);
  if (to == World::kMallory) strangers_[IndexOf(by)].out += datagram.size();
  if (sent.IsStunAnswer()) {
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
  NoteEphemeral(sent);
  const bool to_carol = IsForCarol(sent);
  NoteSaid(sent, to_carol);
  if (!to_carol) NotePace(sent);
  NoteDetour(sent);
  if (to == World::kRelayEndpoint) {
    served_[IndexOf(by)].NoteSent(datagram, world_.now_ms());
  }
  if (sent.type == overlay::PacketType::kSealed) LedgerFrom(by).MayBeOut();
  readable_ |= MessageLedger::IsMarked(datagram);
}

void Networking::NotePlace(const Endpoint& from,
                           Notes<HeardFrom>& known) const {
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

void Networking::NoteDetour(const Sent& sent) {
  if (!both_direct_ || sent.to != World::kRelayEndpoint || IsDisturbed()) {
    return;
  }
  const auto& other = std::as_const(world_).node(OtherOf(sent.by));
  // A handshake is answered the way it came, and mallory may have sent it.
  path_lost_ |= sent.relayed.has_value() &&
                sent.type == overlay::PacketType::kSealed &&
                sent.relayed->key == other.key();
}

}  // namespace formfuzz
