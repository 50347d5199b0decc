// SPDX-License-Identifier: Apache-2.0
// What happens because time passes.
#include <algorithm>

#include "components/overlay/node/node.h"

namespace overlay {

void Node::Tick(int64_t now_ms) {
  now_ms_ = now_ms;
  TickServer();
  for (const auto& peer : peers_) TickPeer(*peer);
}

void Node::TickServer() {
  if (!relay_.has_value()) return;
  for (Question* const question : {&stun_, &registration_}) {
    if (question->due_ms > now_ms_) continue;
    question->pause_ms =
        question->pause_ms == 0
            ? settings_.handshake_first_ms
            : std::min(2 * question->pause_ms, settings_.handshake_last_ms);
    question->due_ms = now_ms_ + question->pause_ms;
    question == &stun_ ? AskStunServer() : Register();
  }
}

void Node::TickPeer(Peer& peer) {
  peer.epochs.DropOlder(now_ms_ - settings_.reject_after_ms);
  if (HasSession(peer) && now_ms_ - peer.heard_ms >= settings_.dead_after_ms) {
    peer.epochs.Clear();
  }
  const Epoch* const epoch = peer.epochs.current();
  const bool stale = epoch != nullptr && epoch->is_ours &&
                     (now_ms_ - epoch->born_ms >= settings_.renew_after_ms ||
                      epoch->sent >= settings_.renew_after_packets);
  const bool needed = stale || (!HasSession(peer) && WantsSession(peer));
  if (!needed) {
    peer.attempt = Attempt();
  } else if (peer.attempt.due_ms == kNever || peer.attempt.due_ms <= now_ms_) {
    StartAttempt(peer);
  }
  if (!HasSession(peer)) return;
  TickPaths(peer);
  Flush(peer);
  if (peer.presence.due_ms <= now_ms_) SendPresence(peer);
  if (now_ms_ - peer.said_ms >= settings_.keep_alive_ms) {
    SendFrames(peer, {{Frame(KeepAliveFrame())}});
  }
}

int64_t Node::DeadlineOf(const Peer& peer) const {
  int64_t deadline = peer.attempt.due_ms;
  const Epoch* const epoch = peer.epochs.current();
  if (epoch == nullptr || !HasSession(peer)) {
    // Keys that something was received after the end of are yet to be dropped.
    const bool expired = epoch != nullptr &&
                         now_ms_ - epoch->born_ms >= settings_.reject_after_ms;
    const bool begins = WantsSession(peer) && deadline == kNever;
    return expired || begins ? now_ms_ : deadline;
  }
  deadline = std::min(deadline, peer.heard_ms + settings_.dead_after_ms);
  deadline = std::min(deadline, epoch->born_ms + settings_.reject_after_ms);
  if (epoch->is_ours && peer.attempt.due_ms == kNever) {
    deadline = std::min(deadline, epoch->born_ms + settings_.renew_after_ms);
  }
  if (RouteTo(peer).has_value()) {
    deadline = std::min(deadline, peer.said_ms + settings_.keep_alive_ms);
    deadline = std::min(deadline, peer.presence.due_ms);
    deadline = std::min(deadline, peer.outbox.DeadlineMs());
  }
  if (peer.remote.has_value()) {
    deadline = std::min(deadline, peer.checks.DeadlineMs());
  }
  return deadline;
}

int64_t Node::NextDeadlineMs() const {
  int64_t deadline = kNever;
  if (relay_.has_value()) {
    deadline = std::min(stun_.due_ms, registration_.due_ms);
  }
  for (const auto& peer : peers_) {
    deadline = std::min(deadline, DeadlineOf(*peer));
  }
  return deadline;
}

}  // namespace overlay
