// SPDX-License-Identifier: Apache-2.0
// The real cryptography: published vectors, and what must not verify.
#include "components/vm_manager/request/ed25519.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"

namespace vm_manager {
namespace {

template <size_t N>
std::array<uint8_t, N> FromHex(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  std::array<uint8_t, N> array{};
  std::copy(bytes.begin(), bytes.end(), array.begin());
  return array;
}

// RFC 8032, section 7.1, test 2.
class Ed25519Test : public ::testing::Test {
 protected:
  const KeyPair keys_ = KeyPairFromSeed(FromHex<32>(
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const std::vector<uint8_t> message_ = {0x72};
  const Ed25519Verifier verifier_;
};

TEST_F(Ed25519Test, AgreesWithTheStandard) {
  EXPECT_EQ(
      keys_.public_key,
      FromHex<32>(
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
  EXPECT_EQ(Sign(keys_, message_),
            FromHex<64>("92a009a9f0d4cab8720e820b5f642540"
                        "a2b27b5416503f8fb3762223ebdb69da"
                        "085ac1e43e15996e458f3613d0f11d8c"
                        "387b2eaeb4302aeeb00d291612bb0c00"));
}

TEST_F(Ed25519Test, VerifiesItsOwn) {
  EXPECT_TRUE(
      verifier_.Verify(keys_.public_key, message_, Sign(keys_, message_)));
}

TEST_F(Ed25519Test, RefusesEveryFlippedBit) {
  const Signature good = Sign(keys_, message_);
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    Signature bad = good;
    bad[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(verifier_.Verify(keys_.public_key, message_, bad)) << bit;
  }
}

TEST_F(Ed25519Test, RefusesAnotherMessageOrKey) {
  const Signature good = Sign(keys_, message_);
  const std::vector<uint8_t> other = {0x73};
  EXPECT_FALSE(verifier_.Verify(keys_.public_key, other, good));
  EXPECT_FALSE(verifier_.Verify(keys_.public_key, {}, good));
  EXPECT_FALSE(
      verifier_.Verify(KeyPairFromSeed({}).public_key, message_, good));
}

// S + L is the same number modulo the group order: a second form of the same
// signature, were it accepted.
TEST_F(Ed25519Test, RefusesTheSecondFormOfASignature) {
  const auto order = FromHex<32>(
      "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Signature malleable = Sign(keys_, message_);
  unsigned carry = 0;
  for (size_t i = 0; i < 32; ++i) {
    const unsigned sum = malleable[32 + i] + order[i] + carry;
    malleable[32 + i] = static_cast<uint8_t>(sum);
    carry = sum >> 8;
  }
  EXPECT_FALSE(verifier_.Verify(keys_.public_key, message_, malleable));
}

TEST_F(Ed25519Test, RefusesAKeyOfSmallOrder) {
  PublicKey identity{};
  identity[0] = 1;
  EXPECT_FALSE(verifier_.Verify(identity, message_, Signature{}));
}

}  // namespace
}  // namespace vm_manager
