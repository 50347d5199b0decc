// SPDX-License-Identifier: Apache-2.0
// A relay, and STUN server, for nodes that cannot reach each other: passes
// datagrams on from one registered key to another, and cannot read them.
//
// Sans I/O, as a node is. Keeps no state for whoever is not registered, and
// answers it with at most twice the bytes that it sent. Memory is bounded:
// kRelayClientsMax clients; while there are as many, others are turned away
// until one has been silent for kClientLifetimeMs.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_RELAY_RELAY_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_RELAY_RELAY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "components/overlay/crypto/relay_keys.h"
#include "components/overlay/wire/packet.h"
#include "components/overlay/wire/stun.h"

namespace overlay {

inline constexpr size_t kRelayClientsMax = 256;
inline constexpr int64_t kClientLifetimeMs = 60'000;

class Relay {
 public:
  // What the relay calls; the bytes are the relay's until the call returns.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void SendTo(const Endpoint& to, Bytes datagram) = 0;
  };

  // Fewer clients are for those who want to see the bound reached.
  Relay(const Crypto& crypto, const Key& secret, Sink& sink,
        size_t clients_max = kRelayClientsMax);

  const Key& key() const { return own_.open; }
  void Receive(const Endpoint& from, Bytes datagram, int64_t now_ms);

  size_t client_count() const { return clients_.size(); }
  // Where datagrams for the key go; nothing where it is not registered.
  std::optional<Endpoint> ClientOf(const Key& key) const;

 private:
  struct Client {
    Key key{};
    RelayKeys keys;
    Endpoint endpoint;
    uint64_t stamp = 0;
    int64_t heard_ms = 0;
  };

  void OnBinding(const Endpoint& from, Bytes datagram);
  void OnRegistration(const Endpoint& from, Bytes datagram, int64_t now_ms);
  void OnRelayed(const Endpoint& from, Bytes datagram, int64_t now_ms);
  Client* Find(const Key& key);
  std::optional<Client> NewClient(const Key& key) const;
  // Null while there is no room.
  Client* Admit(const Client& client, int64_t now_ms);

  const Crypto& crypto_;
  KeyPair own_;
  Sink& sink_;
  size_t clients_max_;
  std::vector<Client> clients_;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_RELAY_RELAY_H_
