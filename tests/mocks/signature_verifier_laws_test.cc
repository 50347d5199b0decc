// SPDX-License-Identifier: Apache-2.0
// The mock verifier accepts and refuses what Ed25519 does, each with its own
// keys and signatures.
#include <array>
#include <string_view>
#include <vector>

#include "components/vm_manager/request/ed25519.h"
#include "gtest/gtest.h"
#include "mocks/mock_signature_verifier.h"

namespace formfuzz {
namespace {

using vm_manager::PublicKey;
using vm_manager::Signature;
using Message = std::vector<uint8_t>;

struct Mocked {
  MockSignatureVerifier verifier;
  static PublicKey Key(uint8_t holder) {
    return MockKeyOf(std::string_view(reinterpret_cast<char*>(&holder), 1));
  }
  static Signature Sign(uint8_t holder, const Message& message) {
    return MockSign(Key(holder), message);
  }
};

struct Real {
  vm_manager::Ed25519Verifier verifier;
  static vm_manager::KeyPair Keys(uint8_t holder) {
    std::array<uint8_t, 32> seed{};
    seed[0] = holder;
    return vm_manager::KeyPairFromSeed(seed);
  }
  static PublicKey Key(uint8_t holder) { return Keys(holder).public_key; }
  static Signature Sign(uint8_t holder, const Message& message) {
    return vm_manager::Sign(Keys(holder), message);
  }
};

template <class T>
class SignatureVerifierLaws : public testing::Test, public T {
 protected:
  const Message message_ = {1, 2, 3, 4, 5};
  const PublicKey key_ = T::Key(1);
  const Signature good_ = T::Sign(1, message_);

  bool Accepts(const Signature& signature) const {
    return this->verifier.Verify(key_, message_, signature);
  }
};
using Implementations = testing::Types<Mocked, Real>;
TYPED_TEST_SUITE(SignatureVerifierLaws, Implementations);

TYPED_TEST(SignatureVerifierLaws, AcceptsTheSignatureOfTheMessage) {
  EXPECT_TRUE(this->Accepts(this->good_));
  EXPECT_TRUE(this->verifier.Verify(this->key_, {}, TypeParam::Sign(1, {})));
}

TYPED_TEST(SignatureVerifierLaws, SignsTheSameBytesTheSameWay) {
  EXPECT_EQ(TypeParam::Sign(1, this->message_), this->good_);
}

TYPED_TEST(SignatureVerifierLaws, RefusesAnotherKey) {
  EXPECT_FALSE(
      this->verifier.Verify(TypeParam::Key(2), this->message_, this->good_));
  EXPECT_FALSE(this->Accepts(TypeParam::Sign(2, this->message_)));
}

TYPED_TEST(SignatureVerifierLaws, RefusesAKeyOfWhichAnyByteIsAnother) {
  for (size_t at = 0; at < this->key_.size(); ++at) {
    PublicKey other = this->key_;
    other[at] ^= 0x10;
    EXPECT_FALSE(this->verifier.Verify(other, this->message_, this->good_))
        << at;
  }
}

TYPED_TEST(SignatureVerifierLaws, RefusesTheKeyOfSmallOrder) {
  EXPECT_FALSE(this->verifier.Verify(PublicKey{}, this->message_, this->good_));
  EXPECT_FALSE(this->verifier.Verify(PublicKey{}, this->message_, Signature{}));
}

TYPED_TEST(SignatureVerifierLaws, RefusesEveryFlippedBit) {
  for (size_t bit = 0; bit < this->good_.size() * 8; ++bit) {
    Signature flipped = this->good_;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(this->Accepts(flipped)) << bit;
  }
}

TYPED_TEST(SignatureVerifierLaws, RefusesEveryOtherMessage) {
  for (size_t bit = 0; bit < this->message_.size() * 8; ++bit) {
    Message other = this->message_;
    other[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    EXPECT_FALSE(this->verifier.Verify(this->key_, other, this->good_)) << bit;
  }
  Message longer = this->message_;
  longer.push_back(0);
  EXPECT_FALSE(this->verifier.Verify(this->key_, longer, this->good_));
  longer.resize(4);
  EXPECT_FALSE(this->verifier.Verify(this->key_, longer, this->good_));
}

TYPED_TEST(SignatureVerifierLaws, RefusesASecondFormOfTheSameSignature) {
  // The order of the base point of edwards25519 (RFC 8032, 5.1), added to S.
  constexpr std::array<uint8_t, 16> kLow = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63,
                                            0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2,
                                            0xde, 0xf9, 0xde, 0x14};
  Signature second = this->good_;
  unsigned carry = 0;
  for (size_t i = 0; i < 32; ++i) {
    const unsigned order = i < 16 ? kLow[i] : i == 31 ? 0x10u : 0u;
    carry += second[32 + i] + order;
    second[32 + i] = static_cast<uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_FALSE(this->Accepts(second));
}

TYPED_TEST(SignatureVerifierLaws, RefusesHalfASignature) {
  Signature half = this->good_;
  std::fill(half.begin() + 32, half.end(), uint8_t{0});
  EXPECT_FALSE(this->Accepts(half));
  EXPECT_FALSE(this->Accepts(Signature{}));
}

}  // namespace
}  // namespace formfuzz
