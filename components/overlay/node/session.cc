// SPDX-License-Identifier: Apache-2.0
// Sessions with peers: how they begin, carry frames, and end.
#include <algorithm>

#include "components/overlay/node/node.h"

namespace overlay {

bool Node::HasSession(const Peer& peer) const {
  const Epoch* const epoch = peer.epochs.current();
  return epoch != nullptr &&
         now_ms_ - epoch->born_ms < settings_.reject_after_ms &&
         epoch->sent < settings_.reject_after_packets;
}

bool Node::WantsSession(const Peer& peer) const {
  return peer.wanted || peer.outbox.size() > 0;
}

// A repetition is a handshake of its own: the peer takes no stamp twice.
void Node::StartAttempt(Peer& peer) {
  Attempt& attempt = peer.attempt;
  attempt.pause_ms =
      attempt.pause_ms == 0
          ? settings_.handshake_first_ms
          : std::min(2 * attempt.pause_ms, settings_.handshake_last_ms);
  attempt.due_ms = now_ms_ + attempt.pause_ms;
  attempt.begun.reset();
  const auto way = RouteTo(peer);
  if (!way.has_value()) return;
  Key ephemeral;
  parts_.entropy.Fill(ephemeral);
  attempt.begun = Initiator::Begin(
      parts_.crypto, own_,
      {peer.key, ephemeral, NewIndex(), {NewStamp(), peer.own_stream}});
  if (!attempt.begun.has_value()) return;
  std::array<uint8_t, kRelayedHeadBytes + kInitBytes> room;
  const InitBytes& packet = attempt.begun->packet();
  std::copy(packet.begin(), packet.end(), room.begin() + kRelayedHeadBytes);
  SendAlong(*way, peer.key, room);
}

// Another stream than the one known: the peer lost all state, and what is
// still on its way under older keys belongs to messages that are no more.
void Node::NoteStream(Peer& peer, uint64_t stream) {
  if (peer.remote_stream == stream) return;
  const bool is_first = peer.remote_stream == 0;
  peer.remote_stream = stream;
  peer.epochs.ForgetOtherStreams(stream);
  peer.inbox.Restart();
  peer.remote_number = 0;
  peer.presence.due_ms = now_ms_;
  const size_t given_up = peer.outbox.Restart();
  if (!is_first) parts_.sink.OnGivenUp(peer.key, given_up);
}

// The first packet under new keys: the peer learns that they are in use.
void Node::SessionBegan(Peer& peer) {
  peer.heard_ms = now_ms_;
  if (peer.presence.due_ms == kNever) {
    SendFrames(peer, {{Frame(KeepAliveFrame())}});
  } else {
    peer.presence.pause_ms = 0;
    SendPresence(peer);
  }
  Flush(peer);
}

void Node::EndSession(Peer& peer) {
  peer.wanted = false;
  peer.epochs.Clear();
  peer.attempt = Attempt();
  peer.inbox.Restart();
  peer.checks.Clear();
  peer.remote.reset();
  peer.route.reset();
  const size_t given_up = peer.outbox.Clear();
  Begin(peer);
  if (given_up > 0) parts_.sink.OnGivenUp(peer.key, given_up);
}

void Node::SendFrames(Peer& peer, std::span<const Frame> frames) {
  const auto way = RouteTo(peer);
  if (!way.has_value() || !HasSession(peer)) return;
  std::array<uint8_t, kDatagramBytesMax> plain;
  Writer text(plain);
  for (const Frame& frame : frames) WriteFrame(frame, text);
  Epoch& epoch = *peer.epochs.current();
  std::array<uint8_t, kDatagramBytesMax> room;
  const std::span<uint8_t> datagram =
      std::span(room).subspan(kRelayedHeadBytes);
  Writer out(datagram);
  WriteSealed({epoch.remote_index, epoch.sent, {}}, out);
  const Bytes head = out.written();
  uint8_t* const sealed = out.Reserve(text.size() + kTagBytes);
  if (!text.ok() || sealed == nullptr) return;
  parts_.crypto.Seal(epoch.keys.send, epoch.sent, head, text.written(), sealed);
  ++epoch.sent;
  peer.said_ms = now_ms_;
  SendAlong(*way, peer.key,
            std::span(room).first(kRelayedHeadBytes + out.size()));
}

void Node::ChangePresence(Peer& peer) {
  ++peer.presence.number;
  peer.presence.due_ms = now_ms_;
  peer.presence.pause_ms = 0;
}

// That we are there, and where else we could be reached.
void Node::SendPresence(Peer& peer) {
  Presence& presence = peer.presence;
  presence.pause_ms =
      presence.pause_ms == 0
          ? settings_.repeat_first_ms
          : std::min(2 * presence.pause_ms, settings_.repeat_last_ms);
  presence.due_ms = now_ms_ + presence.pause_ms;
  SendFrames(
      peer,
      {{Frame(CandidatesFrame{peer.own, OwnCandidates(), presence.number})}});
}

void Node::Flush(Peer& peer) {
  if (!HasSession(peer) || !RouteTo(peer).has_value()) return;
  peer.outbox.SendDue(settings_, now_ms_, [&](const FragmentFrame& fragment) {
    SendFrames(peer, {{Frame(fragment)}});
  });
}

}  // namespace overlay
