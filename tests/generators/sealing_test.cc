// SPDX-License-Identifier: Apache-2.0
// What each tampering makes of a message, as decoder and verifier see it.
#include "generators/sealing.h"

#include <string>

#include "gtest/gtest.h"
#include "mocks/mock_signature_verifier.h"

namespace formfuzz {
namespace {

constexpr int64_t kNowMs = 1'000'000;

class MockKeys final : public KeyRing {
 public:
  vm_manager::PublicKey PublicKeyOf(Actor actor) const override {
    return MockKeyOf(IdOf(actor));
  }
  vm_manager::Signature Sign(Actor actor,
                             std::span<const uint8_t> message) const override {
    return MockSign(PublicKeyOf(actor), message);
  }
};

bool IsVerified(const Sealed& sealed) {
  return MockSignatureVerifier().Verify(MockKeyOf(IdOf(sealed.signer)),
                                        sealed.bytes, sealed.signature);
}

class SealingTest : public testing::TestWithParam<Tamper> {
 protected:
  MockKeys keys_;
  Sealer sealer_{keys_};
};

TEST_P(SealingTest, KnowsWhatIsWrong) {
  const vm_manager::Operation operations[] = {
      vm_manager::StartVm{1}, vm_manager::ResizeVm{1, {1, 512, {}}},
      vm_manager::AddAccount{"bob", {}, {}, false}, vm_manager::ListVms(),
      vm_manager::CreateVm{"web", {1, 512, {}}, {}, "debian", ""}};
  for (const auto& operation : operations) {
    const Sealed& sealed =
        sealer_.Seal({Actor::kAlice, GetParam()}, operation, kNowMs);
    vm_manager::Request request;
    const bool decodes = DecodeRequest(sealed.bytes, &request);
    EXPECT_EQ(decodes, !sealed.malformed) << operation.index();
    EXPECT_EQ(IsVerified(sealed), !sealed.badly_signed) << operation.index();
    if (!decodes) continue;
    EXPECT_EQ(request.signer, IdOf(sealed.signer));
    EXPECT_EQ(request.nonce, sealed.nonce);
    EXPECT_EQ(request.issued_at_ms, sealed.issued_ms);
    EXPECT_EQ(request.expires_at_ms, sealed.expires_ms);
  }
}

INSTANTIATE_TEST_SUITE_P(EveryTamper, SealingTest, testing::ValuesIn([] {
                           std::vector<Tamper> tampers;
                           for (size_t i = 0; i < kTampers; ++i) {
                             tampers.push_back(static_cast<Tamper>(i));
                           }
                           return tampers;
                         }()));

TEST(SealingOrderTest, GivesEveryMessageAFreshNonceUnlessReplayed) {
  MockKeys keys;
  Sealer sealer(keys);
  const vm_manager::Operation list = vm_manager::ListVms();
  const uint64_t first = sealer.Seal({}, list, kNowMs).nonce;
  const uint64_t second = sealer.Seal({}, list, kNowMs).nonce;
  EXPECT_NE(first, second);
  const Author again{Actor::kAlice, Tamper::kReplayed};
  EXPECT_EQ(sealer.Seal(again, list, kNowMs).nonce, second);
}

TEST(SealingOrderTest, TakesAnEarlierSignatureForAnotherRequest) {
  MockKeys keys;
  Sealer sealer(keys);
  const vm_manager::Operation list = vm_manager::ListVms();
  const vm_manager::Signature first = sealer.Seal({}, list, kNowMs).signature;
  const Author other{Actor::kAlice, Tamper::kOtherRequest};
  EXPECT_EQ(sealer.Seal(other, list, kNowMs).signature, first);
}

}  // namespace
}  // namespace formfuzz
