// SPDX-License-Identifier: Apache-2.0
// Steps: what users, the world and mallory do.
#include "harnesses/networking/subject.h"

#include <algorithm>
#include <utility>

#include "framework/base/digest.h"
#include "harnesses/networking/direct_path.h"

namespace formfuzz {

using overlay::Bytes;
using overlay::Endpoint;

namespace {

int64_t Now(Run& run) { return static_cast<int64_t>(run.clock().NowMs()); }

}  // namespace

Networking::Networking(Run& run)
    : run_(run),
      served_{Served(Now(run)), Served(Now(run))},
      world_(run, *this) {}

Outcome Networking::Settle(Outcome outcome) {
  world_.CatchUp();
  const auto views = WatchSessions();
  uint64_t looks = 0;
  for (const Who who : {Who::kAlice, Who::kBob}) {
    const View& view = views[IndexOf(who)];
    const bool up = view.state == overlay::PeerState::kUp;
    Session& last = sessions_[IndexOf(who)];
    was_renewed_ |= up && last.epoch != view.epoch && last.epoch != 0 &&
                    last.sessions == view.sessions;
    last = {view.epoch, view.sessions};
    const int64_t due_ms = world_.DeadlineMs(who);
    if (due_ms < overlay::kNever) {
      run_.SetDeadline(static_cast<uint64_t>(due_ms));
    }
    JudgeMemory(view);
    JudgeHint(who, view);
    JudgeEnd(who, view);
    JudgeWanted(who, view);
    JudgeSaid(who, view);
    JudgeServed(who);
    JudgeRenewal(who, view);
    looks = looks << 8 | static_cast<uint64_t>(view.state) << 6 |
            uint64_t{view.direct.has_value()} << 5 |
            uint64_t{view.proposed_epoch != 0} << 4 |
            uint64_t{view.remote_stream != 0} << 3 |
            uint64_t{view.queued > 0} << 2 |
            std::min<uint64_t>(view.candidates, 3);
  }
  run_.Observe(looks);
  ObservePlaces(views);
  return outcome;
}

// Where they are who have a session: neighbours who hear each other by their
// own NAT are rare.
void Networking::ObservePlaces(const std::array<View, kMembers>& views) {
  uint64_t where = 1;
  for (const Who who : {Who::kAlice, Who::kBob}) {
    const View& view = views[IndexOf(who)];
    if (view.state != overlay::PeerState::kUp) return;
    const PlaceSpec& place = world_.place(who);
    where = where << 2 | static_cast<uint64_t>(place.kind);
    where = where << 2 | uint64_t{place.nat.hairpins} << 1 |
            uint64_t{view.direct.has_value()};
  }
  run_.Observe(where << 32);
}

void Networking::Disturb() {
  calm_from_ms_ = world_.now_ms() + kCalmAfterMs;
  silences_ = {};
  both_up_ = both_direct_ = false;
}

// Between two looks sessions may have ended and begun again: nodes count.
std::array<Networking::View, kMembers> Networking::WatchSessions() {
  if (IsDisturbed()) Disturb();
  sleeps_ = world_.sleeps();
  fired_ = run_.faults().fired();
  std::array views{world_.ViewOf(Who::kAlice), world_.ViewOf(Who::kBob)};
  const auto& [a, b] = views;
  for (const View& view : views) {
    const bool is_up = view.state == overlay::PeerState::kUp;
    was_direct_ |= is_up && view.direct.has_value();
    was_relayed_ |= is_up && !view.direct.has_value();
  }
  const bool up =
      a.state == overlay::PeerState::kUp && b.state == overlay::PeerState::kUp;
  session_lost_ |= both_up_ && (!up || a.sessions != sessions_[0].sessions ||
                                b.sessions != sessions_[1].sessions);
  both_up_ = up && !impaired_ && (a.wanted || b.wanted) &&
             world_.now_ms() >= calm_from_ms_ &&
             world_.has_relay(Who::kAlice) && world_.has_relay(Who::kBob);
  // One found by chance, or known from where they were before, may be lost.
  both_direct_ =
      both_up_ && a.direct.has_value() && b.direct.has_value() && !moved_ &&
      DirectPathIsPossible(world_.place(Who::kAlice), world_.place(Who::kBob));
  return views;
}

Outcome Networking::Connect(Who who) {
  world_.CatchUp();
  const View before = world_.ViewOf(who);
  const size_t begun = begun_[IndexOf(who)].size();
  overlay::Node& node = world_.node(who);
  const auto done =
      node.Connect(world_.node(OtherOf(who)).key(), world_.now_ms());
  wants_[IndexOf(who)] = true;
  const bool begins = before.state == overlay::PeerState::kIdle &&
                      !before.wanted && before.queued == 0 &&
                      (world_.has_relay(who) || before.hint.has_value());
  run_.Expect(!begins || begun_[IndexOf(who)].size() > begun,
              "KnownPlacesAreTried");
  return Settle(ToOutcome(done));
}

Outcome Networking::Disconnect(Who who) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  disconnected_ = true;
  wants_[IndexOf(who)] = false;
  may_hear_the_end_[IndexOf(OtherOf(who))] = true;
  const View before = world_.ViewOf(who);
  const uint64_t sealed = sealed_[IndexOf(who)];
  overlay::Node& node = world_.node(who);
  const auto done =
      node.Disconnect(world_.node(OtherOf(who)).key(), world_.now_ms());
  const View after = world_.ViewOf(who);
  run_.Expect(!after.wanted && after.queued == 0 && after.candidates == 0 &&
                  after.state == overlay::PeerState::kIdle &&
                  after.own != before.own &&
                  after.own_stream != before.own_stream,
              "NothingStaysOfASession");
  run_.Expect(before.state != overlay::PeerState::kUp || world_.exhausted() ||
                  sealed_[IndexOf(who)] > sealed,
              "TheEndIsSaid");
  ended_[IndexOf(who)] = after.sessions;
  return Settle(ToOutcome(done));
}

