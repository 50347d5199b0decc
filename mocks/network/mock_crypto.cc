// SPDX-License-Identifier: Apache-2.0
// Digests that must tell fuzzed bytes apart, not withstand anybody: one
// multiplication for 16 bytes.
#include "mocks/network/mock_crypto.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "framework/base/digest.h"

namespace formfuzz {
namespace {

constexpr uint64_t kFirst = 0x9ddfea08eb382d69;
constexpr uint64_t kSecond = 0xc2b2ae3d27d4eb4f;

uint64_t Fold(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t Word(const uint8_t* at, size_t size = sizeof(uint64_t)) {
  uint64_t word = 0;
  std::memcpy(&word, at, size);
  return word;
}

// The rest counts as filled up with zeros; the length tells it from one that
// is.
uint64_t Fold(uint64_t digest, overlay::Bytes bytes) {
  digest = Fold(digest ^ kFirst, bytes.size() ^ kSecond);
  const uint8_t* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 16; at += 16, left -= 16) {
    digest = Fold(Word(at) ^ kFirst ^ digest, Word(at + 8) ^ kSecond);
  }
  if (left == 0) return digest;
  const uint64_t low = Word(at, std::min<size_t>(left, 8));
  const uint64_t high = left > 8 ? Word(at + 8, left - 8) : 0;
  return Fold(low ^ kFirst ^ digest, high ^ kSecond);
}

// Where each word begins and how long it is, the last one perhaps shorter: only
// that one is copied by a call.
template <class Take>
void ForEachWord(size_t size, Take&& take) {
  size_t at = 0;
  for (; size - at >= 8; at += 8) take(at, 8);
  if (at < size) take(at, size - at);
}

// As many bytes as are wanted from one digest.
template <size_t kSize>
void Spread(uint64_t digest, std::array<uint8_t, kSize>& into) {
  ForEachWord(kSize, [&](size_t at, size_t size) {
    digest += kFirst;
    const uint64_t word = Mix(digest);
    std::memcpy(into.data() + at, &word, size);
  });
}

uint64_t DigestOfKey(const overlay::Key& key) {
  const uint64_t half =
      Fold(Word(key.data()) ^ kFirst, Word(key.data() + 8) ^ kSecond);
  return Fold(Word(key.data() + 16) ^ kFirst ^ half,
              Word(key.data() + 24) ^ kSecond);
}

void ApplyStream(uint64_t seed, overlay::Bytes from, uint8_t* to) {
  ForEachWord(from.size(), [&](size_t at, size_t size) {
    const uint64_t word =
        Word(from.data() + at, size) ^ Mix(seed + at * kSecond);
    std::memcpy(to + at, &word, size);
  });
}

using Tag = std::array<uint8_t, overlay::kTagBytes>;

Tag TagOf(uint64_t seed, overlay::Bytes bound, overlay::Bytes sealed) {
  Tag tag;
  Spread(Fold(Fold(seed, bound), sealed), tag);
  return tag;
}

}  // namespace

overlay::KeyPair MockCrypto::PairOf(const Key& secret) const {
  overlay::KeyPair pair{secret, {}};
  Spread(DigestOfKey(secret), pair.open);
  return pair;
}

bool MockCrypto::Agree(const overlay::KeyPair& own, const Key& other,
                       Key* agreed) const {
  const auto is_zero = [](uint8_t byte) { return byte == 0; };
  if (std::all_of(other.begin(), other.end(), is_zero)) return false;
  // As with curves, the own open key has no part: whoever claims another's
  // agrees on nothing with anybody.
  const uint64_t one = DigestOfKey(PairOf(own.secret).open);
  const uint64_t two = DigestOfKey(other);
  Spread(Fold(std::min(one, two) ^ kFirst, std::max(one, two) ^ kSecond),
         *agreed);
  return true;
}

overlay::Key MockCrypto::Derive(const Key& from, Bytes with,
                                uint8_t label) const {
  Key derived;
  Spread(Fold(DigestOfKey(from) + label, with), derived);
  return derived;
}

void MockCrypto::Seal(const Key& key, uint64_t nonce, Bytes bound, Bytes plain,
                      uint8_t* sealed) const {
  const uint64_t seed = Mix(DigestOfKey(key), nonce);
  ApplyStream(seed, plain, sealed);
  const Tag tag = TagOf(seed, bound, Bytes(sealed, plain.size()));
  if (ledger_ != nullptr) ledger_->Note(seed, Word(tag.data()), plain);
  std::memcpy(sealed + plain.size(), tag.data(), tag.size());
}

bool MockCrypto::Open(const Key& key, uint64_t nonce, Bytes bound, Bytes sealed,
                      uint8_t* plain) const {
  if (sealed.size() < overlay::kTagBytes) return false;
  const Bytes text = sealed.first(sealed.size() - overlay::kTagBytes);
  const uint64_t seed = Mix(DigestOfKey(key), nonce);
  const Tag tag = TagOf(seed, bound, text);
  if (std::memcmp(tag.data(), sealed.data() + text.size(), tag.size()) != 0) {
    return false;
  }
  ApplyStream(seed, text, plain);
  return true;
}

overlay::Integrity MockCrypto::IntegrityOf(Bytes key, Bytes message) const {
  overlay::Integrity integrity;
  Spread(Fold(Fold(kFirst, key), message), integrity);
  return integrity;
}

void MockEntropy::Fill(std::span<uint8_t> into) {
  ForEachWord(into.size(), [&](size_t at, size_t size) {
    const uint64_t word = random_.Next();
    std::memcpy(into.data() + at, &word, size);
  });
}

}  // namespace formfuzz
