// SPDX-License-Identifier: Apache-2.0
// Nonces are the counter, little-endian, behind four zeros, as in RFC 8439's
// composition of a sender's part and a counter.
#include "components/overlay/crypto/sodium_crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <cstdlib>

namespace overlay {
namespace {

static_assert(kTagBytes == crypto_aead_chacha20poly1305_ietf_ABYTES);
static_assert(kKeyBytes == crypto_aead_chacha20poly1305_ietf_KEYBYTES);
static_assert(kKeyBytes == crypto_scalarmult_BYTES);

using Nonce = std::array<uint8_t, crypto_aead_chacha20poly1305_ietf_NPUBBYTES>;

Nonce NonceOf(uint64_t counter) {
  Nonce nonce{};
  for (size_t i = 0; i < 8; ++i) {
    nonce[4 + i] = static_cast<uint8_t>(counter >> 8 * i);
  }
  return nonce;
}

}  // namespace

SodiumCrypto::SodiumCrypto() {
  if (sodium_init() < 0) std::abort();
}

KeyPair SodiumCrypto::PairOf(const Key& secret) const {
  KeyPair pair{secret, {}};
  crypto_scalarmult_base(pair.open.data(), secret.data());
  return pair;
}

bool SodiumCrypto::Agree(const KeyPair& own, const Key& other,
                         Key* agreed) const {
  return crypto_scalarmult(agreed->data(), own.secret.data(), other.data()) ==
         0;
}

Key SodiumCrypto::Derive(const Key& from, Bytes with, uint8_t label) const {
  crypto_generichash_state state;
  Key derived;
  crypto_generichash_init(&state, from.data(), from.size(), derived.size());
  crypto_generichash_update(&state, &label, 1);
  crypto_generichash_update(&state, with.data(), with.size());
  crypto_generichash_final(&state, derived.data(), derived.size());
  return derived;
}

void SodiumCrypto::Seal(const Key& key, uint64_t nonce, Bytes bound,
                        Bytes plain, uint8_t* sealed) const {
  crypto_aead_chacha20poly1305_ietf_encrypt(
      sealed, nullptr, plain.data(), plain.size(), bound.data(), bound.size(),
      nullptr, NonceOf(nonce).data(), key.data());
}

bool SodiumCrypto::Open(const Key& key, uint64_t nonce, Bytes bound,
                        Bytes sealed, uint8_t* plain) const {
  return crypto_aead_chacha20poly1305_ietf_decrypt(
             plain, nullptr, nullptr, sealed.data(), sealed.size(),
             bound.data(), bound.size(), NonceOf(nonce).data(),
             key.data()) == 0;
}

Integrity SodiumCrypto::IntegrityOf(Bytes key, Bytes message) const {
  Integrity integrity{};
  unsigned size = kIntegrityBytes;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(),
       message.size(), integrity.data(), &size);
  return integrity;
}

void SodiumEntropy::Fill(std::span<uint8_t> into) {
  randombytes_buf(into.data(), into.size());
}

}  // namespace overlay
