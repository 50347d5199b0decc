// SPDX-License-Identifier: Apache-2.0
// What mallory sends, and that it gets her nowhere.
#include <algorithm>

#include "framework/base/digest.h"
#include "harnesses/networking/subject.h"

namespace formfuzz {
namespace {

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

void TamperWith(const ReplaySpec& replay, std::vector<uint8_t>& datagram) {
  if (datagram.empty()) return;
  switch (replay.tamper) {
    case Tamper::kNothing:
      break;
    case Tamper::kFlipBit:
      FlipBit(replay.at, datagram);
      break;
    case Tamper::kFlipBitAndRepair:
      FlipBit(replay.at, datagram);
      if (overlay::LooksLikeStun(datagram)) RepairFingerprint(datagram);
      break;
    case Tamper::kCutShort:
      datagram.resize(replay.at % datagram.size());
      break;
    case Tamper::kExtend:
      datagram.resize(datagram.size() + 1 + replay.at % 8);
      break;
    case Tamper::kOtherType:
      datagram[0] ^= static_cast<uint8_t>(1 + replay.at % 7);
      break;
  }
}

// What parses is what its fields write.
void ExpectRoundTrip(overlay::Bytes datagram, Run& run) {
  std::array<uint8_t, overlay::kStunBytesMax> buffer;
  overlay::Writer out(buffer);
  if (const auto accept = overlay::ParseAccept(datagram)) {
    overlay::WriteAccept(*accept, out);
  } else if (const auto init = overlay::ParseInit(datagram)) {
    overlay::WriteInit(*init, out);
  } else if (const auto registration = overlay::ParseRegistration(datagram)) {
    overlay::WriteRegistration(*registration, out);
  } else if (const auto stun = overlay::ParseStun(datagram)) {
    overlay::WriteStun(*stun, {nullptr, {}, true}, out);
    if (!out.ok() || out.size() == 0) return;  // longer than we ever write
    const auto again = overlay::ParseStun(out.written());
    run.Expect(again.has_value() && again->type == stun->type &&
                   again->transaction == stun->transaction &&
                   again->priority == stun->priority &&
                   again->mapped == stun->mapped &&
                   again->error == stun->error &&
                   std::ranges::equal(again->username, stun->username),
               "ParsedIsWrittenAgain");
    return;
  } else {
    return;
  }
  run.Expect(std::ranges::equal(out.written(), datagram),
             "ParsedIsWrittenAgain");
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
        view.candidates_digest, static_cast<uint64_t>(view.heard_ms)}) {
    digest.Add(part);
  }
  for (const auto& endpoint : {view.hint, world_.node(who).reflexive()}) {
    const Endpoint shown = endpoint.value_or(Endpoint());
    digest.Add(uint64_t{shown.address} << 16 | shown.port);
  }
  return digest.value();
}

// What she saw once was taken then; what she changed was never sealed. Checks
// are the exception: STUN knows no replays, and they are answered again.
Outcome Networking::Replay(Who to, const ReplaySpec& replay) {
  world_.CatchUp();
  if (replay.back >= seen_.size()) return Settle(Outcome::Refused("unseen"));
  const Seen& seen = seen_[seen_.size() - 1 - replay.back];
  std::vector<uint8_t> datagram = seen.datagram;
  const Endpoint from = replay.from_mallory ? World::kMallory : seen.from;
  TamperWith(replay, datagram);
  const bool changed = datagram != seen.datagram;
  const bool is_check = overlay::LooksLikeStun(datagram) && !changed;
  const uint64_t before = StateOf(to);
  world_.Inject(to, from, datagram);
  run_.Expect(is_check || StateOf(to) == before,
              changed ? "OnlyTheAuthenticChanges" : "ReplaysChangeNothing");
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
  const std::vector<uint8_t> datagram =
      BuildPacket(packet, {world_.ViewOf(to).epoch,
                           world_.node(OtherOf(to)).key(), &world_.crypto()});
  ExpectRoundTrip(datagram, run_);
  const uint64_t before = StateOf(to);
  world_.Inject(to, EndpointOf(from, to), datagram);
  run_.Expect(StateOf(to) == before, "OnlyTheAuthenticChanges");
  return Settle(Outcome::Ok());
}

Outcome Networking::TellRelay(Source from, const PacketSpec& packet) {
  world_.CatchUp();
  const overlay::Key alice = world_.node(Who::kAlice).key();
  const std::vector<uint8_t> datagram =
      BuildPacket(packet, {0, alice, &world_.crypto()});
  const Endpoint source = EndpointOf(from, Who::kAlice);
  if (source == World::kMallory) strangers_[kMembers].in += datagram.size();
  const auto before = world_.relay().ClientOf(alice);
  world_.InjectIntoRelay(source, datagram);
  run_.Expect(world_.relay().ClientOf(alice) == before,
              "OnlyTheAuthenticRegister");
  return Settle(Outcome::Ok());
}

}  // namespace formfuzz
