// SPDX-License-Identifier: Apache-2.0
// Two-phase transfer: one owner at every instant, whatever comes in between.
#include <gtest/gtest.h>

#include <string>

#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::SmallVm;
using testing::World;

class TransferTest : public ::testing::Test {
 protected:
  Code Offer(std::string_view signer, std::string_view to,
             int64_t lifetime_ms = 1000) {
    return world_.Try(signer, OfferVm{vm_, to, lifetime_ms});
  }
  Code Accept(std::string_view signer) {
    return world_.Try(signer, AcceptOffer{vm_});
  }
  std::string Owner() { return world_.Get(vm_).owner; }

  World world_;
  VmId vm_ = world_.Create("alice");
};

TEST_F(TransferTest, MovesOwnerGrantsAndUsageTogether) {
  ASSERT_EQ(world_.Try("alice", GrantLevel{vm_, "carol", Level::kManager}),
            Code::kOk);
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  EXPECT_EQ(Owner(), "alice");
  const int commits = world_.store.commits;
  ASSERT_EQ(Accept("bob"), Code::kOk);
  EXPECT_EQ(world_.store.commits, commits + 1);
  EXPECT_EQ(Owner(), "bob");
  EXPECT_TRUE(world_.Get(vm_).grants.empty());
  EXPECT_FALSE(world_.Get(vm_).offer.has_value());
  EXPECT_EQ(world_.UsageOf("alice"), Resources{});
  EXPECT_EQ(world_.UsageOf("bob"), (Resources{2, 512, 10, 1}));
  EXPECT_EQ(world_.Try("alice", StartVm{vm_}), Code::kNotFound);
  EXPECT_EQ(world_.Try("carol", StartVm{vm_}), Code::kNotFound);
  EXPECT_EQ(world_.Try("bob", StartVm{vm_}), Code::kOk);
  const View view = world_.manager().Observe();
  EXPECT_EQ(view.FindVm("alice", "web"), nullptr);
  EXPECT_NE(view.FindVm("bob", "web"), nullptr);
}

TEST_F(TransferTest, StaysTooLateAfterARestart) {
  const int64_t start_ms = world_.clock.now_ms;
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  world_.clock.now_ms += 1000;
  EXPECT_EQ(Accept("bob"), Code::kOfferExpired);
  ASSERT_TRUE(world_.Reopen().ok());
  world_.clock.now_ms = start_ms;
  EXPECT_EQ(Accept("bob"), Code::kOfferExpired);
}

TEST_F(TransferTest, IsForTheOffereeOnly) {
  ASSERT_EQ(world_.Try("alice", GrantLevel{vm_, "carol", Level::kManager}),
            Code::kOk);
  EXPECT_EQ(Accept("alice"), Code::kNoOffer);
  EXPECT_EQ(Accept("bob"), Code::kNotFound);
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  EXPECT_EQ(Accept("carol"), Code::kPermissionDenied);
  EXPECT_EQ(Accept("alice"), Code::kPermissionDenied);
  EXPECT_EQ(Accept("root"), Code::kPermissionDenied);
  EXPECT_EQ(Owner(), "alice");
  EXPECT_EQ(Accept("bob"), Code::kOk);
  EXPECT_EQ(Accept("bob"), Code::kNoOffer);
}

TEST_F(TransferTest, JudgesTheOffer) {
  EXPECT_EQ(Offer("alice", "nobody"), Code::kUnknownTarget);
  EXPECT_EQ(Offer("alice", "alice"), Code::kWrongState);
  EXPECT_EQ(Offer("alice", "bob", 0), Code::kInvalidArgument);
  EXPECT_EQ(Offer("alice", "bob", -1), Code::kInvalidArgument);
  EXPECT_EQ(Offer("alice", "bob", kOfferLifetimeMaxMs + 1),
            Code::kInvalidArgument);
  EXPECT_EQ(Offer("alice", "bob", kOfferLifetimeMaxMs), Code::kOk);
  EXPECT_EQ(Offer("alice", "carol"), Code::kOfferPending);
  ASSERT_EQ(world_.Try("root", RevokeAccount{"carol"}), Code::kOk);
  EXPECT_EQ(Offer("alice", "carol"), Code::kRevokedTarget);
}

TEST_F(TransferTest, EndsWithItsTime) {
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  world_.clock.now_ms += 999;
  ASSERT_EQ(world_.manager().ExpireOffers(), Code::kOk);
  EXPECT_TRUE(world_.Get(vm_).offer.has_value());
  world_.clock.now_ms += 1;
  EXPECT_EQ(Accept("bob"), Code::kOfferExpired);
  size_t ended = 0;
  ASSERT_EQ(world_.manager().ExpireOffers(&ended), Code::kOk);
  EXPECT_EQ(ended, 1u);
  EXPECT_FALSE(world_.Get(vm_).offer.has_value());
  EXPECT_EQ(Accept("bob"), Code::kNotFound);
}

