// SPDX-License-Identifier: Apache-2.0
// What is pushed out of the recent goes to those kept of its kind.
#include "harnesses/networking/mallory/overheard.h"

#include <algorithm>
#include <utility>

#include "components/overlay/wire/packet.h"
#include "components/overlay/wire/stun.h"

namespace formfuzz {
namespace {

using overlay::PacketType;

SeenKind KindOfStun(overlay::Bytes datagram) {
  if (!overlay::LooksLikeStun(datagram) || datagram.size() < 2) {
    return SeenKind::kAnything;
  }
  if (datagram[0] == 1) return SeenKind::kCheckAnswer;
  return datagram[0] == 0 && datagram[1] == 1 ? SeenKind::kCheck
                                              : SeenKind::kAnything;
}

}  // namespace

SeenKind KindOf(overlay::Bytes datagram) {
  const auto type = overlay::TypeOf(datagram);
  if (!type.has_value()) return KindOfStun(datagram);
  switch (*type) {
    case PacketType::kInit:
    case PacketType::kAccept:
      return SeenKind::kHandshake;
    case PacketType::kSealed:
      return SeenKind::kSealed;
    case PacketType::kRegistration:
    case PacketType::kRegistered:
      return SeenKind::kRegistration;
    case PacketType::kRelayed:
      break;
  }
  const auto relayed = overlay::ParseRelayed(datagram);
  return relayed.has_value() ? KindOf(relayed->inner) : SeenKind::kAnything;
}

bool IsOf(SeenKind kind, overlay::Bytes datagram) {
  return kind == SeenKind::kAnything || KindOf(datagram) == kind;
}

void Overheard::Note(Seen seen) {
  seen.kind = KindOf(seen.datagram);
  if (recent_.size() == kRecentMax) {
    Keep(std::move(recent_.front()));
    recent_.pop_front();
  }
  recent_.push_back(std::move(seen));
}

void Overheard::Keep(Seen seen) {
  std::vector<Seen>& kept = kept_[SlotOf(seen.at, seen.kind)];
  if (kept.size() == kKeptMax) kept.erase(kept.begin() + kFirstKept);
  kept.push_back(std::move(seen));
}

const Overheard::Seen* Overheard::Find(size_t at, SeenKind kind,
                                       size_t back) const {
  const Seen* found = nullptr;
  const auto look = [&](const Seen& seen) {
    const bool fits = kind == SeenKind::kAnything || seen.kind == kind;
    if (seen.at != at || !fits) return false;
    found = &seen;
    return back-- == 0;
  };
  if (std::any_of(recent_.rbegin(), recent_.rend(), look)) return found;
  const std::vector<Seen>& kept = kept_[SlotOf(at, kind)];
  static_cast<void>(std::any_of(kept.rbegin(), kept.rend(), look));
  return found;
}

void Overheard::Forget(size_t at) {
  std::erase_if(recent_, [at](const Seen& seen) { return seen.at == at; });
  for (size_t kind = 0; kind < kKinds; ++kind) {
    kept_[SlotOf(at, static_cast<SeenKind>(kind))].clear();
  }
}

}  // namespace formfuzz
