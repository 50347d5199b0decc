// SPDX-License-Identifier: Apache-2.0
// Two messages after which two peers who know each other's keys share keys
// that nobody else has: the pattern IK of the Noise framework, with its hash
// chain replaced by keyed hashes of all that was said so far.
//
// The claim in the first message is a stamp, which rises with every handshake
// of its sender and so makes replays worthless, and the number of the sender's
// stream, which is another after a restart.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_SESSION_HANDSHAKE_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_SESSION_HANDSHAKE_H_

#include <array>
#include <cstdint>
#include <optional>

#include "components/overlay/crypto/crypto.h"
#include "components/overlay/wire/packet.h"

namespace overlay {

struct Claim {
  uint64_t stamp = 0;
  uint64_t stream = 0;
};

struct SessionKeys {
  Key send{};
  Key receive{};
};

using InitBytes = std::array<uint8_t, kInitBytes>;
using AcceptBytes = std::array<uint8_t, kAcceptBytes>;

// The side that begins. Kept until the answer arrives.
class Initiator {
 public:
  struct Plan {
    Key other{};      // the peer's
    Key ephemeral{};  // a secret for this handshake alone
    uint32_t index = 0;
    Claim claim;
  };
  // Nothing where the other's key is good for nothing.
  static std::optional<Initiator> Begin(const Crypto& crypto,
                                        const KeyPair& own, const Plan& plan);

  const InitBytes& packet() const { return packet_; }
  uint32_t index() const { return index_; }

  struct Done {
    SessionKeys keys;
    uint32_t remote_index = 0;
    uint64_t remote_stream = 0;
  };
  // Nothing unless the answer is of the peer and to this very message.
  std::optional<Done> Finish(const Crypto& crypto, const KeyPair& own,
                             const AcceptPacket& accept, Bytes datagram) const;

 private:
  InitBytes packet_{};
  uint32_t index_ = 0;
  KeyPair ephemeral_;
  Key chain_{};
};

// The side that answers, for as long as it takes to do so.
class Responder {
 public:
  // Who sent the message, and what it claims; nothing unless it is authentic.
  static std::optional<Responder> Read(const Crypto& crypto, const KeyPair& own,
                                       const InitPacket& init, Bytes datagram);

  const Key& remote_key() const { return remote_key_; }
  const Claim& claim() const { return claim_; }
  uint32_t remote_index() const { return remote_index_; }

  // The answer, and the keys of the session. Nothing where the sender's key
  // is good for nothing.
  std::optional<SessionKeys> Answer(const Crypto& crypto, const Key& ephemeral,
                                    uint32_t index, uint64_t stream,
                                    AcceptBytes* answer) const;

 private:
  Key remote_key_{};
  Key remote_ephemeral_{};
  Claim claim_;
  uint32_t remote_index_ = 0;
  Key chain_{};
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_SESSION_HANDSHAKE_H_
