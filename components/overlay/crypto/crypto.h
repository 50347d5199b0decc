// SPDX-License-Identifier: Apache-2.0
// The cryptography that the overlay needs, as a seam: libsodium in production,
// something cheap with the same answers under test.
//
// All functions are pure and may be called from any number of threads.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_CRYPTO_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_CRYPTO_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "components/overlay/wire/bytes.h"

namespace overlay {

inline constexpr size_t kKeyBytes = 32;
inline constexpr size_t kTagBytes = 16;
inline constexpr size_t kIntegrityBytes = 20;  // HMAC-SHA1

using Key = std::array<uint8_t, kKeyBytes>;
using Integrity = std::array<uint8_t, kIntegrityBytes>;

struct KeyPair {
  Key secret{};
  Key open{};
};

class Crypto {
 public:
  virtual ~Crypto() = default;

  // The pair whose secret is `secret`, any 32 bytes.
  virtual KeyPair PairOf(const Key& secret) const = 0;
  // What both ends of two pairs come to. False, and nothing agreed, where the
  // other's key is one with which every secret comes to the same.
  [[nodiscard]] virtual bool Agree(const KeyPair& own, const Key& other,
                                   Key* agreed) const = 0;
  // A key from a key and bytes; different labels give unrelated keys.
  virtual Key Derive(const Key& from, Bytes with, uint8_t label) const = 0;

  // Writes plain.size() + kTagBytes bytes. A key must never see a nonce twice.
  virtual void Seal(const Key& key, uint64_t nonce, Bytes bound, Bytes plain,
                    uint8_t* sealed) const = 0;
  // Writes sealed.size() - kTagBytes bytes; false unless Seal with the same
  // key, nonce and bound bytes gave exactly these. `plain` may be where
  // `sealed` is.
  [[nodiscard]] virtual bool Open(const Key& key, uint64_t nonce, Bytes bound,
                                  Bytes sealed, uint8_t* plain) const = 0;

  // STUN's MESSAGE-INTEGRITY over these bytes.
  virtual Integrity IntegrityOf(Bytes key, Bytes message) const = 0;
};

// Bytes that nobody can foretell.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void Fill(std::span<uint8_t> into) = 0;

  uint32_t U32() {
    std::array<uint8_t, 4> bytes;
    Fill(bytes);
    return Reader(bytes).U32();
  }
  uint64_t U64() {
    std::array<uint8_t, 8> bytes;
    Fill(bytes);
    return Reader(bytes).U64();
  }
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_CRYPTO_CRYPTO_H_
