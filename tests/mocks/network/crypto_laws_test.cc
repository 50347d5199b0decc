// SPDX-License-Identifier: Apache-2.0
// The mock's cryptography says yes and no where the real one does.
#include <memory>
#include <vector>

#include "components/overlay/crypto/sodium_crypto.h"
#include "gtest/gtest.h"
#include "mocks/network/mock_crypto.h"

namespace formfuzz {
namespace {

using overlay::Bytes;
using overlay::Key;

Key Filled(uint8_t byte) {
  Key key;
  key.fill(byte);
  return key;
}

template <class C>
class CryptoLawsTest : public testing::Test {
 protected:
  std::vector<uint8_t> Sealed(size_t size) {
    const std::vector<uint8_t> plain(size, 'p');
    std::vector<uint8_t> sealed(size + overlay::kTagBytes);
    crypto_.Seal(key_, 7, bound_, plain, sealed.data());
    return sealed;
  }
  bool Opens(const Key& key, uint64_t nonce, Bytes bound, Bytes sealed) {
    std::vector<uint8_t> plain(sealed.size());
    return crypto_.Open(key, nonce, bound, sealed, plain.data());
  }

  C crypto_;
  Key key_ = Filled(3);
  std::vector<uint8_t> bound_ = {1, 2, 3};
};

using Both = testing::Types<MockCrypto, overlay::SodiumCrypto>;
TYPED_TEST_SUITE(CryptoLawsTest, Both);

TYPED_TEST(CryptoLawsTest, BothEndsAgreeAndOthersDoNot) {
  const auto a = this->crypto_.PairOf(Filled(1));
  const auto b = this->crypto_.PairOf(Filled(2));
  const auto c = this->crypto_.PairOf(Filled(4));
  Key ab;
  Key ba;
  Key ac;
  ASSERT_TRUE(this->crypto_.Agree(a, b.open, &ab));
  ASSERT_TRUE(this->crypto_.Agree(b, a.open, &ba));
  ASSERT_TRUE(this->crypto_.Agree(a, c.open, &ac));
  EXPECT_EQ(ab, ba);
  EXPECT_NE(ab, ac);
  EXPECT_NE(a.open, b.open);
}

TYPED_TEST(CryptoLawsTest, TheZeroKeyAgreesWithNobody) {
  Key agreed;
  EXPECT_FALSE(
      this->crypto_.Agree(this->crypto_.PairOf(Filled(1)), Key(), &agreed));
}

TYPED_TEST(CryptoLawsTest, DerivedKeysDependOnEverything) {
  const Key derived = this->crypto_.Derive(this->key_, this->bound_, 1);
  EXPECT_EQ(derived, this->crypto_.Derive(this->key_, this->bound_, 1));
  EXPECT_NE(derived, this->crypto_.Derive(this->key_, this->bound_, 2));
  EXPECT_NE(derived, this->crypto_.Derive(this->key_, {}, 1));
  EXPECT_NE(derived, this->crypto_.Derive(Filled(4), this->bound_, 1));
}

TYPED_TEST(CryptoLawsTest, WhatIsSealedOpensAndDoesNotShow) {
  for (const size_t size : {0, 1, 8, 17, 100}) {
    const auto sealed = this->Sealed(size);
    std::vector<uint8_t> plain(size + 1);
    ASSERT_TRUE(
        this->crypto_.Open(this->key_, 7, this->bound_, sealed, plain.data()));
    EXPECT_EQ(std::vector<uint8_t>(plain.begin(), plain.end() - 1),
              std::vector<uint8_t>(size, 'p'));
    EXPECT_TRUE(size < 8 || sealed[0] != 'p');
  }
}

TYPED_TEST(CryptoLawsTest, NothingElseOpens) {
  const auto sealed = this->Sealed(21);
  EXPECT_FALSE(this->Opens(Filled(4), 7, this->bound_, sealed));
  EXPECT_FALSE(this->Opens(this->key_, 8, this->bound_, sealed));
  EXPECT_FALSE(this->Opens(this->key_, 7, {}, sealed));
  EXPECT_FALSE(
      this->Opens(this->key_, 7, this->bound_, Bytes(sealed).first(36)));
  EXPECT_FALSE(
      this->Opens(this->key_, 7, this->bound_, Bytes(sealed).first(3)));
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto changed = sealed;
    changed[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
    EXPECT_FALSE(this->Opens(this->key_, 7, this->bound_, changed)) << bit;
  }
}

TYPED_TEST(CryptoLawsTest, IntegrityDependsOnKeyAndMessage) {
  const auto integrity = this->crypto_.IntegrityOf(this->key_, this->bound_);
  EXPECT_EQ(integrity, this->crypto_.IntegrityOf(this->key_, this->bound_));
  EXPECT_NE(integrity, this->crypto_.IntegrityOf(Filled(4), this->bound_));
  EXPECT_NE(integrity, this->crypto_.IntegrityOf(this->key_, {}));
}

TEST(NonceLedgerTest, TellsTwoThingsSealedWithOneNonce) {
  NonceLedger ledger;
  const MockCrypto crypto(&ledger);
  std::array<uint8_t, 32> sealed;
  const std::array<uint8_t, 1> one = {1};
  const std::array<uint8_t, 1> two = {2};
  crypto.Seal(Filled(1), 5, {}, one, sealed.data());
  crypto.Seal(Filled(1), 6, {}, two, sealed.data());
  crypto.Seal(Filled(1), 5, {}, one, sealed.data());
  EXPECT_FALSE(ledger.reused());
  crypto.Seal(Filled(1), 5, {}, two, sealed.data());
  EXPECT_TRUE(ledger.reused());
}

}  // namespace
}  // namespace formfuzz