absl::Status Networking::Offer(Who who, uint16_t size) {
  const size_t queued = world_.ViewOf(who).queued;
  const bool fits = queued < overlay::kOutboxMessagesMax;
  const bool valid = size > 0 && size <= overlay::kMessageBytesMax;
  const auto message = LedgerFrom(who).Next(size);
  // It may arrive before the call returns.
  if (fits && valid) LedgerFrom(who).Sent(size);
  const auto done = world_.node(who).Send(world_.node(OtherOf(who)).key(),
                                          message, world_.now_ms());
  run_.Expect(done.ok() == (fits && valid), "SendTakesWhatFits");
  return done;
}

Outcome Networking::Send(Who who, uint16_t size) {
  world_.CatchUp();
  return Settle(ToOutcome(Offer(who, size)));
}

Outcome Networking::SendMany(Who who, uint8_t messages) {
  constexpr uint16_t kTellable = 8;  // bytes that no other message has
  world_.CatchUp();
  for (uint8_t i = 0; i < messages; ++i) {
    if (!Offer(who, kTellable).ok()) break;
  }
  return Settle(Outcome::Ok());
}

Outcome Networking::Pass(uint32_t ms) {
  const auto told = ToldToCarol();
  run_.clock().AdvanceMs(ms);
  const Outcome outcome = Settle(Outcome::Ok());
  JudgeTold(told, ms);
  return outcome;
}

Outcome Networking::Place(Who who, const PlaceSpec& place) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  world_.Place(who, place);
  moved_ |= was_direct_ || was_relayed_;
  return Settle(Outcome::Ok());
}

// Machines have several, and lose some: peers are told of those that are left.
Outcome Networking::SetAddresses(Who who, uint8_t more) {
  world_.CatchUp();
  world_.SetAddresses(who, more);
  return Settle(Outcome::Ok());
}

