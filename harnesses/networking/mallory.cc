// SPDX-License-Identifier: Apache-2.0
// What mallory sends, and that it gets her nowhere.
#include <algorithm>

#include "framework/base/digest.h"
#include "harnesses/networking/subject.h"

namespace formfuzz {
namespace {

using overlay::Endpoint;

void TamperWith(const ReplaySpec& replay, std::vector<uint8_t>& datagram) {
  if (datagram.empty()) return;
  switch (replay.tamper) {
    case Tamper::kNothing:
      break;
    case Tamper::kFlipBit: {
      const size_t bit = replay.at % (datagram.size() * 8);
      datagram[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
      break;
    }
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

}  // namespace

// All that a datagram of mallory's might change at a node but the time.
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
        view.candidates_digest}) {
    digest.Add(part);
  }
  for (const auto& endpoint :
       {view.direct, view.hint, world_.node(who).reflexive()}) {
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

}  // namespace formfuzz
