// SPDX-License-Identifier: Apache-2.0
// Stable 64-bit digests: the same on every run and machine, so they may be
// written to disk. Not cryptographic: they name things, they prove nothing.
#ifndef FORMFUZZ_FRAMEWORK_BASE_DIGEST_H_
#define FORMFUZZ_FRAMEWORK_BASE_DIGEST_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "framework/base/bytes.h"

namespace formfuzz {

// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit
// reaches every output bit.
constexpr uint64_t Mix(uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9;
  x ^= x >> 27;
  x *= 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

// Order matters: Mix(a, b) != Mix(b, a).
constexpr uint64_t Mix(uint64_t digest, uint64_t next) {
  return Mix(digest * 0x9e3779b97f4a7c15 + next);
}

// Accumulates; cheap enough for once a step.
class Digest {
 public:
  constexpr Digest& Add(uint64_t number) {
    state_ = Mix(state_, number);
    return *this;
  }
  // Eight bytes at a time, little-endian; the length is part of the digest.
  Digest& Add(std::string_view text) {
    Add(text.size());
    const char* at = text.data();
    size_t left = text.size();
    for (; left >= 8; at += 8, left -= 8) Add(Word(at, 8));
    return left == 0 ? *this : Add(Word(at, left));
  }
  Digest& Add(Bytes bytes) { return Add(AsText(bytes)); }
  constexpr uint64_t value() const { return state_; }

 private:
  static uint64_t Word(const char* at, size_t size) {
    uint64_t word = 0;
    std::memcpy(&word, at, size);
    return word;
  }

  uint64_t state_ = 0x666f726d66757a7a;  // "formfuzz"
};

inline uint64_t DigestOf(std::string_view text) {
  return Digest().Add(text).value();
}
inline uint64_t DigestOf(Bytes bytes) { return DigestOf(AsText(bytes)); }

// Sixteen lower-case hexadecimal digits.
std::string ToHex(uint64_t digest);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_DIGEST_H_