// Behind NATs of one make, say.
Outcome Networking::PlaceBoth(const PlaceSpec& place) {
  Place(Who::kAlice, place);
  return Place(Who::kBob, place);
}

Outcome Networking::Rebind(Who who) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  world_.Rebind(who);
  return Settle(Outcome::Ok());
}

Outcome Networking::SetLink(Who who, const Link& link, uint8_t seed) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  impaired_ = true;
  world_.network().Seed(seed);
  world_.SetLink(who, link);
  return Settle(Outcome::Ok());
}

Outcome Networking::SetCut(Who who, Cut cut) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  impaired_ = true;
  world_.SetReach(who, cut == Cut::kNothing || cut == Cut::kRelay,
                  cut == Cut::kNothing || cut == Cut::kOther);
  return Settle(Outcome::Ok());
}

Outcome Networking::Heal() {
  world_.CatchUp();
  world_.network().Heal();
  impaired_ = false;
  Disturb();  // what was lost before may still be noticed
  return Settle(Outcome::Ok());
}

void Networking::OnMessage(Who at, Bytes message) {
  std::string trouble = LedgerFrom(OtherOf(at)).Arrived(message);
  if (delivery_trouble_.empty()) delivery_trouble_ = std::move(trouble);
}

void Networking::OnGivenUp(Who at, size_t messages) {
  gave_up_ |= messages > 0;
  const size_t queued = world_.ViewOf(at).queued;
  const auto what = disconnected_ ? MessageLedger::MayGiveUp::kAll
                                  : MessageLedger::MayGiveUp::kWhatLeft;
  run_.Expect(messages == 0 || restarted_ || disconnected_,
              "GivesUpOnlyForANewStream");
  run_.Expect(LedgerFrom(at).GivenUp(messages, queued, what),
              "GivesUpWhatItHas");
}

void Networking::OnMallory(Who at, size_t bytes) {
  strangers_[IndexOf(at)].in += bytes;
}

void Networking::OnHeard(Who at, const Endpoint& from, Bytes datagram) {
  if (from == World::kRelayEndpoint) {
    served_[IndexOf(at)].NoteHeard(datagram, world_.now_ms());
  }
  if (overlay::TypeOf(datagram) == overlay::PacketType::kSealed) {
    auto& known = heard_from_[IndexOf(at)];
    if (std::ranges::count(known, from) == 0) known.push_back(from);
  }
  // Answers of STUN begin so, whether they succeed or not.
  if (!datagram.empty() && datagram[0] == 1) {
    NotePlace(from, answered_from_[IndexOf(at)]);
  }
  if (!overlay::LooksLikeStun(datagram) &&
      !IsOf(SeenKind::kRegistration, datagram)) {
    silences_[IndexOf(at)] = {.since_ms = world_.now_ms()};
  }
}

void Networking::OnArrival(Who at, const Endpoint& from,
                           std::vector<uint8_t> datagram) {
  // By the relay, to who is now where the other was: it is the member's own.
  const auto relayed = overlay::ParseRelayed(datagram);
  if (relayed.has_value() && relayed->key == world_.node(at).key()) return;
  NoteHeard(at, from, datagram);
  overheard_.Note({IndexOf(at), from, std::move(datagram)});
}

void Networking::OnRelayHeard(const Endpoint& from, Bytes datagram) {
  if (overlay::TypeOf(datagram) == overlay::PacketType::kRegistration) {
    NotePlace(from, registered_);
  }
  clients_.NoteHeard(from, datagram);
  relay_sent_before_ = relay_sent_;
}

void Networking::OnRelayArrival(const Endpoint& from,
                                std::vector<uint8_t> datagram) {
  JudgePassedOn(from, datagram);
  overheard_.Note({kMembers, from, std::move(datagram)});
}

}  // namespace formfuzz
