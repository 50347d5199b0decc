// SPDX-License-Identifier: Apache-2.0
// One multiplication for 16 bytes of message: a digest that must tell fuzzed
// messages apart, not withstand anybody.
#include "mocks/mock_signature_verifier.h"

#include <algorithm>
#include <cstring>

#include "framework/base/digest.h"

namespace formfuzz {
namespace {

constexpr size_t kBlock = 16;
constexpr uint64_t kFirst = 0xa0761d6478bd642f;
constexpr uint64_t kSecond = 0xe7037ed1a0b428db;

uint64_t Fold(uint64_t a, uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t Word(const uint8_t* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

uint64_t AddBlock(uint64_t digest, const uint8_t* at) {
  return Fold(Word(at) ^ kFirst ^ digest, Word(at + 8) ^ kSecond);
}

// The last block overlaps the one before it, or is filled up with zeros where
// it is the only one; the length tells such messages apart.
uint64_t KeyedDigest(const vm_manager::PublicKey& key,
                     std::span<const uint8_t> message) {
  uint64_t digest =
      Fold(Word(key.data()) ^ kFirst, Word(key.data() + 8) ^ message.size());
  digest = AddBlock(digest, key.data() + 16);
  if (message.size() < kBlock) {
    uint8_t only[kBlock] = {};
    std::ranges::copy(message, only);
    return Mix(AddBlock(digest, only));
  }
  const size_t last = message.size() - kBlock;
  for (size_t at = 0; at < last; at += kBlock) {
    digest = AddBlock(digest, message.data() + at);
  }
  return Mix(AddBlock(digest, message.data() + last));
}

}  // namespace

vm_manager::PublicKey MockKeyOf(std::string_view holder) {
  vm_manager::PublicKey key;
  uint64_t word = DigestOf(holder) | 1;
  for (size_t at = 0; at < key.size(); at += sizeof word) {
    std::memcpy(key.data() + at, &word, sizeof word);
    word = Mix(word);
  }
  return key;
}

// The second half stands for S: its top bits are clear, as of a reduced one.
vm_manager::Signature MockSign(const vm_manager::PublicKey& key,
                               std::span<const uint8_t> message) {
  vm_manager::Signature signature;
  uint64_t digest = KeyedDigest(key, message);
  for (size_t at = 0; at < signature.size(); at += sizeof digest) {
    const uint64_t word = digest * kSecond;
    std::memcpy(signature.data() + at, &word, sizeof word);
    digest += kFirst;
  }
  signature.back() &= 0x0f;
  return signature;
}

bool MockSignatureVerifier::Verify(
    const vm_manager::PublicKey& key, std::span<const uint8_t> message,
    const vm_manager::Signature& signature) const {
  const auto is_zero = [](uint8_t byte) { return byte == 0; };
  if (std::all_of(key.begin(), key.end(), is_zero)) return false;
  return signature == MockSign(key, message);
}

}  // namespace formfuzz
