// SPDX-License-Identifier: Apache-2.0
// Ways to peers: what STUN tells, which candidates answer, and the relay.
#include <algorithm>

#include "components/overlay/node/node.h"

namespace overlay {
namespace {

// Asked name, then asking name.
std::array<uint8_t, 8> UsernameOf(uint32_t asked, uint32_t asking) {
  std::array<uint8_t, 8> username;
  Writer(username).U32(asked).U32(asking);
  return username;
}

}  // namespace

void Node::OnStun(const Endpoint& from, Bytes datagram) {
  const auto message = ParseStun(datagram);
  if (!message.has_value()) return;
  if (message->type == StunType::kRequest) {
    OnCheck(from, datagram, *message);
  } else if (message->type == StunType::kSuccess) {
    // RFC 8489, 6.3.3: what must be understood and is not spoils the answer.
    if (message->unknown_count > 0 || !message->mapped.has_value()) return;
    if (relay_.has_value() && from == relay_->endpoint &&
        message->transaction == transaction_) {
      OnServerAnswer(*message);
    } else {
      OnCheckAnswer(from, datagram, *message);
    }
  }
}

void Node::OnCheck(const Endpoint& from, Bytes datagram,
                   const StunMessage& request) {
  if (request.username.size() != 8) return;
  const uint32_t asked = Reader(request.username).U32();
  const auto peer =
      std::find_if(peers_.begin(), peers_.end(),
                   [&](const auto& known) { return known->own.name == asked; });
  if (peer == peers_.end() || !HasSession(**peer)) return;
  const Bytes password = (*peer)->own.password;
  if (!HasIntegrity(datagram, request, parts_.crypto, password)) return;
  StunMessage answer;
  answer.transaction = request.transaction;
  if (request.unknown_count > 0) {
    answer.type = StunType::kError;
    answer.error = 420;
    answer.unknown = request.unknown;
    answer.unknown_count = request.unknown_count;
  } else {
    answer.type = StunType::kSuccess;
    answer.mapped = from;
    (*peer)->checks.Trigger(from, settings_, now_ms_);
  }
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer out(buffer);
  WriteStun(answer, {&parts_.crypto, password, true}, out);
  parts_.sink.SendTo(from, out.written());
  TickPaths(**peer);
}

void Node::OnCheckAnswer(const Endpoint& from, Bytes datagram,
                         const StunMessage& answer) {
  for (const auto& peer : peers_) {
    if (!peer->remote.has_value()) continue;
    if (!HasIntegrity(datagram, answer, parts_.crypto,
                      peer->remote->password)) {
      continue;
    }
    if (peer->checks.Answered(from, answer.transaction, settings_, now_ms_)) {
      TickPaths(*peer);
    }
    return;
  }
}

void Node::OnServerAnswer(const StunMessage& answer) {
  transaction_.reset();  // an answer counts once
  stun_ = {now_ms_ + settings_.server_refresh_ms, 0};
  if (reflexive_ == answer.mapped) return;
  reflexive_ = answer.mapped;
  for (const auto& peer : peers_) {
    ChangePresence(*peer);
    if (HasSession(*peer)) SendPresence(*peer);
  }
}

void Node::SendCheck(const Peer& peer, const Checklist::Due& due) {
  StunMessage request;
  request.transaction = due.transaction;
  const auto username = UsernameOf(peer.remote->name, peer.own.name);
  request.username = username;
  request.priority = 1;  // candidates have no more than their order
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer out(buffer);
  WriteStun(request, {&parts_.crypto, peer.remote->password, true}, out);
  parts_.sink.SendTo(due.endpoint, out.written());
}

void Node::AskStunServer() {
  StunMessage request;
  parts_.entropy.Fill(request.transaction);
  transaction_ = request.transaction;
  std::array<uint8_t, kStunBytesMax> buffer;
  Writer out(buffer);
  WriteStun(request, {&parts_.crypto, {}, true}, out);
  parts_.sink.SendTo(relay_->endpoint, out.written());
}

void Node::Register() {
  registration_stamp_ = NewStamp();
  std::array<uint8_t, kRegistrationBytes> buffer;
  Writer out(buffer);
  WriteRegistration({own_.open, registration_stamp_, {}}, out);
  const Bytes head = out.written();
  parts_.crypto.Seal(relay_->keys.forth, registration_stamp_, head, {},
                     out.Reserve(kTagBytes));
  parts_.sink.SendTo(relay_->endpoint, out.written());
}

std::optional<Node::Way> Node::RouteTo(const Peer& peer) const {
  if (const auto best = peer.checks.Best(settings_, now_ms_)) {
    return Way{*best, false};
  }
  if (relay_.has_value()) return Way{relay_->endpoint, true};
  if (peer.hint.has_value()) return Way{*peer.hint, false};
  return std::nullopt;
}

void Node::SendAlong(const Way& way, const Key& peer,
                     std::span<uint8_t> room_and_datagram) {
  if (way.relayed) {
    Writer head(room_and_datagram.first(kRelayedHeadBytes));
    WriteRelayed({peer, {}}, head);
    parts_.sink.SendTo(way.endpoint, room_and_datagram);
  } else {
    parts_.sink.SendTo(way.endpoint,
                       room_and_datagram.subspan(kRelayedHeadBytes));
  }
}

CandidateList Node::OwnCandidates() const {
  CandidateList own;
  for (const Endpoint& endpoint : local_endpoints_) {
    own.Add({endpoint, CandidateKind::kHost});
  }
  if (reflexive_.has_value()) {
    own.Add({*reflexive_, CandidateKind::kServerReflexive});
  }
  return own;
}

void Node::TickPaths(Peer& peer) {
  if (!HasSession(peer) || !peer.remote.has_value()) return;
  while (const auto due =
             peer.checks.NextDue(settings_, now_ms_, parts_.entropy)) {
    SendCheck(peer, *due);
  }
  const auto best = peer.checks.Best(settings_, now_ms_);
  if (best == peer.route) return;
  const bool lost = peer.route.has_value();
  peer.route = best;
  if (lost) peer.outbox.Hurry(settings_, now_ms_);
}

}  // namespace overlay