TEST_F(TransferTest, IsAcceptableInItsLastMillisecond) {
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  world_.clock.now_ms += 999;
  EXPECT_EQ(Accept("bob"), Code::kOk);
}

TEST_F(TransferTest, ReplacesAnExpiredOffer) {
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  world_.clock.now_ms += 1000;
  ASSERT_EQ(Offer("alice", "carol"), Code::kOk);
  EXPECT_EQ(world_.manager().Observe().offer_count(), 1u);
  EXPECT_EQ(Accept("bob"), Code::kNotFound);
  EXPECT_EQ(Accept("carol"), Code::kOk);
}

TEST_F(TransferTest, EndsAllThatAreDue) {
  VmId vms[3] = {vm_, world_.Create("alice", "b"), world_.Create("alice", "c")};
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(world_.Try("alice", OfferVm{vms[i], "bob", 3000 - 1000 * i}),
              Code::kOk);
  }
  world_.clock.now_ms += 2000;
  size_t ended = 0;
  ASSERT_EQ(world_.manager().ExpireOffers(&ended), Code::kOk);
  EXPECT_EQ(ended, 2u);
  EXPECT_TRUE(world_.Get(vms[0]).offer.has_value());
  EXPECT_FALSE(world_.Get(vms[1]).offer.has_value());
}

TEST_F(TransferTest, FailsAfterCancelDeleteOrRevocation) {
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  EXPECT_EQ(world_.Try("bob", CancelOffer{vm_}), Code::kNotFound);
  EXPECT_EQ(world_.Try("alice", CancelOffer{vm_}), Code::kOk);
  EXPECT_EQ(world_.Try("alice", CancelOffer{vm_}), Code::kNoOffer);
  EXPECT_EQ(Accept("bob"), Code::kNotFound);
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  ASSERT_EQ(world_.Try("alice", DeleteVm{vm_}), Code::kOk);
  EXPECT_EQ(Accept("bob"), Code::kNotFound);
  EXPECT_EQ(world_.manager().Observe().offer_count(), 0u);
  vm_ = world_.Create("alice");
  EXPECT_EQ(Accept("bob"), Code::kNotFound);
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  ASSERT_EQ(world_.Try("root", RevokeAccount{"alice"}), Code::kOk);
  EXPECT_EQ(Accept("bob"), Code::kRevokedTarget);
  EXPECT_EQ(Owner(), "alice");
}

TEST_F(TransferTest, FailsForARevokedOfferee) {
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  ASSERT_EQ(world_.Try("root", RevokeAccount{"bob"}), Code::kOk);
  EXPECT_EQ(Accept("bob"), Code::kRevoked);
}

TEST_F(TransferTest, EndsOffersOfRevokedAccountsToo) {
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  ASSERT_EQ(world_.Try("root", RevokeAccount{"alice"}), Code::kOk);
  world_.clock.now_ms += 1000;
  size_t ended = 0;
  ASSERT_EQ(world_.manager().ExpireOffers(&ended), Code::kOk);
  EXPECT_EQ(ended, 1u);
}

TEST_F(TransferTest, LetsAnAdministratorRescueARevokedOwnersVm) {
  ASSERT_EQ(world_.Try("root", RevokeAccount{"alice"}), Code::kOk);
  ASSERT_EQ(Offer("root", "bob"), Code::kOk);
  EXPECT_EQ(Accept("bob"), Code::kOk);
  EXPECT_EQ(Owner(), "bob");
}

TEST_F(TransferTest, NeedsRoomAndAFreeName) {
  ASSERT_EQ(Offer("alice", "bob"), Code::kOk);
  const VmId same_name = world_.Create("bob");
  const std::string before = world_.Describe();
  EXPECT_EQ(Accept("bob"), Code::kAlreadyExists);
  EXPECT_EQ(world_.Describe(), before);
  ASSERT_EQ(world_.Try("bob", DeleteVm{same_name}), Code::kOk);
  ASSERT_EQ(world_.Try("root", SetQuota{"bob", {1, 4096, 100, 4}}), Code::kOk);
  EXPECT_EQ(Accept("bob"), Code::kQuotaExceeded);
  ASSERT_EQ(world_.Try("root", SetQuota{"bob", {2, 512, 10, 1}}), Code::kOk);
  EXPECT_EQ(Accept("bob"), Code::kOk);
}

}  // namespace
}  // namespace vm_manager
