// SPDX-License-Identifier: Apache-2.0
// What users ask a node to do.
#include "components/overlay/node/node.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace overlay {

Node::Node(const Parts& parts, const Key& secret, const Settings& settings)
    : parts_(parts), own_(parts.crypto.PairOf(secret)), settings_(settings) {}

void Node::SetLocalEndpoints(std::span<const Endpoint> endpoints) {
  if (std::equal(endpoints.begin(), endpoints.end(), local_endpoints_.begin(),
                 local_endpoints_.end())) {
    return;
  }
  local_endpoints_.assign(endpoints.begin(), endpoints.end());
  for (const auto& peer : peers_) ChangePresence(*peer);
}

bool Node::UseRelay(const Endpoint& endpoint, const Key& key) {
  const auto keys = AgreeWithRelay(parts_.crypto, own_, key);
  if (!keys.has_value()) return false;
  relay_ = RelayServer{endpoint, *keys};
  stun_ = Question();
  registration_ = Question();
  return true;
}

absl::Status Node::AddPeer(const Key& peer, std::optional<Endpoint> hint) {
  if (peer == own_.open) {
    return absl::InvalidArgumentError("a node cannot be its own peer");
  }
  if (Find(peer) != nullptr) {
    return absl::AlreadyExistsError("the peer is known already");
  }
  if (peers_.size() >= settings_.peers_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("a node has at most ", settings_.peers_max, " peers"));
  }
  Peer& added = *peers_.emplace_back(std::make_unique<Peer>());
  added.key = peer;
  added.hint = hint;
  Begin(added);
  return absl::OkStatus();
}

// A stream of its own, and credentials that nobody was told.
void Node::Begin(Peer& peer) {
  peer.own_stream = parts_.entropy.U64() | 1;
  peer.remote_stream = 0;
  peer.presence = Presence();
  peer.remote_number = 0;
  peer.own.name = parts_.entropy.U32();
  parts_.entropy.Fill(peer.own.password);
}

absl::Status Node::Connect(const Key& key, int64_t now_ms) {
  now_ms_ = now_ms;
  auto peer = Need(key);
  if (!peer.ok()) return peer.status();
  (*peer)->wanted = true;
  TickPeer(**peer);
  return absl::OkStatus();
}

absl::Status Node::Disconnect(const Key& key, int64_t now_ms) {
  now_ms_ = now_ms;
  auto peer = Need(key);
  if (!peer.ok()) return peer.status();
  if (HasSession(**peer)) SendFrames(**peer, {{CloseFrame()}});
  EndSession(**peer);
  return absl::OkStatus();
}

absl::Status Node::Send(const Key& key, Bytes message, int64_t now_ms) {
  now_ms_ = now_ms;
  auto peer = Need(key);
  if (!peer.ok()) return peer.status();
  if (message.empty() || message.size() > kMessageBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a message has 1 to ", kMessageBytesMax,
                     " bytes; this one has ", message.size()));
  }
  if (!(*peer)->outbox.Add(message)) {
    return absl::ResourceExhaustedError(
        absl::StrCat(kOutboxMessagesMax,
                     " messages wait for the peer: send again when some "
                     "have arrived"));
  }
  TickPeer(**peer);
  return absl::OkStatus();
}

Peer* Node::Find(const Key& key) {
  return const_cast<Peer*>(std::as_const(*this).Find(key));
}

const Peer* Node::Find(const Key& key) const {
  for (const auto& peer : peers_) {
    if (peer->key == key) return peer.get();
  }
  return nullptr;
}

absl::StatusOr<Peer*> Node::Need(const Key& key) {
  Peer* const peer = Find(key);
  if (peer == nullptr) {
    return absl::NotFoundError("no such peer: add it first");
  }
  return peer;
}

Peer* Node::FindByEpoch(uint32_t local_index) {
  for (const auto& peer : peers_) {
    if (peer->epochs.Knows(local_index)) return peer.get();
  }
  return nullptr;
}

uint32_t Node::NewIndex() {
  uint32_t index = 0;
  do {
    index = parts_.entropy.U32();
  } while (index == 0 || FindByEpoch(index) != nullptr);
  return index;
}

// Rises with time, and also while time stands still.
uint64_t Node::NewStamp() {
  stamp_ = std::max(stamp_ + 1, static_cast<uint64_t>(now_ms_));
  return stamp_;
}

std::optional<PeerView> Node::View(const Key& key) const {
  std::optional<PeerView> shown;
  const Peer* const peer = Find(key);
  if (peer == nullptr) return shown;
  PeerView& view = shown.emplace();
  view.wanted = peer->wanted;
  view.own_stream = peer->own_stream;
  view.remote_stream = peer->remote_stream;
  view.stamp_seen = peer->stamp_seen;
  view.sessions = peer->sessions;
  view.heard_ms = peer->heard_ms;
  view.next_in = peer->inbox.next();
  view.first_out = peer->outbox.first();
  view.queued = peer->outbox.size();
  view.held_bytes = peer->outbox.held_bytes() + peer->inbox.held_bytes();
  view.hint = peer->hint;
  view.own = peer->own;
  if (peer->attempt.begun.has_value()) view.state = PeerState::kConnecting;
  if (const Epoch* const epoch = peer->epochs.current()) {
    view.state = PeerState::kUp;
    view.epoch = epoch->local_index;
    view.remote_epoch = epoch->remote_index;
    view.sent = epoch->sent;
    view.received = epoch->received.next();
    view.direct = peer->checks.Best(settings_, now_ms_);
  }
  if (const Epoch* const next = peer->epochs.next()) {
    view.proposed_epoch = next->local_index;
  }
  view.candidates = peer->checks.size();
  view.answered_ms = peer->checks.answered_ms();
  for (size_t i = 0; i < peer->checks.size(); ++i) {
    const Candidate& candidate = peer->checks.at(i);
    view.candidates_digest = view.candidates_digest * 31 +
                             (uint64_t{candidate.endpoint.address} << 24 |
                              uint64_t{candidate.endpoint.port} << 8 |
                              static_cast<uint64_t>(candidate.kind));
  }
  return shown;
}

}  // namespace overlay
