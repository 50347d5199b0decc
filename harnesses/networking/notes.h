// SPDX-License-Identifier: Apache-2.0
// What rules remember of members from one look to the next.
#ifndef FORMFUZZ_HARNESSES_NETWORKING_NOTES_H_
#define FORMFUZZ_HARNESSES_NETWORKING_NOTES_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "components/overlay/wire/endpoint.h"
#include "components/overlay/wire/packet.h"
#include "harnesses/networking/world.h"

namespace formfuzz {

// Of these there are mostly few, which then need no memory of their own.
template <class Note>
using Notes = absl::InlinedVector<Note, 4>;

// What a member sends, taken apart once for all rules.
struct Sent {
  Sent(Who sender, const overlay::Endpoint& receiver, overlay::Bytes bytes)
      : by(sender),
        to(receiver),
        datagram(bytes),
        relayed(overlay::ParseRelayed(bytes)),
        inner(relayed.has_value() ? relayed->inner : bytes),
        type(overlay::TypeOf(inner)) {}

  // Whether it succeeds or not.
  bool IsStunAnswer() const { return inner.size() > 1 && inner[0] == 1; }

  Who by;
  overlay::Endpoint to;
  overlay::Bytes datagram;
  std::optional<overlay::RelayedPacket> relayed;  // where it goes by the relay
  overlay::Bytes inner;                           // what is for the other end
  std::optional<overlay::PacketType> type;        // of that
};

// Where something came from, and when it did last.
struct HeardFrom {
  overlay::Endpoint at;
  int64_t heard_ms = 0;
};
// The highest counter that was heard.
struct NewestHeard {
  std::pair<Who, uint32_t> key;  // who heard it, and by which index
  uint64_t counter = 0;
};
// Keys that have sealed more than they should.
struct Overused {
  uint64_t epoch = 0;
  int64_t from_ms = 0;
};
// Packets to carol under the keys of one epoch.
struct ToldCarol {
  uint32_t epoch = 0;
  uint64_t packets = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_HARNESSES_NETWORKING_NOTES_H_
