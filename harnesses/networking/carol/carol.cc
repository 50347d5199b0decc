// SPDX-License-Identifier: Apache-2.0
// What carol, who has keys, may do, and what it must not do to others.
#include <algorithm>
#include <array>
#include <limits>

#include "components/overlay/wire/frame.h"
#include "framework/base/text.h"
#include "harnesses/networking/subject.h"

namespace formfuzz {
namespace {

constexpr FrameSpec kKeepAlive{FrameShape::kKeepAlive, 0, 0, 0, 0, 0, 0, 0};

// Whether every reader must take it, whatever is then done about it.
bool IsWellFormed(const FrameSpec& frame) {
  if (frame.lie != 0) return false;
  switch (frame.shape) {
    case FrameShape::kAck:
    case FrameShape::kCandidatesSeen:
      return true;
    case FrameShape::kCandidates:
      return frame.count <= overlay::kCandidatesMax;
    case FrameShape::kKeepAlive:
    case FrameShape::kClose:
      return frame.count % 8 == 0;
    case FrameShape::kFragment:
    case FrameShape::kUnknown:
      return false;  // it depends
  }
  return false;
}

// Numbers of candidates begin with one: to have seen none says nothing.
bool MaySaySeen(std::span<const FrameSpec> frames, FrameShape shape) {
  return std::ranges::any_of(frames, [shape](const FrameSpec& frame) {
    return frame.lie != 0 || (frame.shape == shape && frame.number != 0);
  });
}

// What parses is what its fields write, and what is well-formed parses.
// Returns whether all of them parse.
bool ExpectFrames(std::span<const FrameSpec> frames, overlay::Bytes bytes,
                  Run& run) {
  overlay::Reader in(bytes);
  while (in.left() > 0) {
    const size_t at = bytes.size() - in.left();
    const auto frame = overlay::ReadFrame(in);
    if (!frame.has_value()) {
      run.Expect(!std::ranges::all_of(frames, IsWellFormed),
                 "WellFormedIsRead");
      return false;
    }
    std::array<uint8_t, overlay::kDatagramBytesMax> buffer;
    overlay::Writer out(buffer);
    overlay::WriteFrame(*frame, out);
    run.Expect(
        std::ranges::equal(out.written(),
                           bytes.subspan(at, bytes.size() - in.left() - at)),
        "ParsedIsWrittenAgain");
  }
  return true;
}

// All that frames may change.
bool IsSame(const overlay::PeerView& a, const overlay::PeerView& b) {
  return a.state == b.state && a.own_stream == b.own_stream &&
         a.next_in == b.next_in && a.first_out == b.first_out &&
         a.queued == b.queued && a.held_bytes == b.held_bytes &&
         a.candidates == b.candidates &&
         a.candidates_digest == b.candidates_digest;
}

}  // namespace

Outcome Networking::CarolSaysHello(Who to) {
  world_.CatchUp();
  MockPeer& carol = world_.carol(to);
  const View seen = world_.ViewOfCarol(to);
  const uint64_t stamp =
      std::max(seen.stamp_seen + 1, static_cast<uint64_t>(world_.now_ms()));
  const uint64_t before = StateOf(to);
  world_.Inject(to, World::kCarol, carol.Hello(world_.node(to).key(), stamp));
  run_.Expect(!carol.awaits_answer(), "KnownPeersAreAnswered");
  if (carol.awaits_answer()) return Settle(Outcome::Refused("unanswered"));
  // Until she has shown that she has the keys, she may be who repeats her.
  const View answered = world_.ViewOfCarol(to);
  run_.Expect(answered.sessions == seen.sessions &&
                  answered.epoch == seen.epoch &&
                  answered.remote_stream == seen.remote_stream,
              "KeysAreShownFirst");
  CarolBegins(to);
  run_.Expect(StateOf(to) == before, "PeersAreKeptApart");
  return Settle(Outcome::Ok());
}

// The first packet under the new keys: her stream begins.
void Networking::CarolBegins(Who to) {
  MockPeer& carol = world_.carol(to);
  world_.Inject(to, World::kCarol, carol.Seal(BuildFrames({{kKeepAlive}}, {})));
  carol_count_[IndexOf(to)] = carol_number_[IndexOf(to)] = 0;
  carol_paths_[IndexOf(to)].Begin();
  carol_saw_[IndexOf(to)] = false;
}

// What is relayed counts where it comes from the member's own relay, and is
// answered there.
Outcome Networking::CarolSaysHelloRelayed(Who to, Source by) {
  world_.CatchUp();
  MockPeer& carol = world_.carol(to);
  const overlay::Endpoint from = EndpointOf(by, to);
  const View seen = world_.ViewOfCarol(to);
  const uint64_t stamp =
      std::max(seen.stamp_seen + 1, static_cast<uint64_t>(world_.now_ms()));
  const auto hello = carol.Hello(world_.node(to).key(), stamp);
  std::vector<uint8_t> datagram(overlay::kRelayedHeadBytes + hello.size());
  overlay::Writer out(datagram);
  overlay::WriteRelayed({carol.key(), hello}, out);
  const uint64_t before = StateOf(to);
  world_.Inject(to, from, datagram);
  run_.Expect(StateOf(to) == before, "PeersAreKeptApart");
  const bool taken = world_.ViewOfCarol(to).stamp_seen == stamp;
  run_.Expect(taken == (from == World::kRelayEndpoint && world_.has_relay(to)),
              "OnlyTheRelayPassesOn");
  if (!taken) return Settle(Outcome::Refused("unanswered"));
  run_.Expect(!carol.awaits_answer(), "KnownPeersAreAnswered");
  if (!carol.awaits_answer()) CarolBegins(to);
  return Settle(Outcome::Ok());
}

// A session that either end leaves has nothing left.
Outcome Networking::CarolLeaves(Who to) {
  world_.CatchUp();
  MockPeer& carol = world_.carol(to);
  const View before = world_.ViewOfCarol(to);
  if (before.state != overlay::PeerState::kUp || !carol.has_session()) {
    return Settle(Outcome::Refused("no_session"));
  }
  const FrameSpec close{FrameShape::kClose, 0, 0, 0, 0, 0, 0, 0};
  world_.Inject(to, World::kCarol, carol.Seal(BuildFrames({&close, 1}, {})));
  // Her keys may be others than those that the member has by now.
  const View after = world_.ViewOfCarol(to);
  const bool counted =
      after.epoch == before.epoch && after.received > before.received;
  run_.Expect(
      (after.own == before.own && !counted) ||
          (!after.wanted && after.queued == 0 && after.candidates == 0 &&
           after.state == overlay::PeerState::kIdle),
      "NothingStaysOfASession");
  return Settle(Outcome::Ok());
}

Outcome Networking::DisconnectCarol(Who who) {
  world_.CatchUp();
  const View before = world_.ViewOfCarol(who);
  const uint64_t others = StateOf(who);
  const auto done =
      world_.node(who).Disconnect(world_.carol(who).key(), world_.now_ms());
  const View after = world_.ViewOfCarol(who);
  run_.Expect(StateOf(who) == others, "PeersAreKeptApart");
  run_.Expect(!after.wanted && after.queued == 0 && after.candidates == 0 &&
                  after.state == overlay::PeerState::kIdle &&
                  after.own != before.own &&
                  after.own_stream != before.own_stream,
              "NothingStaysOfASession");
  return Settle(ToOutcome(done));
}

Outcome Networking::CarolSays(Who to, std::span<const FrameSpec> frames) {
  world_.CatchUp();
  MockPeer& carol = world_.carol(to);
  if (!carol.has_session()) return Settle(Outcome::Refused("no_session"));
  const View before = world_.ViewOfCarol(to);
  const std::vector<uint8_t> bytes =
      BuildFrames(frames, {before.next_in, before.first_out});
  if (bytes.size() > overlay::kDatagramBytesMax - overlay::kSealedBytesMin) {
    return Settle(Outcome::Refused("too_long"));
  }
  const bool parses = ExpectFrames(frames, bytes, run_);
  carol_saw_[IndexOf(to)] |= MaySaySeen(frames, FrameShape::kCandidatesSeen);
  const uint64_t others = StateOf(to);
  const uint32_t end = SaidToCarol(to).sent_end();
  world_.Inject(to, World::kCarol, carol.Seal(bytes));
  run_.Expect(StateOf(to) == others, "PeersAreKeptApart");
  const View after = world_.ViewOfCarol(to);
  run_.Expect(parses || IsSame(before, after), "SpoiledPacketsChangeNothing");
  if (parses && after.received > before.received) {
    NoteTaken(to, bytes, end);
    NotePlaces(to, bytes, before, after);
  }
  JudgePlaces(to, frames, before, after);
  const bool one_ack = frames.size() == 1 && frames[0].lie == 0 &&
                       frames[0].shape == FrameShape::kAck;
  if (one_ack && frames[0].number > static_cast<int64_t>(before.queued)) {
    run_.Expect(after.queued == before.queued, "NothingUnsentIsAcknowledged");
  }
  return Settle(Outcome::Ok());
}

// Her places are numbered: what comes late does not replace what is newer.
void Networking::JudgePlaces(Who to, std::span<const FrameSpec> frames,
                             const View& before, const View& after) {
  if (frames.size() != 1 || !IsWellFormed(frames[0]) ||
      frames[0].shape != FrameShape::kCandidates) {
    return;
  }
  const auto number = static_cast<uint32_t>(frames[0].number);
  uint32_t& highest = carol_number_[IndexOf(to)];
  run_.Expect(
      number >= highest || after.candidates_digest == before.candidates_digest,
      "OlderPlacesAreIgnored");
  highest = std::max(highest, number);
}

std::array<ToldCarol, kMembers> Networking::ToldToCarol() const {
  std::array<ToldCarol, kMembers> told;
  for (const Who who : {Who::kAlice, Who::kBob}) {
    const View view = world_.ViewOfCarol(who);
    told[IndexOf(who)] = {view.epoch, view.sent};
  }
  return told;
}

void Networking::JudgeTold(const std::array<ToldCarol, kMembers>& before,
                           uint32_t ms) {
  constexpr uint32_t kPauseMaxMs = 5'000;
  if (ms <= kPauseMaxMs || world_.exhausted()) return;
  const auto after = ToldToCarol();
  for (size_t who = 0; who < kMembers; ++who) {
    if (carol_saw_[who] || before[who].epoch == 0) continue;
    run_.Expect(after[who].epoch != before[who].epoch ||
                    after[who].packets > before[who].packets,
                "PlacesAreToldUntilSeen");
  }
}

Outcome Networking::CarolAcknowledges(Who to, int32_t beyond, uint8_t bits) {
  world_.CatchUp();
  const auto queued = static_cast<int64_t>(world_.ViewOfCarol(to).queued);
  FrameSpec ack{FrameShape::kAck, 0, 0, 0, 0, 0, bits, 0};
  ack.number = static_cast<int32_t>(
      std::min<int64_t>(queued + beyond, std::numeric_limits<int32_t>::max()));
  return CarolSays(to, {&ack, 1});
}

// All that waits but one has arrived.
Outcome Networking::CarolMisses(Who to, uint8_t which) {
  const FrameSpec ack{FrameShape::kAck, which, 0, 0, 0, 0, 255, 0};
  return CarolSays(to, {&ack, 1});
}

Outcome Networking::CarolNames(Who to, int32_t newer, uint8_t count,
                               uint16_t port) {
  const auto number = static_cast<int32_t>(carol_number_[IndexOf(to)] +
                                           static_cast<uint32_t>(newer));
  const FrameSpec places{
      FrameShape::kCandidates, number, port, 0, 0, 0, count, 0};
  return CarolSays(to, {&places, 1});
}

Outcome Networking::CarolHasSeen(Who to, int32_t number) {
  const FrameSpec seen{FrameShape::kCandidatesSeen, number, 0, 0, 0, 0, 0, 0};
  return CarolSays(to, {&seen, 1});
}

Outcome Networking::SendToCarol(Who who, uint16_t size) {
  world_.CatchUp();
  const std::vector<uint8_t> message(size, 0x63);
  const auto done =
      world_.node(who).Send(world_.carol(who).key(), message, world_.now_ms());
  return Settle(ToOutcome(done));
}

// Her messages hold what their number and place say, however she cuts them.
void Networking::OnMessageOfCarol(Who at, overlay::Bytes message) {
  const uint32_t number = carol_count_[IndexOf(at)]++;
  for (size_t i = 0; i < message.size(); ++i) {
    if (message[i] == FragmentByte(number, i)) continue;
    carol_trouble_ = Concat("byte ", i, " of carol's message ", number,
                            " is none that she sent");
    return;
  }
}

}  // namespace formfuzz
