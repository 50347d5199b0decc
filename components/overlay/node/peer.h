// SPDX-License-Identifier: Apache-2.0
// All that a node knows of one other, and what it shows of that.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_NODE_PEER_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_NODE_PEER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "components/overlay/path/checklist.h"
#include "components/overlay/session/epoch.h"
#include "components/overlay/session/inbox.h"
#include "components/overlay/session/outbox.h"

namespace overlay {

// A handshake that we began and that is not answered yet.
struct Attempt {
  std::optional<Initiator> begun;
  int64_t due_ms = kNever;  // begin anew
  int64_t pause_ms = 0;
};

// What the peer is told of where we are: repeated until it has seen it.
struct Presence {
  uint32_t number = 1;  // rises with every change
  int64_t due_ms = 0;   // kNever: seen
  int64_t pause_ms = 0;
};

struct Peer {
  Key key{};
  std::optional<Endpoint> hint;  // where it is tried without a relay
  bool wanted = false;           // to be kept connected

  // A stream begins with both ends' messages at number 0. Zero: unknown.
  uint64_t own_stream = 0;
  uint64_t remote_stream = 0;
  uint64_t stamp_seen = 0;  // of its handshakes, the highest

  uint32_t sessions = 0;  // begun while there was none

  Attempt attempt;
  Epochs epochs;
  Outbox outbox;
  Inbox inbox;

  Credentials own;
  Presence presence;
  uint32_t remote_number = 0;  // of the candidates it told, the highest
  std::optional<Credentials> remote;
  Checklist checks;
  std::optional<Endpoint> route;  // direct, as last used

  int64_t heard_ms = 0;  // authentic packets of the current session
  int64_t said_ms = 0;
};

enum class PeerState : uint8_t { kIdle, kConnecting, kUp };

// A copy of what matters to users and to tests.
struct PeerView {
  PeerState state = PeerState::kIdle;
  bool wanted = false;
  std::optional<Endpoint> direct;  // nothing: by relay, or not at all
  uint64_t own_stream = 0;
  uint64_t remote_stream = 0;
  uint64_t stamp_seen = 0;
  uint32_t epoch = 0;           // the current one's local index; 0: none
  uint32_t remote_epoch = 0;    // its remote index
  uint32_t proposed_epoch = 0;  // that waits to be confirmed; 0: none
  uint32_t sessions = 0;        // begun while there was none
  uint64_t sent = 0;            // packets of the current epoch
  int64_t heard_ms = 0;         // when the last authentic packet came
  uint64_t received = 0;        // one above the highest counter in it
  uint32_t next_in = 0;         // messages that came, of this stream
  uint32_t first_out = 0;       // messages acknowledged, of this stream
  size_t queued = 0;            // messages not acknowledged
  size_t held_bytes = 0;        // by the outbox and the inbox
  size_t candidates = 0;
  int64_t answered_ms = 0;  // when one of them answered last
  uint64_t candidates_digest = 0;
  std::optional<Endpoint> hint;
  Credentials own;  // that it was told, if anything
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_NODE_PEER_H_
