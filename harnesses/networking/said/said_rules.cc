// SPDX-License-Identifier: Apache-2.0
// What members say to each other, and to carol, once it can be read.
#include <algorithm>

#include "harnesses/networking/subject.h"

namespace formfuzz {

using overlay::Bytes;
using overlay::Endpoint;

namespace {

// Where a member is, as others should know it.
overlay::CandidateList PlacesOf(const World& world, Who who) {
  overlay::CandidateList places;
  for (const Endpoint& local : world.LocalsOf(who)) {
    places.Add({local, overlay::CandidateKind::kHost});
  }
  if (const auto seen = world.node(who).reflexive()) {
    places.Add({*seen, overlay::CandidateKind::kServerReflexive});
  }
  return places;
}

}  // namespace

// By a path that she made, packets are known by their index, and handshakes,
// which have none of hers, by where they go.
bool Networking::IsForCarol(const Sent& sent) const {
  if (sent.relayed.has_value()) {
    return sent.relayed->key == world_.carol(sent.by).key();
  }
  const Endpoint& to = sent.to;
  if (to == World::kCarol || !carol_answered_) return to == World::kCarol;
  if (const auto packet = overlay::ParseSealed(sent.datagram)) {
    return packet->receiver == world_.ViewOfCarol(sent.by).remote_epoch;
  }
  const CarolPaths& paths = carol_paths_[IndexOf(sent.by)];
  return paths.Names(to) || paths.HasAnswered(to, 0);
}

void Networking::NoteSaid(const Sent& sent, bool to_carol) {
  const Who by = sent.by;
  if (sent.type == overlay::PacketType::kInit) JudgeStamp(by);
  if (sent.type != overlay::PacketType::kSealed) return;
  const View view = to_carol ? world_.ViewOfCarol(by) : world_.ViewOf(by);
  Said& said = said_[IndexOf(by)][to_carol ? 1 : 0];
  said.Note(view, world_.nonces().last_plain(), world_.now_ms());
  run_.Expect(!said.went_too_far(), "WindowsAreKept");
  run_.Expect(!said.said_again(), "ArrivedIsNotSaidAgain");
  run_.Expect(!said.chatters(), "SignsOfLifeAreRare");
}

// What a handshake claims is sealed last: a stamp, and the stream. It rises, or
// peers take the later one for the earlier one said again.
void Networking::JudgeStamp(Who by) {
  const uint64_t stamp = world_.nonces().last_word();
  run_.Expect(stamp > stamps_[IndexOf(by)], "StampsRise");
  stamps_[IndexOf(by)] = stamp;
}

// All that was due until now was done, unless everybody sleeps.
void Networking::JudgeSaid(Who who, const View& view) {
  const View carol = world_.ViewOfCarol(who);
  JudgeMemory(carol);
  if (world_.exhausted() || world_.spins()) return;
  run_.Expect(!SaidToCarol(who).IsLate(carol, world_.now_ms()),
              "WhatWaitsIsSaidAgain");
  run_.Expect(carol_saw_[IndexOf(who)] ||
                  !SaidToCarol(who).IsLateToTell(carol, world_.now_ms()),
              "PlacesAreToldUntilSeen");
  run_.Expect(view.state != overlay::PeerState::kConnecting ||
                  !hellos_[IndexOf(who)].IsLate(world_.now_ms()),
              "HandshakesAreRepeated");
  run_.Expect(
      !carol.direct.has_value() || !carol_paths_[IndexOf(who)].IsAskedLate(
                                       *carol.direct, world_.now_ms()),
      "PathsAreAskedAgain");
  run_.Expect(!said_[IndexOf(who)][0].IsSilent(view, world_.now_ms()) &&
                  !SaidToCarol(who).IsSilent(carol, world_.now_ms()),
              "SessionsAreKeptAlive");
  const auto told = [&](const Said& said, const View& seen) {
    return seen.state != overlay::PeerState::kUp ||
           !said.places().has_value() ||
           std::ranges::is_permutation(*said.places(), PlacesOf(world_, who));
  };
  run_.Expect(
      told(said_[IndexOf(who)][0], view) && told(SaidToCarol(who), carol),
      "ChangedPlacesAreTold");
}

// In calm, by whoever began the session: a handshake is two packets.
void Networking::JudgeRenewal(Who who, const View& view) {
  constexpr int64_t kRenewedWithinMs = 30'000;
  std::optional<Overused>& since = overused_[IndexOf(who)];
  const bool overused =
      both_up_ && view.sent >= world_.RenewAfterPackets(who) &&
      std::ranges::count(begun_[IndexOf(who)], view.epoch) > 0;
  if (!overused) {
    since.reset();
    return;
  }
  if (!since.has_value() || since->epoch != view.epoch) {
    since = {view.epoch, world_.now_ms()};
  }
  run_.Expect(world_.now_ms() - since->from_ms < kRenewedWithinMs,
              "WornKeysAreRenewed");
}

}  // namespace formfuzz
