// SPDX-License-Identifier: Apache-2.0
// Datagrams, by what they are. What is not authentic changes nothing, and is
// not answered.
#include <variant>

#include "components/overlay/node/node.h"

namespace overlay {

void Node::Receive(const Endpoint& from, Bytes datagram, int64_t now_ms) {
  now_ms_ = now_ms;
  if (datagram.size() > kDatagramBytesMax) return;
  if (LooksLikeStun(datagram)) {
    OnStun(from, datagram);
  } else if (TypeOf(datagram) == PacketType::kRelayed) {
    OnRelayed({from, false}, datagram);
  } else {
    ReceiveOwn({from, false}, datagram);
  }
}

void Node::OnRelayed(const Way& way, Bytes datagram) {
  if (!relay_.has_value() || way.endpoint != relay_->endpoint) return;
  const auto packet = ParseRelayed(datagram);
  if (packet.has_value()) ReceiveOwn({way.endpoint, true}, packet->inner);
}

void Node::ReceiveOwn(const Way& way, Bytes datagram) {
  const auto type = TypeOf(datagram);
  if (!type.has_value()) return;
  switch (*type) {
    case PacketType::kInit:
      OnInit(way, datagram);
      break;
    case PacketType::kAccept:
      OnAccept(datagram);
      break;
    case PacketType::kSealed:
      OnSealed(way, datagram);
      break;
    case PacketType::kRegistered:
      OnRegistered(way, datagram);
      break;
    case PacketType::kRelayed:       // never inside of another
    case PacketType::kRegistration:  // for relays
      break;
  }
}

void Node::OnInit(const Way& way, Bytes datagram) {
  const auto init = ParseInit(datagram);
  if (!init.has_value()) return;
  const auto reading = Responder::Read(parts_.crypto, own_, *init, datagram);
  if (!reading.has_value()) return;
  Peer* const peer = Find(reading->remote_key());
  if (peer == nullptr) return;
  if (reading->claim().stamp <= peer->stamp_seen) return;  // a replay
  Key ephemeral;
  parts_.entropy.Fill(ephemeral);
  const uint32_t index = NewIndex();
  std::array<uint8_t, kRelayedHeadBytes + kAcceptBytes> room;
  AcceptBytes answer;
  const auto keys = reading->Answer(parts_.crypto, ephemeral, index,
                                    peer->own_stream, &answer);
  if (!keys.has_value()) return;
  peer->stamp_seen = reading->claim().stamp;
  Epoch epoch;
  epoch.keys = *keys;
  epoch.local_index = index;
  epoch.remote_index = reading->remote_index();
  epoch.remote_stream = reading->claim().stream;
  epoch.born_ms = now_ms_;
  peer->epochs.Propose(epoch);
  std::copy(answer.begin(), answer.end(), room.begin() + kRelayedHeadBytes);
  SendAlong(way, peer->key, room);
}

void Node::OnAccept(Bytes datagram) {
  const auto accept = ParseAccept(datagram);
  if (!accept.has_value()) return;
  for (const auto& peer : peers_) {
    if (!peer->attempt.begun.has_value()) continue;
    const auto done =
        peer->attempt.begun->Finish(parts_.crypto, own_, *accept, datagram);
    if (!done.has_value()) continue;
    Epoch epoch;
    epoch.keys = done->keys;
    epoch.local_index = accept->receiver;
    epoch.remote_index = done->remote_index;
    epoch.remote_stream = done->remote_stream;
    epoch.born_ms = now_ms_;
    epoch.is_ours = true;
    peer->sessions += HasSession(*peer) ? 0 : 1;
    peer->epochs.Adopt(epoch);
    peer->attempt = Attempt();
    NoteStream(*peer, done->remote_stream);
    SessionBegan(*peer);
    return;
  }
}

void Node::OnSealed(const Way& way, Bytes datagram) {
  const auto packet = ParseSealed(datagram);
  if (!packet.has_value()) return;
  Peer* const peer = FindByEpoch(packet->receiver);
  if (peer == nullptr) return;
  Epoch* const epoch = peer->epochs.Find(packet->receiver);
  if (now_ms_ - epoch->born_ms >= settings_.reject_after_ms) return;
  if (!epoch->received.WouldAccept(packet->counter)) return;
  std::array<uint8_t, kDatagramBytesMax> frames;
  if (!parts_.crypto.Open(epoch->keys.receive, packet->counter,
                          datagram.first(kSealedHeadBytes), packet->sealed,
                          frames.data())) {
    return;
  }
  epoch->received.Note(packet->counter);
  peer->heard_ms = now_ms_;
  if (!way.relayed) peer->hint = way.endpoint;
  const uint64_t stream = epoch->remote_stream;
  const bool had_session = HasSession(*peer);
  if (peer->epochs.Confirm(packet->receiver)) {
    peer->sessions += had_session ? 0 : 1;
    // Its answer may be under way since before the peer began anew.
    peer->attempt = Attempt();
    NoteStream(*peer, stream);
    SessionBegan(*peer);
  }
  if (peer->key < own_.open) {
    peer->epochs.Follow(packet->receiver,
                        now_ms_ - settings_.handshake_last_ms);
  }
  OnFrames(*peer, Bytes(frames).first(packet->sealed.size() - kTagBytes));
}

// Reads all before acting on any.
void Node::OnFrames(Peer& peer, Bytes frames) {
  Reader check(frames);
  while (check.left() > 0) {
    if (!ReadFrame(check).has_value()) return;
  }
  Reader in(frames);
  bool acknowledge = false;
  while (in.left() > 0) {
    const Frame frame = *ReadFrame(in);
    if (std::holds_alternative<CloseFrame>(frame)) {
      OnFrame(peer, CloseFrame());
      return;
    }
    acknowledge |= std::holds_alternative<FragmentFrame>(frame);
    std::visit([&](const auto& known) { OnFrame(peer, known); }, frame);
  }
  if (acknowledge) SendFrames(peer, {{Frame(peer.inbox.Ack())}});
  Flush(peer);
}

void Node::OnFrame(Peer& peer, const FragmentFrame& frame) {
  if (!peer.inbox.Take(frame)) return;
  while (const auto message = peer.inbox.Next()) {
    parts_.sink.OnMessage(peer.key, *message);
  }
}

void Node::OnFrame(Peer& peer, const AckFrame& frame) {
  // One that acknowledges what was never sent is ignored.
  static_cast<void>(peer.outbox.Acknowledge(frame, settings_, now_ms_));
}

void Node::OnFrame(Peer& peer, const CandidatesFrame& frame) {
  if (frame.number >= peer.remote_number) {
    peer.remote_number = frame.number;
    peer.remote = frame.credentials;
    peer.checks.Replace(frame.candidates, now_ms_);
    TickPaths(peer);
  }
  SendFrames(peer, {{Frame(CandidatesSeenFrame{peer.remote_number})}});
}

void Node::OnFrame(Peer& peer, const CandidatesSeenFrame& frame) {
  if (frame.number == peer.presence.number) peer.presence.due_ms = kNever;
}

void Node::OnFrame(Peer& peer, const CloseFrame&) { EndSession(peer); }

void Node::OnRegistered(const Way& way, Bytes datagram) {
  if (!relay_.has_value() || way.endpoint != relay_->endpoint) return;
  const auto packet = ParseRegistered(datagram);
  if (!packet.has_value() || packet->stamp != registration_stamp_) return;
  uint8_t nothing = 0;
  if (!parts_.crypto.Open(relay_->keys.back, packet->stamp,
                          datagram.first(kHeaderBytes + 8), packet->tag,
                          &nothing)) {
    return;
  }
  registration_stamp_ = 0;  // an answer counts once
  registration_ = {now_ms_ + settings_.server_refresh_ms, 0};
}

}  // namespace overlay
