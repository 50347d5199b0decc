// SPDX-License-Identifier: Apache-2.0
// The chain takes in every key agreed upon and every byte sent; what is sealed
// is bound to the bytes before it.
#include "components/overlay/session/handshake.h"

namespace overlay {
namespace {

constexpr char kProtocol[] = "formfuzz overlay handshake, version 1";

enum Label : uint8_t { kChain, kSeal, kForward, kBackward };

// Each key seals once.
constexpr uint64_t kOnly = 0;

Key FirstChain(const Crypto& crypto, const Key& responder) {
  const Bytes name(reinterpret_cast<const uint8_t*>(kProtocol),
                   sizeof kProtocol - 1);
  return crypto.Derive(crypto.Derive(Key(), name, kChain), responder, kChain);
}

// What both sides agree upon goes into the chain.
bool MixAgreed(const Crypto& crypto, const KeyPair& own, const Key& other,
               Key* chain) {
  Key agreed;
  if (!crypto.Agree(own, other, &agreed)) return false;
  *chain = crypto.Derive(*chain, agreed, kChain);
  return true;
}

Key SealKey(const Crypto& crypto, const Key& chain) {
  return crypto.Derive(chain, {}, kSeal);
}

// The keys of the session, as the side that began uses them.
SessionKeys KeysOf(const Crypto& crypto, const Key& chain) {
  return {crypto.Derive(chain, {}, kForward),
          crypto.Derive(chain, {}, kBackward)};
}

// Seals `plain` behind what was written, bound to all of that.
void PutSealed(const Crypto& crypto, const Key& key, Bytes plain, Writer& out) {
  const Bytes before = out.written();
  uint8_t* const at = out.Reserve(plain.size() + kTagBytes);
  if (at != nullptr) crypto.Seal(key, kOnly, before, plain, at);
}

template <size_t kSize>
bool OpenSealed(const Crypto& crypto, const Key& key, Bytes datagram,
                Bytes sealed, std::array<uint8_t, kSize>& plain) {
  const auto at = static_cast<size_t>(sealed.data() - datagram.data());
  return crypto.Open(key, kOnly, datagram.first(at), sealed, plain.data());
}

}  // namespace

std::optional<Initiator> Initiator::Begin(const Crypto& crypto,
                                          const KeyPair& own,
                                          const Plan& plan) {
  Initiator begun;
  begun.index_ = plan.index;
  begun.ephemeral_ = crypto.PairOf(plan.ephemeral);
  Key chain = FirstChain(crypto, plan.other);
  Writer out(begun.packet_);
  WriteHeader(PacketType::kInit, out);
  out.U32(plan.index).Put(begun.ephemeral_.open);
  chain = crypto.Derive(chain, out.written(), kChain);
  if (!MixAgreed(crypto, begun.ephemeral_, plan.other, &chain))
    return std::nullopt;
  PutSealed(crypto, SealKey(crypto, chain), own.open, out);
  if (!MixAgreed(crypto, own, plan.other, &chain)) return std::nullopt;
  std::array<uint8_t, kClaimBytes> claimed;
  Writer(claimed).U64(plan.claim.stamp).U64(plan.claim.stream);
  PutSealed(crypto, SealKey(crypto, chain), claimed, out);
  begun.chain_ = crypto.Derive(chain, begun.packet_, kChain);
  return begun;
}

std::optional<Initiator::Done> Initiator::Finish(const Crypto& crypto,
                                                 const KeyPair& own,
                                                 const AcceptPacket& accept,
                                                 Bytes datagram) const {
  if (accept.receiver != index_) return std::nullopt;
  Key chain = crypto.Derive(chain_, accept.ephemeral, kChain);
  if (!MixAgreed(crypto, ephemeral_, accept.ephemeral, &chain) ||
      !MixAgreed(crypto, own, accept.ephemeral, &chain)) {
    return std::nullopt;
  }
  std::array<uint8_t, kStreamBytes> stream;
  if (!OpenSealed(crypto, SealKey(crypto, chain), datagram,
                  accept.sealed_stream, stream)) {
    return std::nullopt;
  }
  chain = crypto.Derive(chain, datagram, kChain);
  return Done{KeysOf(crypto, chain), accept.sender, Reader(stream).U64()};
}

std::optional<Responder> Responder::Read(const Crypto& crypto,
                                         const KeyPair& own,
                                         const InitPacket& init,
                                         Bytes datagram) {
  Responder reading;
  reading.remote_index_ = init.sender;
  reading.remote_ephemeral_ = init.ephemeral;
  Key chain = FirstChain(crypto, own.open);
  chain = crypto.Derive(chain, datagram.first(kHeaderBytes + 4 + kKeyBytes),
                        kChain);
  if (!MixAgreed(crypto, own, init.ephemeral, &chain)) return std::nullopt;
  if (!OpenSealed(crypto, SealKey(crypto, chain), datagram, init.sealed_key,
                  reading.remote_key_)) {
    return std::nullopt;
  }
  if (!MixAgreed(crypto, own, reading.remote_key_, &chain)) return std::nullopt;
  std::array<uint8_t, kClaimBytes> claimed;
  if (!OpenSealed(crypto, SealKey(crypto, chain), datagram, init.sealed_claim,
                  claimed)) {
    return std::nullopt;
  }
  Reader in(claimed);
  reading.claim_.stamp = in.U64();
  reading.claim_.stream = in.U64();
  reading.chain_ = crypto.Derive(chain, datagram, kChain);
  return reading;
}

std::optional<SessionKeys> Responder::Answer(const Crypto& crypto,
                                             const Key& ephemeral,
                                             uint32_t index, uint64_t stream,
                                             AcceptBytes* answer) const {
  const KeyPair pair = crypto.PairOf(ephemeral);
  Key chain = crypto.Derive(chain_, pair.open, kChain);
  if (!MixAgreed(crypto, pair, remote_ephemeral_, &chain) ||
      !MixAgreed(crypto, pair, remote_key_, &chain)) {
    return std::nullopt;
  }
  Writer out(*answer);
  WriteHeader(PacketType::kAccept, out);
  out.U32(index).U32(remote_index_).Put(pair.open);
  std::array<uint8_t, kStreamBytes> own_stream;
  Writer(own_stream).U64(stream);
  PutSealed(crypto, SealKey(crypto, chain), own_stream, out);
  const SessionKeys keys =
      KeysOf(crypto, crypto.Derive(chain, *answer, kChain));
  return SessionKeys{keys.receive, keys.send};
}

}  // namespace overlay
