// SPDX-License-Identifier: Apache-2.0
// Cryptography that costs next to nothing and says yes and no exactly where
// the real one does.
//
// As with X25519 both ends of two pairs agree, on something that other pairs
// do not come to, and the all-zero key agrees with nobody; what is sealed
// opens with the same key, nonce and bound bytes alone, unchanged in every
// bit; integrity is a digest of key and message. It breaks nothing of this,
// ever. What is sealed does not show what it was.
// It is no cryptography: whoever sees two public keys can compute what they
// agree on, so scenarios must do so on purpose only.
#ifndef FORMFUZZ_MOCKS_NETWORK_MOCK_CRYPTO_H_
#define FORMFUZZ_MOCKS_NETWORK_MOCK_CRYPTO_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "components/overlay/crypto/crypto.h"
#include "framework/base/random.h"

namespace formfuzz {

// What was sealed with which key and nonce: never two different things.
class NonceLedger {
 public:
  void Note(uint64_t key_and_nonce, uint64_t tag, overlay::Bytes plain) {
    const auto [known, is_new] = sealed_.try_emplace(key_and_nonce, tag);
    if (!is_new && known->second != tag) reused_ = true;
    last_plain_ = plain;
    overlay::Reader in(plain);
    last_word_ = in.U64();
  }
  bool reused() const { return reused_; }
  // What was sealed last, where whoever sealed it had it: to be read while it
  // sends that.
  overlay::Bytes last_plain() const { return last_plain_; }
  // Its first eight bytes, as a number, also when that has gone.
  uint64_t last_word() const { return last_word_; }

 private:
  static constexpr size_t kUsual = 24;  // packets of a short scenario

  // Keys are digests already.
  struct AsItIs {
    size_t operator()(uint64_t digest) const { return digest; }
  };
  absl::flat_hash_map<uint64_t, uint64_t, AsItIs> sealed_{kUsual};
  overlay::Bytes last_plain_;
  uint64_t last_word_ = 0;
  bool reused_ = false;
};

class MockCrypto final : public overlay::Crypto {
 public:
  using Bytes = overlay::Bytes;
  using Key = overlay::Key;

  // Where a ledger is given, it is told of every seal, and must outlive this.
  explicit MockCrypto(NonceLedger* ledger = nullptr) : ledger_(ledger) {}

  overlay::KeyPair PairOf(const Key& secret) const override;
  [[nodiscard]] bool Agree(const overlay::KeyPair& own, const Key& other,
                           Key* agreed) const override;
  Key Derive(const Key& from, Bytes with, uint8_t label) const override;
  void Seal(const Key& key, uint64_t nonce, Bytes bound, Bytes plain,
            uint8_t* sealed) const override;
  [[nodiscard]] bool Open(const Key& key, uint64_t nonce, Bytes bound,
                          Bytes sealed, uint8_t* plain) const override;
  overlay::Integrity IntegrityOf(Bytes key, Bytes message) const override;

 private:
  NonceLedger* ledger_;
};

// The same bytes in every run.
class MockEntropy final : public overlay::Entropy {
 public:
  explicit MockEntropy(uint64_t seed) : random_(seed) {}
  void Fill(std::span<uint8_t> into) override;

 private:
  Random random_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_MOCKS_NETWORK_MOCK_CRYPTO_H_
