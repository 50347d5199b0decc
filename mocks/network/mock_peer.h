// SPDX-License-Identifier: Apache-2.0
// The far end of a session, without a node: says hello as it should, and then
// whatever it is told to, well sealed.
//
// Never breaks the handshake or the sealing; what is sealed may be anything.
// It does not answer of itself, and repeats nothing.
#ifndef FORMFUZZ_MOCKS_NETWORK_MOCK_PEER_H_
#define FORMFUZZ_MOCKS_NETWORK_MOCK_PEER_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "components/overlay/session/handshake.h"

namespace formfuzz {

class MockPeer {
 public:
  using Bytes = overlay::Bytes;

  MockPeer(const overlay::Crypto& crypto, overlay::Entropy& entropy,
           const overlay::Key& secret)
      : crypto_(&crypto), entropy_(&entropy), own_(crypto.PairOf(secret)) {}
  // One that claims to be another, without the secret of that.
  MockPeer(const overlay::Crypto& crypto, overlay::Entropy& entropy,
           const overlay::Key& secret, const overlay::Key& claimed)
      : crypto_(&crypto), entropy_(&entropy), own_{secret, claimed} {}

  const overlay::Key& key() const { return own_.open; }
  bool has_session() const { return keys_.has_value(); }
  // The last hello has no answer yet.
  bool awaits_answer() const { return attempt_.has_value(); }

  // The first packet of a handshake, of a stream that begins anew.
  std::vector<uint8_t> Hello(const overlay::Key& other, uint64_t stamp);
  // Takes the answer to the last hello; all else is ignored.
  void Receive(Bytes datagram);
  // Only in a session.
  std::vector<uint8_t> Seal(Bytes frames);

 private:
  const overlay::Crypto* crypto_;
  overlay::Entropy* entropy_;
  overlay::KeyPair own_;
  std::optional<overlay::Initiator> attempt_;
  std::optional<overlay::SessionKeys> keys_;
  uint32_t remote_index_ = 0;
  uint64_t counter_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_NETWORK_MOCK_PEER_H_
