// SPDX-License-Identifier: Apache-2.0
// Who is let in: each check by itself, their order, and what a nonce is for.
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::SmallVm;
using testing::World;

class AdmissionTest : public ::testing::Test {
 protected:
  Code SendDraft(const Request& request) {
    return world_.Send(world_.Seal(request)).code;
  }
  Request List() { return world_.Draft("alice", ListVms{}); }

  World world_;
};

TEST_F(AdmissionTest, TakesAGoodRequest) {
  EXPECT_EQ(SendDraft(List()), Code::kOk);
}

TEST_F(AdmissionTest, RefusesBytesThatAreNoRequest) {
  EXPECT_EQ(world_.manager().Submit({}, Signature{}).code, Code::kMalformed);
  SignedRequest sealed = world_.Seal(List());
  sealed.canonical.push_back(0);
  EXPECT_EQ(world_.Send(sealed).code, Code::kMalformed);
}

TEST_F(AdmissionTest, ComparesAccountsByteByByte) {
  EXPECT_EQ(world_.Try("Alice", ListVms{}), Code::kUnknownAccount);
  EXPECT_EQ(world_.Try("", ListVms{}), Code::kUnknownAccount);
}

TEST_F(AdmissionTest, RefusesRevokedAccounts) {
  EXPECT_EQ(world_.Try("root", RevokeAccount{"alice"}), Code::kOk);
  EXPECT_EQ(world_.Try("alice", ListVms{}), Code::kRevoked);
}

TEST_F(AdmissionTest, RefusesASignatureOfAnotherKeyOrRequest) {
  const SignedRequest one = world_.Seal(List());
  SignedRequest other = world_.Seal(List());
  other.signature = one.signature;
  EXPECT_EQ(world_.Send(other).code, Code::kBadSignature);
  Request posing = world_.Draft("bob", ListVms{});
  SignedRequest sealed = world_.Seal(posing);
  posing.signer = "alice";
  EncodeRequest(posing, &sealed.canonical);
  EXPECT_EQ(world_.Send(sealed).code, Code::kBadSignature);
}

TEST_F(AdmissionTest, RefusesAnotherAccountsSignatureOfTheSameBytes) {
  SignedRequest sealed = world_.Seal(List());
  sealed.signature = testing::FakeSign(testing::KeyOf("bob"), sealed.canonical);
  EXPECT_EQ(world_.Send(sealed).code, Code::kBadSignature);
}

TEST_F(AdmissionTest, VerifiesEveryOperation) {
  world_.Create("alice");
  const std::string before = world_.Describe();
  for (const Operation& operation : testing::OneOfEach()) {
    SignedRequest sealed = world_.Seal(world_.Draft("alice", operation));
    sealed.signature[63] ^= 1;
    EXPECT_EQ(world_.Send(sealed).code, Code::kBadSignature)
        << OperationName(operation.index());
  }
  EXPECT_EQ(world_.Describe(), before);
}

TEST_F(AdmissionTest, VouchesForNothingButTheVerifiedBytes) {
  const SignedRequest good = world_.Seal(List());
  EXPECT_EQ(world_.Send(good).code, Code::kOk);
  SignedRequest changed = world_.Seal(world_.Draft("alice", SmallVm("web")));
  changed.signature = good.signature;
  EXPECT_EQ(world_.Send(changed).code, Code::kBadSignature);
}

struct WindowCase {
  const char* name;
  int64_t issued_after_ms;   // from now
  int64_t expires_after_ms;  // from now
  Code expected;
};

TEST_F(AdmissionTest, JudgesTheValidityAtItsEdges) {
  const WindowCase cases[] = {
      {"just valid", -kValidityMaxMs + 1, 1, Code::kOk},
      {"just over", -kValidityMaxMs, 0, Code::kExpired},
      {"long over", -2 * kValidityMaxMs, -kValidityMaxMs, Code::kExpired},
      {"longest", 0, kValidityMaxMs, Code::kOk},
      {"too long", 0, kValidityMaxMs + 1, Code::kInvalidWindow},
      {"empty", 5, 5, Code::kInvalidWindow},
      {"backwards", 5, 4, Code::kInvalidWindow},
      {"within the skew", kClockSkewMs, kClockSkewMs + 1, Code::kOk},
      {"future", kClockSkewMs + 1, kClockSkewMs + 2, Code::kFuture},
  };
  for (const WindowCase& one : cases) {
    Request request = List();
    request.issued_at_ms = world_.clock.now_ms + one.issued_after_ms;
    request.expires_at_ms = world_.clock.now_ms + one.expires_after_ms;
    EXPECT_EQ(SendDraft(request), one.expected) << one.name;
  }
}

