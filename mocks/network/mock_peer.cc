// SPDX-License-Identifier: Apache-2.0
// The component's own handshake, driven by hand.
#include "mocks/network/mock_peer.h"

#include "framework/base/check.h"

namespace formfuzz {

std::vector<uint8_t> MockPeer::Hello(const overlay::Key& other,
                                     uint64_t stamp) {
  overlay::Initiator::Plan plan;
  plan.other = other;
  entropy_->Fill(plan.ephemeral);
  plan.index = entropy_->U32();
  plan.claim = {stamp, entropy_->U64() | 1};
  attempt_ = overlay::Initiator::Begin(*crypto_, own_, plan);
  FORMFUZZ_CHECK(attempt_.has_value(), "MockPeer: the other's key is unusable");
  const auto& packet = attempt_->packet();
  return {packet.begin(), packet.end()};
}

void MockPeer::Receive(Bytes datagram) {
  const auto accept = overlay::ParseAccept(datagram);
  if (!accept.has_value() || !attempt_.has_value()) return;
  const auto done = attempt_->Finish(*crypto_, own_, *accept, datagram);
  if (!done.has_value()) return;
  keys_ = done->keys;
  remote_index_ = done->remote_index;
  counter_ = 0;
  attempt_.reset();
}

std::vector<uint8_t> MockPeer::Seal(Bytes frames) {
  FORMFUZZ_CHECK(keys_.has_value(), "MockPeer: there is no session");
  std::vector<uint8_t> datagram(overlay::kSealedHeadBytes + frames.size() +
                                overlay::kTagBytes);
  overlay::Writer out(datagram);
  overlay::WriteSealed({remote_index_, counter_, {}}, out);
  const Bytes head = out.written();
  crypto_->Seal(keys_->send, counter_++, head, frames,
                out.Reserve(frames.size() + overlay::kTagBytes));
  return datagram;
}

}  // namespace formfuzz
