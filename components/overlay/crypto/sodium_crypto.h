// SPDX-License-Identifier: Apache-2.0
// X25519, BLAKE2b and ChaCha20-Poly1305 by libsodium; HMAC-SHA1, which STUN
// prescribes and libsodium lacks, by OpenSSL.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_SODIUM_CRYPTO_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_SODIUM_CRYPTO_H_

#include "components/overlay/crypto/crypto.h"

namespace overlay {

class SodiumCrypto final : public Crypto {
 public:
  // Aborts where libsodium cannot be initialised: nothing works then.
  SodiumCrypto();

  KeyPair PairOf(const Key& secret) const override;
  [[nodiscard]] bool Agree(const KeyPair& own, const Key& other,
                           Key* agreed) const override;
  Key Derive(const Key& from, Bytes with, uint8_t label) const override;
  void Seal(const Key& key, uint64_t nonce, Bytes bound, Bytes plain,
            uint8_t* sealed) const override;
  [[nodiscard]] bool Open(const Key& key, uint64_t nonce, Bytes bound,
                          Bytes sealed, uint8_t* plain) const override;
  Integrity IntegrityOf(Bytes key, Bytes message) const override;
};

// The system's.
class SodiumEntropy final : public Entropy {
 public:
  void Fill(std::span<uint8_t> into) override;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_SODIUM_CRYPTO_H_
