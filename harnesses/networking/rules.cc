// SPDX-License-Identifier: Apache-2.0
// What must hold whatever happens, and what must be so again when nothing bad
// has happened for a while.
#include <algorithm>
#include <utility>

#include "components/overlay/session/replay_window.h"
#include "framework/base/text.h"
#include "harnesses/networking/direct_path.h"
#include "harnesses/networking/subject.h"

namespace formfuzz {
namespace {

// RFC 9000 allows as much before an address is validated (section 8.1).
constexpr uint64_t kAmplificationMax = 3;
constexpr size_t kHeldBytesMax =
    (overlay::kOutboxMessagesMax + overlay::kWindow) *
    overlay::kMessageBytesMax;

}  // namespace

std::string Networking::StrangersAreNotAmplified() const {
  for (const Traffic& traffic : strangers_) {
    if (traffic.out <= kAmplificationMax * traffic.in) continue;
    return Concat(traffic.out, " bytes were sent to mallory for ", traffic.in);
  }
  return {};
}

void Networking::JudgeMemory(const View& view) {
  run_.Expect(view.held_bytes <= kHeldBytesMax &&
                  view.candidates <= 2 * overlay::kCandidatesMax,
              "MemoryIsBounded", "what is held for one peer");
  const size_t clients = world_.relay().client_count();
  run_.Expect(clients <= World::kRelayClients && clients <= clients_.size(),
              "MemoryIsBounded", "clients of the relay, or nobody knows them");
}

// Whether packets that were sent later, by a faster path, have come so far
// ahead that a replay window may refuse it.
bool Networking::IsOvertaken(Who at, const overlay::SealedPacket& packet) {
  const std::pair key(at, packet.receiver);
  const auto known = std::ranges::find(newest_, key, &NewestHeard::key);
  if (known == newest_.end()) {
    newest_.push_back({key, packet.counter});
    return false;
  }
  known->counter = std::max(known->counter, packet.counter);
  return known->counter - packet.counter >= overlay::ReplayWindow::kWidth;
}

// Of those that arrive as they were sent, and for the first time. Of several in
// the same millisecond, one that is taken stands for all.
void Networking::NoteHeard(Who at, const overlay::Endpoint& from,
                           overlay::Bytes datagram) {
  const bool direct = overlay::TypeOf(datagram) == overlay::PacketType::kSealed;
  if (const auto relayed = overlay::ParseRelayed(datagram)) {
    datagram = relayed->inner;
  }
  if (overlay::TypeOf(datagram) != overlay::PacketType::kSealed ||
      (!put_in_.empty() &&
       std::ranges::count(put_in_, overlay::Crc32(datagram)) > 0)) {
    return;
  }
  const auto packet = overlay::ParseSealed(datagram);
  const bool overtaken = packet.has_value() && IsOvertaken(at, *packet);
  if (!both_up_ || IsDisturbed() || overtaken) return;
  const View view = world_.ViewOf(at);
  unheard_ |= view.heard_ms != world_.now_ms();
  run_.Expect(!direct || view.hint == from, "PeersAreTriedWhereHeard", "last");
}

// A peer is tried where packets of its own came from, and nowhere else; and a
// path is where a question was answered from (RFC 8445, 7.2.5.2.1), not long
// before the node last looked.
void Networking::JudgeHint(Who who, const View& view) {
  constexpr overlay::Settings kUsual;
  constexpr int64_t kAnsweredWithinMs =
      kUsual.path_valid_ms + kUsual.check_last_ms;
  run_.Expect(!view.hint.has_value() ||
                  std::ranges::count(heard_from_[IndexOf(who)], *view.hint) > 0,
              "PeersAreTriedWhereHeard");
  if (!view.direct.has_value()) return;
  const auto& answered = answered_from_[IndexOf(who)];
  const auto path = std::ranges::find(answered, *view.direct, &HeardFrom::at);
  run_.Expect(path != answered.end() &&
                  (world_.exhausted() || world_.spins() ||
                   world_.now_ms() - path->heard_ms <= kAnsweredWithinMs),
              "PathsAreWhereAnswersComeFrom");
}

// A session that was ended does not come back: it takes another.
void Networking::JudgeEnd(Who who, const View& view) {
  run_.Expect(view.state != overlay::PeerState::kUp ||
                  view.sessions != ended_[IndexOf(who)],
              "NothingStaysOfASession");
}

// Whoever was asked to keep the other connected does, until it is asked to end
// that, or hears that the other one has: once, and not without keys.
void Networking::JudgeWanted(Who who, const View& view) {
  bool& wants = wants_[IndexOf(who)];
  bool& may_hear_the_end = may_hear_the_end_[IndexOf(who)];
  if (may_hear_the_end && !view.wanted) wants = false;
  if (view.state != overlay::PeerState::kUp && view.proposed_epoch == 0) {
    may_hear_the_end = false;
  }
  run_.Expect(view.wanted == wants, "WhoIsWantedStaysSo");
}

bool Networking::SomebodyWants() const {
  return std::any_of(ledgers_.begin(), ledgers_.end(),
                     [](const MessageLedger& ledger) {
                       return ledger.missing() > 0;
                     }) ||
         world_.ViewOf(Who::kAlice).wanted || world_.ViewOf(Who::kBob).wanted;
}

// Nothing more can be expected, as it is of no interest to anybody.
bool Networking::IsQuiet() {
  world_.BeginRecovery();
  world_.CatchUp();
  return !SomebodyWants();
}

bool Networking::EverythingArrives() {
  return IsQuiet() ||
         (ledgers_[0].missing() == 0 && ledgers_[1].missing() == 0);
}

bool Networking::ViewsAgree() {
  if (IsQuiet()) return true;
  const View a = world_.ViewOf(Who::kAlice);
  const View b = world_.ViewOf(Who::kBob);
  // Both send with the same keys, or one with what the other just answered.
  const bool same_keys = a.remote_epoch == b.epoch && b.remote_epoch == a.epoch;
  const bool renewing =
      a.remote_epoch == b.proposed_epoch || b.remote_epoch == a.proposed_epoch;
  return (same_keys || renewing) && a.state == overlay::PeerState::kUp &&
         b.state == overlay::PeerState::kUp &&
         a.remote_stream == b.own_stream && b.remote_stream == a.own_stream &&
         a.queued == 0 && b.queued == 0 && a.first_out == b.next_in &&
         b.first_out == a.next_in &&
         a.direct.has_value() == b.direct.has_value();
}

// A NAT that preserves ports gives the one that the other end was told of to
// whatever is sent first once that is free: mostly, but not always, to STUN.
bool Networking::IsPossibleByChance() {
  const auto preserves = [](const PlaceSpec& place) {
    return place.kind != PlaceKind::kPublic &&
           place.nat.mapping != NatScope::kEndpointIndependent &&
           place.nat.ports == NatPorts::kPreserved;
  };
  return preserves(world_.place(Who::kAlice)) ||
         preserves(world_.place(Who::kBob));
}

bool Networking::DirectWherePossible() {
  if (IsQuiet()) return true;
  const bool possible =
      DirectPathIsPossible(world_.place(Who::kAlice), world_.place(Who::kBob));
  const auto from_alice = world_.ViewOf(Who::kAlice).direct;
  const auto from_bob = world_.ViewOf(Who::kBob).direct;
  const bool alice = from_alice.has_value();
  const bool bob = from_bob.has_value();
  // They may still know of each other what nobody could find out now.
  if (moved_ && alice && bob) return true;
  if (!possible && IsPossibleByChance()) return alice == bob;
  // Not by the NAT, where neighbours need none.
  if (world_.place(Who::kAlice).kind == PlaceKind::kSharedNat &&
      world_.place(Who::kBob).kind == PlaceKind::kSharedNat) {
    return from_alice == world_.LocalOf(Who::kBob) &&
           from_bob == world_.LocalOf(Who::kAlice);
  }
  return alice == possible && bob == possible;
}

}  // namespace formfuzz
