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

SeenKind KindOf(overlay::Bytes datagram) {
  for (const SeenKind kind :
       {SeenKind::kSealed, SeenKind::kCheck, SeenKind::kCheckAnswer,
        SeenKind::kHandshake, SeenKind::kRegistration}) {
    if (IsOf(kind, datagram)) return kind;
  }
  return SeenKind::kAnything;
}

}  // namespace

bool IsOf(SeenKind kind, overlay::Bytes datagram) {
  const auto type = overlay::TypeOf(datagram);
  const bool stun = overlay::LooksLikeStun(datagram) && datagram.size() > 1;
  if (type == PacketType::kRelayed) {
    const auto relayed = overlay::ParseRelayed(datagram);
    return relayed.has_value() && IsOf(kind, relayed->inner);
  }
  switch (kind) {
    case SeenKind::kAnything:
      return true;
    case SeenKind::kHandshake:
      return type == PacketType::kInit || type == PacketType::kAccept;
    case SeenKind::kCheck:
      return stun && datagram[0] == 0 && datagram[1] == 1;
    case SeenKind::kCheckAnswer:
      return stun && datagram[0] == 1;
    case SeenKind::kSealed:
      return type == PacketType::kSealed;
    case SeenKind::kRegistration:
      return type == PacketType::kRegistration ||
             type == PacketType::kRegistered;
  }
  return false;
}

void Overheard::Note(Seen seen) {
  if (recent_.size() == kRecentMax) {
    Keep(std::move(recent_.front()));
    recent_.pop_front();
  }
  recent_.push_back(std::move(seen));
}

void Overheard::Keep(Seen seen) {
  std::vector<Seen>& kept = kept_[SlotOf(seen.at, KindOf(seen.datagram))];
  if (kept.size() == kKeptMax) kept.erase(kept.begin() + kFirstKept);
  kept.push_back(std::move(seen));
}

const Overheard::Seen* Overheard::Find(size_t at, SeenKind kind,
                                       size_t back) const {
  const Seen* found = nullptr;
  const auto look = [&](const Seen& seen) {
    if (seen.at != at || !IsOf(kind, seen.datagram)) return false;
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