TEST_F(AdmissionTest, TakesTheLargestTimesWithoutOverflow) {
  Request request = List();
  request.issued_at_ms = 0;
  request.expires_at_ms = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(SendDraft(request), Code::kInvalidWindow);
  request.issued_at_ms = request.expires_at_ms - 1;
  EXPECT_EQ(SendDraft(request), Code::kFuture);
  world_.clock.now_ms = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(SendDraft(request), Code::kFuture);
}

TEST_F(AdmissionTest, RefusesAReplay) {
  const SignedRequest request = world_.Seal(List());
  EXPECT_EQ(world_.Send(request).code, Code::kOk);
  EXPECT_EQ(world_.Send(request).code, Code::kReplayed);
}

TEST_F(AdmissionTest, UsesUpTheNonceOfARefusedOperation) {
  const SignedRequest request = world_.Seal(world_.Draft("alice", StartVm{1}));
  EXPECT_EQ(world_.Send(request).code, Code::kNotFound);
  world_.Create("alice");
  EXPECT_EQ(world_.Send(request).code, Code::kReplayed);
}

TEST_F(AdmissionTest, UsesUpTheNonceWhenTheHypervisorFails) {
  const SignedRequest request =
      world_.Seal(world_.Draft("alice", SmallVm("web")));
  world_.hypervisor.fail_calls = 1;
  EXPECT_EQ(world_.Send(request).code, Code::kHypervisorFailed);
  EXPECT_EQ(world_.Send(request).code, Code::kReplayed);
}

TEST_F(AdmissionTest, KeepsTheNonceWhenTheStoreFails) {
  const SignedRequest request =
      world_.Seal(world_.Draft("alice", SmallVm("web")));
  world_.store.fail_commits = 1;
  EXPECT_EQ(world_.Send(request).code, Code::kStoreFailed);
  EXPECT_EQ(world_.Send(request).code, Code::kOk);
  EXPECT_EQ(world_.Send(request).code, Code::kReplayed);
}

TEST_F(AdmissionTest, LeavesTheNonceOfAnUnauthenticatedRequest) {
  Request request = List();
  SignedRequest sealed = world_.Seal(request);
  sealed.signature[0] ^= 1;
  EXPECT_EQ(world_.Send(sealed).code, Code::kBadSignature);
  EXPECT_EQ(SendDraft(request), Code::kOk);
}

TEST_F(AdmissionTest, GivesEachAccountItsOwnNonces) {
  Request request = List();
  EXPECT_EQ(SendDraft(request), Code::kOk);
  request.signer = "bob";
  EXPECT_EQ(SendDraft(request), Code::kOk);
}

TEST_F(AdmissionTest, RefusesAReplayUntilTheVeryEnd) {
  Request request = List();
  const SignedRequest sealed = world_.Seal(request);
  EXPECT_EQ(world_.Send(sealed).code, Code::kOk);
  world_.clock.now_ms = request.expires_at_ms - 1;
  EXPECT_EQ(world_.Send(sealed).code, Code::kReplayed);
  world_.clock.now_ms = request.expires_at_ms;
  EXPECT_EQ(world_.Send(sealed).code, Code::kExpired);
}

TEST_F(AdmissionTest, ThrottlesInsteadOfForgetting) {
  const SignedRequest first = world_.Seal(List());
  EXPECT_EQ(world_.Send(first).code, Code::kOk);
  for (size_t i = 1; i < kLiveNoncesMax; ++i) {
    ASSERT_EQ(world_.Try("alice", ListVms{}), Code::kOk);
  }
  EXPECT_EQ(world_.Try("alice", ListVms{}), Code::kThrottled);
  EXPECT_EQ(world_.Send(first).code, Code::kReplayed);
  EXPECT_EQ(world_.Try("bob", ListVms{}), Code::kOk);
  world_.clock.now_ms += 60'000;
  EXPECT_EQ(world_.Try("alice", ListVms{}), Code::kOk);
}

