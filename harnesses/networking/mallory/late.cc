// SPDX-License-Identifier: Apache-2.0
// What is under way for so long that all else overtakes it, whatever happens
// meanwhile: mallory keeps it back, or the network does.
#include <utility>

#include "harnesses/networking/subject.h"

namespace formfuzz {

Outcome Networking::Hold(Who to, SeenKind of, uint8_t skip) {
  world_.CatchUp();
  interception_ = Interception{to, {of, skip, {}, 0}, true};
  return Settle(Outcome::Ok());
}

Outcome Networking::Release() {
  world_.CatchUp();
  if (!held_.has_value()) return Settle(Outcome::Refused("nothing_held"));
  Overheard::Seen late = *std::exchange(held_, std::nullopt);
  const auto at = static_cast<Who>(late.at);
  WatchSessions();
  Disturb();
  OnHeard(at, late.from, late.datagram);
  world_.Inject(at, late.from, late.datagram);
  OnArrival(at, late.from, std::move(late.datagram));
  return Settle(Outcome::Ok());
}

}  // namespace formfuzz
