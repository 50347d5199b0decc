// SPDX-License-Identifier: Apache-2.0
// The only file that knows libsodium.
#include "components/vm_manager/request/ed25519.h"

#include <sodium.h>

namespace vm_manager {

static_assert(crypto_sign_PUBLICKEYBYTES == std::tuple_size_v<PublicKey>);
static_assert(crypto_sign_BYTES == std::tuple_size_v<Signature>);

// The functions used here are stateless: they need no sodium_init, which only
// chooses faster code and readies the random source.
bool Ed25519Verifier::Verify(const PublicKey& key,
                             std::span<const uint8_t> message,
                             const Signature& signature) const {
  return crypto_sign_verify_detached(signature.data(), message.data(),
                                     message.size(), key.data()) == 0;
}

KeyPair KeyPairFromSeed(const std::array<uint8_t, 32>& seed) {
  KeyPair keys;
  crypto_sign_seed_keypair(keys.public_key.data(), keys.secret_key.data(),
                           seed.data());
  return keys;
}

Signature Sign(const KeyPair& keys, std::span<const uint8_t> message) {
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, message.data(),
                       message.size(), keys.secret_key.data());
  return signature;
}

}  // namespace vm_manager
