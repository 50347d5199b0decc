// SPDX-License-Identifier: Apache-2.0
// What mallory has seen arrive, at members and at the relay: the last of it
// all, and of what is older the first and the last few of each kind at each
// receiver, so that much of one kind does not push out all others.
//
// Bounds: kRecentMax datagrams, and kKeptMax of each kind at each receiver.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_MALLORY_OVERHEARD_H_
#define FORMFUZZ_HARNESSES_NETWORKING_MALLORY_OVERHEARD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "components/overlay/wire/bytes.h"
#include "components/overlay/wire/endpoint.h"

namespace formfuzz {

enum class SeenKind : uint8_t {
  kCheck,
  kAnything,
  kHandshake,
  kCheckAnswer,
  kSealed,
  kRegistration,
};
// Relayed or not; kAnything where it is none of the others.
SeenKind KindOf(overlay::Bytes datagram);
// Everything is of kAnything.
bool IsOf(SeenKind kind, overlay::Bytes datagram);

class Overheard {
 public:
  static constexpr size_t kReceivers = 3;
  static constexpr size_t kKinds = 6;
  static constexpr size_t kRecentMax = 24;
  static constexpr size_t kKeptMax = 12;
  static constexpr size_t kFirstKept = 4;

  struct Seen {
    size_t at = 0;  // the receiver
    overlay::Endpoint from;
    std::vector<uint8_t> datagram;
    SeenKind kind = SeenKind::kAnything;  // set by Note
  };

  void Note(Seen seen);
  // `back` before the last one of the kind; the oldest that is left where there
  // are not as many, null where there is none. kAnything: of the recent, then
  // of what is of no other kind.
  const Seen* Find(size_t at, SeenKind kind, size_t back) const;
  void Forget(size_t at);

 private:
  void Keep(Seen seen);
  size_t SlotOf(size_t at, SeenKind kind) const {
    return at * kKinds + static_cast<size_t>(kind);
  }

  std::deque<Seen> recent_;
  std::array<std::vector<Seen>, kReceivers * kKinds> kept_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_MALLORY_OVERHEARD_H_
