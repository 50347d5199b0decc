// SPDX-License-Identifier: Apache-2.0
// What mallory says in others' names.
#include <algorithm>

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

}  // namespace formfuzz
