// SPDX-License-Identifier: Apache-2.0
// What mallory sends, and that it gets her nowhere.
#include <algorithm>
#include <utility>

#include "framework/base/digest.h"
#include "harnesses/networking/stun/stun_reader.h"
#include "harnesses/networking/subject.h"

namespace formfuzz {
namespace {

using overlay::Bytes;
using overlay::Endpoint;

// FINGERPRINT, last in what nodes send, as if the rest had always been so.
void RepairFingerprint(std::vector<uint8_t>& datagram) {
  constexpr size_t kBytes = 8;
  if (datagram.size() < overlay::kStunHeadBytes + kBytes) return;
  const size_t at = datagram.size() - kBytes;
  const uint32_t crc =
      overlay::Crc32(overlay::Bytes(datagram).first(at)) ^ 0x5354554e;
  overlay::Writer(std::span(datagram).last(4)).U32(crc);
}

void FlipBit(uint16_t at, std::vector<uint8_t>& datagram) {
  const size_t bit = at % (datagram.size() * 8);
  datagram[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
}

void TamperWith(Tamper tamper, uint16_t at, std::vector<uint8_t>& datagram) {
  switch (tamper) {
    case Tamper::kFlipBit:
      FlipBit(at, datagram);
      break;
    case Tamper::kFlipBitAndRepair:
      FlipBit(at, datagram);
      if (overlay::LooksLikeStun(datagram)) RepairFingerprint(datagram);
      break;
    case Tamper::kCutShort:
      datagram.resize(at % datagram.size());
      break;
    case Tamper::kExtend:
      datagram.resize(datagram.size() + 1 + at % 8);
      break;
    case Tamper::kOtherType:
      datagram[0] ^= static_cast<uint8_t>(1 + at % 7);
      break;
  }
}

// Whether what is vouched for differs: of STUN all but FINGERPRINT, its end; of
// what is relayed the inner packet.
bool IsForged(overlay::Bytes datagram, overlay::Bytes genuine) {
  constexpr size_t kFingerprintBytes = 8;
  if (const auto relayed = overlay::ParseRelayed(genuine)) {
    const auto changed = overlay::ParseRelayed(datagram);
    return !changed.has_value() || IsForged(changed->inner, relayed->inner);
  }
  if (datagram.size() == genuine.size() && overlay::LooksLikeStun(genuine) &&
      genuine.size() > kFingerprintBytes) {
    const size_t sealed = genuine.size() - kFingerprintBytes;
    datagram = datagram.first(sealed);
    genuine = genuine.first(sealed);
  }
  return !std::ranges::equal(datagram, genuine);
}

void ExpectStunRoundTrip(Bytes datagram, Run& run) {
  const auto stun = overlay::ParseStun(datagram);
  if (!stun.has_value()) {
    run.Expect(FormOf(datagram) != StunForm::kWell, "WellFormedIsRead");
    return;
  }
  const StunForm form = FormOf(datagram);
  run.Expect(form != StunForm::kIll, "IllFormedIsRefused");
  run.Expect(form != StunForm::kWell || SaysTheSame(datagram, *stun),
             "TheFirstCounts");
  run.Expect((stun->unknown_count > 0) == AsksForTheUnknown(datagram),
             "UnknownAttributesAreTold");
  std::array<uint8_t, overlay::kStunBytesMax> buffer;
  overlay::Writer out(buffer);
  overlay::WriteStun(*stun, {nullptr, {}, true}, out);
  if (!out.ok() || out.size() == 0) return;  // longer than we ever write
  const auto again = overlay::ParseStun(out.written());
  run.Expect(again.has_value() && again->type == stun->type &&
                 again->transaction == stun->transaction &&
                 again->priority == stun->priority &&
                 again->mapped == stun->mapped && again->error == stun->error &&
                 std::ranges::equal(again->username, stun->username),
             "ParsedIsWrittenAgain");
}

template <class Parse, class Write>
bool WriteAgain(Bytes datagram, const Parse& parse, const Write& write,
                overlay::Writer& out) {
  const auto packet = parse(datagram);
  if (packet.has_value()) write(*packet, out);
  return packet.has_value();
}

// What parses is what its fields write.
void ExpectRoundTrip(overlay::Bytes datagram, Run& run) {
  if (datagram.size() > overlay::kDatagramBytesMax) return;
  std::array<uint8_t, overlay::kDatagramBytesMax> buffer;
  overlay::Writer out(buffer);
  const bool parsed =
      WriteAgain(datagram, overlay::ParseAccept, overlay::WriteAccept, out) ||
      WriteAgain(datagram, overlay::ParseInit, overlay::WriteInit, out) ||
      WriteAgain(datagram, overlay::ParseSealed, overlay::WriteSealed, out) ||
      WriteAgain(datagram, overlay::ParseRelayed, overlay::WriteRelayed, out) ||
      WriteAgain(datagram, overlay::ParseRegistration,
                 overlay::WriteRegistration, out) ||
      WriteAgain(datagram, overlay::ParseRegistered, overlay::WriteRegistered,
                 out);
  if (parsed) {
    run.Expect(std::ranges::equal(out.written(), datagram),
               "ParsedIsWrittenAgain");
  } else {
    ExpectStunRoundTrip(datagram, run);
  }
}

}  // namespace

// All that a datagram of mallory's might change at a node but the time, and
// what follows from that.
uint64_t Networking::StateOf(Who who) const {
  const View view = world_.ViewOf(who);
  Digest digest;
  for (const uint64_t part :
       {uint64_t{view.wanted}, static_cast<uint64_t>(view.state),
        view.own_stream, view.remote_stream, view.stamp_seen,
        uint64_t{view.epoch}, uint64_t{view.remote_epoch},
        uint64_t{view.proposed_epoch}, view.sent, view.received,
        uint64_t{view.next_in}, uint64_t{view.first_out}, uint64_t{view.queued},
        uint64_t{view.held_bytes}, uint64_t{view.candidates},
        view.candidates_digest, static_cast<uint64_t>(view.heard_ms),
        static_cast<uint64_t>(view.answered_ms)}) {
    digest.Add(part);
  }
  for (const auto& endpoint : {view.hint, world_.node(who).reflexive()}) {
    const Endpoint shown = endpoint.value_or(Endpoint());
    digest.Add(uint64_t{shown.address} << 16 | shown.port);
  }
  return digest.value();
}

// What she saw once was taken then. Questions of STUN are the exception: it
// knows no replays, and they are answered again. Its answers count once.
Outcome Networking::Replay(Who to, const ReplaySpec& replay) {
  world_.CatchUp();
  const Overheard::Seen* const seen = overheard_.Find(
      IndexOf(replay.elsewhere ? OtherOf(to) : to), replay.of, replay.back);
  if (seen == nullptr) return Settle(Outcome::Refused("unseen"));
  const std::vector<uint8_t> datagram = seen->datagram;
  const Endpoint from = replay.from_mallory ? World::kMallory : seen->from;
  const uint64_t before = StateOf(to);
  world_.Inject(to, from, datagram);
  run_.Expect(IsOf(SeenKind::kCheck, datagram) || StateOf(to) == before,
              "ReplaysChangeNothing");
  return Settle(Outcome::Ok());
}

// What she changed was never sealed.
Outcome Networking::Forge(Who to, const ForgerySpec& forgery) {
  world_.CatchUp();
  const Overheard::Seen* const seen =
      overheard_.Find(IndexOf(to), forgery.of, forgery.back);
  if (seen == nullptr || seen->datagram.empty()) {
    return Settle(Outcome::Refused("unseen"));
  }
  std::vector<uint8_t> datagram = seen->datagram;
  const Endpoint from =
      forgery.from_where_it_was ? seen->from : World::kMallory;
  SendForged(to, from, {SeenKind::kAnything, 0, forgery.tamper, forgery.at},
             std::move(datagram));
  return Settle(Outcome::Ok());
}

void Networking::SendForged(Who to, const Endpoint& from,
                            const InterceptSpec& as,
                            std::vector<uint8_t> datagram) {
  const std::vector<uint8_t> genuine = datagram;
  TamperWith(as.tamper, as.at, datagram);
  const bool forged = IsForged(datagram, genuine);
  const uint64_t before = StateOf(to);
  world_.Inject(to, from, datagram);
  run_.Expect(!forged || StateOf(to) == before, "OnlyTheAuthenticChanges");
}

// Whatever became of them: their sum no longer is that of the rest.
Outcome Networking::DamageRecords(Who who, Tamper tamper, uint16_t at) {
  world_.CatchUp();
  const std::string saved = world_.node(who).Save();
  std::vector<uint8_t> bytes(saved.begin(), saved.end());
  TamperWith(tamper, at, bytes);
  const std::string damaged(bytes.begin(), bytes.end());
  run_.Expect(
      world_.TakesRecords(who, saved) && !world_.TakesRecords(who, damaged),
      "DamagedRecordsAreRefused");
  return Settle(Outcome::Ok());
}

// The next one of the kind arrives changed, and not as it was sent.
Outcome Networking::Intercept(Who to, const InterceptSpec& interception) {
  world_.CatchUp();
  interception_ = Interception{to, interception, false};
  return Settle(Outcome::Ok());
}

bool Networking::Intercepted(Who at, const Endpoint& from,
                             const std::vector<uint8_t>& datagram) {
  if (!interception_.has_value() || interception_->to != at) return false;
  InterceptSpec& as = interception_->as;
  if (datagram.empty() || !IsOf(as.of, datagram)) return false;
  // What the STUN server says is vouched for by nobody.
  if (from == World::kRelayEndpoint && overlay::LooksLikeStun(datagram)) {
    return false;
  }
  if (as.skip > 0) {
    --as.skip;
    return false;
  }
  const Interception now = *interception_;
  interception_.reset();
  Disturb();
  if (now.holds) {
    held_ = {IndexOf(at), from, datagram};
  } else {
    SendForged(at, from, now.as, datagram);
  }
  return true;
}

// The relay takes a registration once, wherever it comes from. Not tried where
// one is full and somebody silent: who was turned away for another may come
// again then, in that place.
Outcome Networking::ReplayToRelay(SeenKind of, uint8_t back, RelayReplay from) {
  world_.CatchUp();
  const Overheard::Seen* const seen = overheard_.Find(kMembers, of, back);
  const overlay::Relay& relay = world_.relay();
  const size_t count = relay.client_count();
  const auto clients = clients_.Of(relay);
  const auto is_silent = [this](const RelayClients::Client& client) {
    return !client.IsAlive(world_.now_ms());
  };
  const bool has_room =
      count >= World::kRelayClients && std::ranges::any_of(clients, is_silent);
  if (seen == nullptr || has_room) return Settle(Outcome::Refused("unseen"));
  const std::vector<uint8_t> datagram = seen->datagram;
  const bool moved = from == RelayReplay::kMallory;
  if (moved) strangers_[kMembers].in += datagram.size();
  PutIntoRelay(moved ? World::kMallory : seen->from, datagram);
  bool same = relay.client_count() == count;
  for (const RelayClients::Client& client : clients) {
    same = same && relay.ClientOf(client.key) == client.endpoint;
  }
  run_.Expect(same, "ReplaysChangeNothing");
  return Settle(Outcome::Ok());
}

Endpoint Networking::EndpointOf(Source source, Who to) {
  switch (source) {
    case Source::kMallory:
      return World::kMallory;
    case Source::kRelay:
      return World::kRelayEndpoint;
    case Source::kOther:
      return world_.ViewOf(to).direct.value_or(World::kMallory);
  }
  return World::kMallory;
}

// Nobody gave her a key: whatever it is, it is not authentic.
Outcome Networking::Inject(Who to, Source from, const PacketSpec& packet) {
  world_.CatchUp();
  const std::vector<uint8_t> datagram = BuildPacket(
      packet, {world_.ViewOf(to).epoch, world_.node(OtherOf(to)).key(),
               &world_.crypto(), asked_[IndexOf(to)],
               static_cast<uint64_t>(world_.now_ms())});
  ExpectRoundTrip(datagram, run_);
  const uint64_t before = StateOf(to);
  const overlay::Transaction asked = asked_[IndexOf(to)];
  world_.Inject(to, EndpointOf(from, to), datagram);
  // Servers of STUN vouch for nothing but that they saw the question.
  const auto read = overlay::ParseStun(datagram);
  const bool answers =
      from == Source::kRelay && packet.transaction == Asked::kLast &&
      read.has_value() && read->type == overlay::StunType::kSuccess &&
      read->transaction == asked && !AsksForTheUnknown(datagram);
  if (answers) Disturb();  // by candidates that are none
  // Those of STUN count whoever made them; registrations have a key.
  const bool is_stun = read.has_value();
  if (from == Source::kRelay && is_stun) {
    served_[IndexOf(to)].NoteHeard(datagram, world_.now_ms());
  }
  run_.Expect(answers || StateOf(to) == before, "OnlyTheAuthenticChanges");
  return Settle(Outcome::Ok());
}

// RFC 8489: requests alone are answered (section 6.3), and those refused that
// have an attribute which must be understood and is not (section 6.3.1).
void Networking::JudgeRelayAnswer(Bytes told, bool answered) {
  if (told.size() < 2 || !overlay::LooksLikeStun(told)) return;
  const bool is_request = told[0] == 0 && told[1] == 1;
  run_.Expect(answered || !is_request || FormOf(told) != StunForm::kWell ||
                  told.size() > overlay::kDatagramBytesMax,
              "QuestionsAreAnswered");
  if (!answered) return;
  run_.Expect(is_request, "OnlyQuestionsAreAnswered");
  run_.Expect(FormOf(told) != StunForm::kIll, "IllFormedIsRefused");
  const auto request = overlay::ParseStun(told);
  run_.Expect(!request.has_value() || request->unknown_count == 0 ||
                  Refuses(relay_said_, *request),
              "UnknownIsRefused");
}

Outcome Networking::TellRelay(Source from, const PacketSpec& packet) {
  world_.CatchUp();
  const overlay::Key alice = world_.node(Who::kAlice).key();
  overlay::Key nobody;
  nobody.fill(static_cast<uint8_t>(packet.number | 0x80));
  const std::vector<uint8_t> datagram =
      BuildPacket(packet, {0,
                           packet.stray ? nobody : alice,
                           &world_.crypto(),
                           {},
                           static_cast<uint64_t>(world_.now_ms())});
  const Endpoint source = EndpointOf(from, Who::kAlice);
  if (source == World::kMallory) strangers_[kMembers].in += datagram.size();
  const auto before = world_.relay().ClientOf(alice);
  const uint64_t sent = relay_sent_;
  PutIntoRelay(source, datagram);
  JudgeRelayAnswer(datagram, relay_sent_ > sent);
  run_.Expect(world_.relay().ClientOf(alice) == before,
              "OnlyTheAuthenticRegister");
  return Settle(Outcome::Ok());
}

}  // namespace formfuzz
