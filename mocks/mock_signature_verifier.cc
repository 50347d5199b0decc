// SPDX-License-Identifier: Apache-2.0
// One multiplication for 16 bytes of message: a digest that must tell fuzzed
// messages apart, not withstand anybody.
#include "mocks/mock_signature_verifier.h"

#include <algorithm>
#include <cstring>

#include "framework/base/digest.h"

namespace formfuzz {
namespace {

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

// The last block is filled up with zeros; the length tells it from a message
// that really ends in zeros.
uint64_t KeyedDigest(const vm_manager::PublicKey& key,
                     std::span<const uint8_t> message) {
  uint64_t digest =
      Fold(Word(key.data()) ^ kFirst, Word(key.data() + 8) ^ message.size());
  digest = Fold(Word(key.data() + 16) ^ kFirst ^ digest,
                Word(key.data() + 24) ^ kSecond);
  while (message.size() >= 16) {
    digest = Fold(Word(message.data()) ^ kFirst ^ digest,
                  Word(message.data() + 8) ^ kSecond);
    message = message.subspan(16);
  }
  uint8_t rest[16] = {};
  if (!message.empty()) std::memcpy(rest, message.data(), message.size());
  return Mix(Fold(Word(rest) ^ kFirst ^ digest, Word(rest + 8) ^ kSecond));
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
  uint64_t word = KeyedDigest(key, message);
  for (size_t at = 0; at < signature.size(); at += sizeof word) {
    std::memcpy(signature.data() + at, &word, sizeof word);
    word = word * kSecond + kFirst;
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
