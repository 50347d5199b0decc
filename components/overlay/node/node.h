// SPDX-License-Identifier: Apache-2.0
// One member of the overlay: reaches the peers it knows by their keys,
// directly where some pair of addresses lets it, by a relay elsewhere, and
// carries messages to them in order, each once, as long as neither end
// restarts.
//
// Sans I/O: datagrams and the time come in by calls, datagrams and messages go
// out through the Sink during those calls. Nothing is done in between: Tick is
// to be called by NextDeadlineMs. Time may stand still and jump, but does not
// go back. Not thread-safe; no globals. Memory is bounded: kPeersMax peers,
// each with what Outbox, Inbox, Epochs and Checklist may hold.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_NODE_NODE_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_NODE_NODE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "components/overlay/crypto/relay_keys.h"
#include "components/overlay/node/peer.h"

namespace overlay {

// What a node calls. It must not call the node back.
class Sink {
 public:
  virtual ~Sink() = default;
  // The bytes are the node's until the call returns.
  virtual void SendTo(const Endpoint& to, Bytes datagram) = 0;
  virtual void OnMessage(const Key& peer, Bytes message) = 0;
  // The peer began anew: so many messages may have reached it, or may not.
  virtual void OnGivenUp(const Key& peer, size_t messages) = 0;
};

class Node {
 public:
  struct Parts {
    const Crypto& crypto;
    Entropy& entropy;
    Sink& sink;
  };
  Node(const Parts& parts, const Key& secret, const Settings& settings);

  const Key& key() const { return own_.open; }

  // Where the machine itself can be reached. Peers are told by the next Tick.
  void SetLocalEndpoints(std::span<const Endpoint> endpoints);
  // A relay, which is a STUN server as well. False where its key is unusable.
  bool UseRelay(const Endpoint& endpoint, const Key& key);

  absl::Status AddPeer(const Key& peer, std::optional<Endpoint> hint = {});
  // The peer is kept connected from now on.
  absl::Status Connect(const Key& peer, int64_t now_ms);
  // The session ends, and what was not acknowledged is given up.
  absl::Status Disconnect(const Key& peer, int64_t now_ms);
  // 1 to kMessageBytesMax bytes; kResourceExhausted while too many wait.
  absl::Status Send(const Key& peer, Bytes message, int64_t now_ms);

  void Receive(const Endpoint& from, Bytes datagram, int64_t now_ms);
  void Tick(int64_t now_ms);
  int64_t NextDeadlineMs() const;

  std::optional<PeerView> View(const Key& peer) const;
  std::optional<Endpoint> reflexive() const { return reflexive_; }

  // Peers, where they were last, and which handshakes must not come again:
  // what a restart needs. Load is for a node without peers.
  std::string Save() const;
  absl::Status Load(std::string_view records);

 private:
  // How a packet came, and how its answer goes.
  struct Way {
    Endpoint endpoint;
    bool relayed = false;
  };
  struct RelayServer {
    Endpoint endpoint;
    RelayKeys keys;
  };
  // A question that is repeated until it is answered.
  struct Question {
    int64_t due_ms = 0;
    int64_t pause_ms = 0;
  };

  Peer* Find(const Key& key);
  absl::StatusOr<Peer*> Need(const Key& key);
  const Peer* Find(const Key& key) const;
  Peer* FindByEpoch(uint32_t local_index);
  uint32_t NewIndex();
  uint64_t NewStamp();
  void Begin(Peer& peer);

  // receive.cc
  void ReceiveOwn(const Way& way, Bytes datagram);
  void OnInit(const Way& way, Bytes datagram);
  void OnAccept(Bytes datagram);
  void OnSealed(const Way& way, Bytes datagram);
  void OnRelayed(const Way& way, Bytes datagram);
  void OnRegistered(const Way& way, Bytes datagram);
  void OnFrames(Peer& peer, Bytes frames);
  void OnFrame(Peer& peer, const FragmentFrame& frame);
  void OnFrame(Peer& peer, const AckFrame& frame);
  void OnFrame(Peer& peer, const CandidatesFrame& frame);
  void OnFrame(Peer& peer, const CloseFrame& frame);
  void OnFrame(Peer& peer, const CandidatesSeenFrame& frame);
  void OnFrame(Peer&, const KeepAliveFrame&) {}

  // session.cc
  bool HasSession(const Peer& peer) const;
  bool WantsSession(const Peer& peer) const;
  void StartAttempt(Peer& peer);
  void NoteStream(Peer& peer, uint64_t stream);
  void SessionBegan(Peer& peer);
  void EndSession(Peer& peer);
  void SendFrames(Peer& peer, std::span<const Frame> frames);
  void ChangePresence(Peer& peer);
  void SendPresence(Peer& peer);
  void Flush(Peer& peer);

  // paths.cc
  void OnStun(const Endpoint& from, Bytes datagram);
  void OnCheck(const Endpoint& from, Bytes datagram,
               const StunMessage& request);
  void OnCheckAnswer(const Endpoint& from, Bytes datagram,
                     const StunMessage& answer);
  void OnServerAnswer(const StunMessage& answer);
  void SendCheck(const Peer& peer, const Checklist::Due& due);
  void AskStunServer();
  void Register();
  std::optional<Way> RouteTo(const Peer& peer) const;
  // `datagram` has kRelayedHeadBytes of room in front of it.
  void SendAlong(const Way& way, const Key& peer,
                 std::span<uint8_t> room_and_datagram);
  CandidateList OwnCandidates() const;
  void TickPaths(Peer& peer);

  // tick.cc
  void TickServer();
  void TickPeer(Peer& peer);
  int64_t DeadlineOf(const Peer& peer) const;

  Parts parts_;
  KeyPair own_;
  Settings settings_;
  int64_t now_ms_ = 0;
  uint64_t stamp_ = 0;  // of our last handshake or registration
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<Endpoint> local_endpoints_;

  std::optional<RelayServer> relay_;
  std::optional<Endpoint> reflexive_;
  std::optional<Transaction> transaction_;  // of the open question to it
  Question stun_;
  Question registration_;
  uint64_t registration_stamp_ = 0;  // of the open one; 0: none
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_NODE_NODE_H_