TEST_F(AdmissionTest, KeepsTimeFromGoingBack) {
  const int64_t start_ms = world_.clock.now_ms;
  Request request = List();
  const SignedRequest sealed = world_.Seal(request);
  EXPECT_EQ(world_.Send(sealed).code, Code::kOk);
  world_.clock.now_ms = request.expires_at_ms;
  EXPECT_EQ(world_.Try("alice", ListVms{}), Code::kOk);
  world_.clock.now_ms = start_ms;
  EXPECT_EQ(world_.Send(sealed).code, Code::kExpired);
  ASSERT_TRUE(world_.Reopen().ok());
  EXPECT_EQ(world_.Send(sealed).code, Code::kExpired);
}

TEST_F(AdmissionTest, RefusesAfterARestartWhatCameTooLate) {
  const int64_t start_ms = world_.clock.now_ms;
  const Request request = List();
  const SignedRequest sealed = world_.Seal(request);
  world_.clock.now_ms = request.expires_at_ms;
  world_.store.fail_commits = 1;
  EXPECT_EQ(world_.Send(sealed).code, Code::kStoreFailed);
  EXPECT_EQ(world_.Send(sealed).code, Code::kExpired);
  const int commits = world_.store.commits;
  EXPECT_EQ(world_.Send(sealed).code, Code::kExpired);
  EXPECT_EQ(world_.store.commits, commits) << "once is enough";
  ASSERT_TRUE(world_.Reopen().ok());
  world_.clock.now_ms = start_ms;
  EXPECT_EQ(world_.Send(sealed).code, Code::kExpired);
}

TEST_F(AdmissionTest, RemembersNoncesOverARestart) {
  const SignedRequest sealed = world_.Seal(List());
  EXPECT_EQ(world_.Send(sealed).code, Code::kOk);
  ASSERT_TRUE(world_.Reopen().ok());
  EXPECT_EQ(world_.Send(sealed).code, Code::kReplayed);
}

TEST_F(AdmissionTest, ForgetsInTheStoreWhatHasExpired) {
  for (int i = 0; i < 5; ++i) world_.Try("alice", ListVms{});
  EXPECT_EQ(world_.store.nonces.size(), 5u);
  world_.clock.now_ms += 60'000;
  world_.Try("alice", ListVms{});
  EXPECT_EQ(world_.store.nonces.size(), 1u);
}

// A later check never speaks before an earlier one.
TEST_F(AdmissionTest, ChecksInTheOrderOfTheCodes) {
  Request request = world_.Draft("nobody", StartVm{99});
  request.expires_at_ms = request.issued_at_ms;
  SignedRequest sealed = world_.Seal(request);
  sealed.signature.fill(0);
  EXPECT_EQ(world_.Send(sealed).code, Code::kUnknownAccount);
  request.signer = "alice";
  EncodeRequest(request, &sealed.canonical);
  EXPECT_EQ(world_.Send(sealed).code, Code::kBadSignature);
  EXPECT_EQ(SendDraft(request), Code::kInvalidWindow);
  request.issued_at_ms = world_.clock.now_ms + kClockSkewMs + 1;
  request.expires_at_ms = request.issued_at_ms + 1;
  EXPECT_EQ(SendDraft(request), Code::kFuture);
  ASSERT_EQ(world_.Try("root", RevokeAccount{"alice"}), Code::kOk);
  EXPECT_EQ(world_.Send(sealed).code, Code::kRevoked);
}

TEST_F(AdmissionTest, NamesNoVmBeforeAuthentication) {
  const VmId vm = world_.Create("alice");
  SignedRequest sealed = world_.Seal(world_.Draft("alice", StartVm{vm}));
  sealed.signature.fill(9);
  EXPECT_EQ(world_.Send(sealed), (Result{Code::kBadSignature, 0}));
}

}  // namespace
}  // namespace vm_manager
