// SPDX-License-Identifier: Apache-2.0
// What is said in others' names, and by whom nobody knows.
#include <algorithm>
#include <utility>

#include "harnesses/networking/subject.h"

namespace formfuzz {

// All keys but secret ones are known to her.
Outcome Networking::Impersonate(Who to, Claimed as) {
  world_.CatchUp();
  const overlay::Key claimed = as == Claimed::kCarol
                                   ? world_.carol(to).key()
                                   : world_.node(OtherOf(to)).key();
  const uint64_t newest =
      std::max(world_.ViewOf(to).stamp_seen, world_.ViewOfCarol(to).stamp_seen);
  const uint64_t stamp =
      std::max(newest + 1, static_cast<uint64_t>(world_.now_ms()));
  MockPeer impostor = world_.Impostor(claimed);
  const auto hello = impostor.Hello(world_.node(to).key(), stamp);
  const uint64_t before = StateOf(to);
  const View carol = world_.ViewOfCarol(to);
  world_.Inject(to, World::kMallory, hello);
  run_.Expect(StateOf(to) == before &&
                  world_.ViewOfCarol(to).stamp_seen == carol.stamp_seen,
              "OnlyTheAuthenticChanges");
  return Settle(Outcome::Ok());
}

// Whom nobody added is nobody's peer: it is neither answered nor called.
Outcome Networking::StrangerSaysHello(Who to, uint8_t number) {
  world_.CatchUp();
  const overlay::Node& node = std::as_const(world_).node(to);
  MockPeer stranger = world_.Stranger(SecretOfStranger(number));
  const auto known = node.View(stranger.key());
  const uint64_t stamp = std::max(known.has_value() ? known->stamp_seen + 1 : 0,
                                  static_cast<uint64_t>(world_.now_ms()));
  const auto hello = stranger.Hello(node.key(), stamp);
  const std::string records = node.Save();
  const uint64_t before = StateOf(to);
  const uint64_t told = strangers_[IndexOf(to)].out;
  world_.Inject(to, World::kMallory, hello);
  const bool answered = strangers_[IndexOf(to)].out > told;
  run_.Expect(StateOf(to) == before, "PeersAreKeptApart");
  run_.Expect(answered == known.has_value(), known.has_value()
                                                 ? "KnownPeersAreAnswered"
                                                 : "StrangersAreNotAnswered");
  run_.Expect(known.has_value() || node.Save() == records,
              "StrangersAreNotAnswered", "nor noted");
  if (!known.has_value()) {
    const auto called =
        world_.node(to).Connect(stranger.key(), world_.now_ms());
    run_.Expect(absl::IsNotFound(called), "OnlyPeersAreCalled");
  }
  return Settle(answered ? Outcome::Ok() : Outcome::Refused("unanswered"));
}

}  // namespace formfuzz
