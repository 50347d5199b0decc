// SPDX-License-Identifier: Apache-2.0
// Steps: what users, the world and mallory do.
#include "harnesses/networking/subject.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "framework/base/digest.h"

namespace formfuzz {

using overlay::Bytes;
using overlay::Endpoint;

Networking::Networking(Run& run) : run_(run), world_(run, *this) {}

Outcome Networking::Settle(Outcome outcome) {
  world_.CatchUp();
  WatchSessions();
  uint64_t looks = 0;
  for (const Who who : {Who::kAlice, Who::kBob}) {
    const View view = world_.ViewOf(who);
    const bool up = view.state == overlay::PeerState::kUp;
    was_direct_ |= up && view.direct.has_value();
    was_relayed_ |= up && !view.direct.has_value();
    Session& last = sessions_[IndexOf(who)];
    was_renewed_ |= up && last.epoch != view.epoch && last.epoch != 0 &&
                    last.sessions == view.sessions;
    last = {view.epoch, view.sessions};
    const int64_t due_ms = world_.DeadlineMs(who);
    if (due_ms < overlay::kNever) {
      run_.SetDeadline(static_cast<uint64_t>(due_ms));
    }
    looks = looks << 8 | static_cast<uint64_t>(view.state) << 6 |
            uint64_t{view.direct.has_value()} << 5 |
            uint64_t{view.proposed_epoch != 0} << 4 |
            uint64_t{view.remote_stream != 0} << 3 |
            uint64_t{view.queued > 0} << 2 |
            std::min<uint64_t>(view.candidates, 3);
  }
  run_.Observe(looks);
  return outcome;
}

void Networking::Disturb() {
  calm_from_ms_ = world_.now_ms() + kCalmAfterMs;
  silences_ = {};
  both_up_ = false;
}

// Between two looks sessions may have ended and begun again: nodes count.
void Networking::WatchSessions() {
  const size_t fired = run_.faults().fired();
  if (world_.sleeps() != sleeps_ || fired != fired_ || world_.exhausted()) {
    Disturb();
  }
  sleeps_ = world_.sleeps();
  fired_ = fired;
  const View a = world_.ViewOf(Who::kAlice);
  const View b = world_.ViewOf(Who::kBob);
  const bool up =
      a.state == overlay::PeerState::kUp && b.state == overlay::PeerState::kUp;
  session_lost_ |= both_up_ && (!up || a.sessions != sessions_[0].sessions ||
                                b.sessions != sessions_[1].sessions);
  both_up_ = up && !impaired_ && (a.wanted || b.wanted) &&
             world_.now_ms() >= calm_from_ms_;
}

Outcome Networking::Connect(Who who) {
  world_.CatchUp();
  overlay::Node& node = world_.node(who);
  const auto done =
      node.Connect(world_.node(OtherOf(who)).key(), world_.now_ms());
  return Settle(ToOutcome(done));
}

Outcome Networking::Disconnect(Who who) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  disconnected_ = true;
  const View before = world_.ViewOf(who);
  overlay::Node& node = world_.node(who);
  const auto done =
      node.Disconnect(world_.node(OtherOf(who)).key(), world_.now_ms());
  const View after = world_.ViewOf(who);
  run_.Expect(!after.wanted && after.queued == 0 && after.candidates == 0 &&
                  after.own != before.own &&
                  after.own_stream != before.own_stream,
              "NothingStaysOfASession");
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
  run_.clock().AdvanceMs(ms);
  return Settle(Outcome::Ok());
}

Outcome Networking::SaveRecords(Who who) {
  world_.CatchUp();
  records_[IndexOf(who)] = world_.node(who).Save();
  recorded_[IndexOf(who)] = RecordedOf(who);
  return Settle(Outcome::Ok());
}

// What it had not handed over is gone with it. Without fresh records it no
// longer knows which handshakes it has seen, and mallory gets no credit for
// sending one again.
Outcome Networking::Restart(Who who, Left with) {
  const bool with_records = with == Left::kRecords;
  world_.CatchUp();
  WatchSessions();
  Disturb();
  restarted_ = true;
  LedgerFrom(who).GivenUp(world_.ViewOf(who).queued, 0,
                          MessageLedger::MayGiveUp::kAll);
  std::string& records = records_[IndexOf(who)];
  const bool fresh = with_records && records.empty();
  const Recorded recorded = fresh ? RecordedOf(who) : recorded_[IndexOf(who)];
  if (fresh) records = world_.node(who).Save();
  if (!fresh) {
    overheard_.Forget(IndexOf(who));
  }
  world_.Restart(who, with_records ? records : std::string());
  run_.Expect(!with_records || RecordedOf(who) == recorded, "RecordsAreKept");
  if (fresh) records.clear();
  return Settle(Outcome::Ok());
}

Outcome Networking::Place(Who who, const PlaceSpec& place) {
  world_.CatchUp();
  WatchSessions();
  Disturb();
  world_.Place(who, place);
  moved_ |= was_direct_ || was_relayed_;
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

void Networking::OnRelaySent(const Endpoint& to, Bytes datagram) {
  if (to == World::kMallory) strangers_[kMembers].out += datagram.size();
  ++relay_sent_;
  relay_said_.assign(datagram.begin(), datagram.end());
}

// Of a handshake's two packets, relayed or not.
void Networking::NoteEphemeral(Bytes datagram) {
  constexpr size_t kKeptMax = 64;
  if (const auto relayed = overlay::ParseRelayed(datagram)) {
    datagram = relayed->inner;
  }
  overlay::Key ephemeral;
  if (const auto init = overlay::ParseInit(datagram)) {
    ephemeral = init->ephemeral;
  } else if (const auto accept = overlay::ParseAccept(datagram)) {
    ephemeral = accept->ephemeral;
  } else {
    return;
  }
  ephemeral_again_ |= std::ranges::count(ephemerals_, ephemeral) > 0;
  if (ephemerals_.size() < kKeptMax) ephemerals_.push_back(ephemeral);
}

void Networking::NotePace(Who by, Bytes datagram) {
  constexpr size_t kFragments =
      overlay::kMessageBytesMax / overlay::kFragmentBytes;
  if (const auto relayed = overlay::ParseRelayed(datagram)) {
    if (relayed->key == world_.carol(by).key()) return;
    datagram = relayed->inner;
  }
  Silence& silence = silences_[IndexOf(by)];
  if (world_.now_ms() - silence.since_ms >= kSilenceMs) {
    silence = {.since_ms = world_.now_ms()};
  }
  const auto type = overlay::TypeOf(datagram);
  if (type == overlay::PacketType::kInit) {
    const bool renews = world_.ViewOf(by).state == overlay::PeerState::kUp;
    ++(renews ? silence.renewals : silence.beginnings);
  }
  if (type == overlay::PacketType::kSealed) ++silence.sealed;
  const size_t messages =
      std::min<size_t>(LedgerFrom(by).sent_count(), overlay::kWindow);
  hasty_ |= silence.renewals > kHandshakesMax ||
            silence.beginnings > kHandshakesMax ||
            silence.sealed > (messages * kFragments + 2) * kRepetitionsMax;
}

void Networking::OnSent(Who by, const Endpoint& to, Bytes datagram) {
  if (to == World::kMallory) strangers_[IndexOf(by)].out += datagram.size();
  if (datagram.size() > 1 && datagram[0] == 0 && datagram[1] == 1) {
    Pace& pace = paces_[IndexOf(by)];
    if (world_.now_ms() - pace.since_ms >= 10'000) {
      pace = {world_.now_ms(), 0};
    }
    checks_in_a_row_ |= ++pace.checks > kChecksMax;
    overlay::Reader in(datagram);
    in.Take(8);
    if (to == World::kRelayEndpoint) in.Fill(asked_[IndexOf(by)]);
  }
  NoteEphemeral(datagram);
  if (to != World::kCarol) NotePace(by, datagram);
  if (IsOf(SeenKind::kSealed, datagram)) LedgerFrom(by).MayBeOut();
  constexpr uint64_t kMark = MessageLedger::kMark;
  readable_ |=
      memmem(datagram.data(), datagram.size(), &kMark, sizeof kMark) != nullptr;
}

void Networking::OnMallory(Who at, size_t bytes) {
  strangers_[IndexOf(at)].in += bytes;
}

void Networking::OnHeard(Who at, Bytes datagram) {
  if (!overlay::LooksLikeStun(datagram) &&
      !IsOf(SeenKind::kRegistration, datagram)) {
    silences_[IndexOf(at)] = {.since_ms = world_.now_ms()};
  }
}

void Networking::OnArrival(Who at, const Endpoint& from,
                           std::vector<uint8_t> datagram) {
  NoteHeard(at, datagram);
  overheard_.Note({IndexOf(at), from, std::move(datagram)});
}

void Networking::OnRelayArrival(const Endpoint& from,
                                std::vector<uint8_t> datagram) {
  overheard_.Note({kMembers, from, std::move(datagram)});
}

}  // namespace formfuzz
