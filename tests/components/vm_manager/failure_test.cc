// SPDX-License-Identifier: Apache-2.0
// When a collaborator fails: nothing observable changes, and the parts agree
// again, at once or by Reconcile.
#include <gtest/gtest.h>

#include <string>

#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::SmallVm;
using testing::World;

struct Row {
  const char* name;
  const char* signer;
  Operation operation;
  bool uses_hypervisor;
};

// VM 1: alice's, running. 2: alice's, stopped, resized since its snapshot "s",
// shared with carol. 3: bob's, paused, offered to alice.
void Furnish(World& world) {
  world.Create("alice", "one");
  world.Create("alice", "two");
  world.Create("bob", "three");
  const std::pair<const char*, Operation> steps[] = {
      {"alice", StartVm{1}},
      {"alice", SnapshotVm{2, "s"}},
      {"alice", ResizeVm{2, {1, 128, {10, 5}}}},
      {"alice", GrantLevel{2, "carol", Level::kOperator}},
      {"bob", StartVm{3}},
      {"bob", PauseVm{3}},
      {"bob", OfferVm{3, "alice", 1000}},
  };
  for (const auto& [signer, operation] : steps) {
    ASSERT_EQ(world.Try(signer, operation), Code::kOk);
  }
}

const Row kRows[] = {
    {"create", "carol", SmallVm("new"), true},
    {"start", "alice", StartVm{2}, true},
    {"stop", "alice", StopVm{1}, true},
    {"stop_paused", "bob", StopVm{3}, true},
    {"pause", "alice", PauseVm{1}, true},
    {"resume", "bob", ResumeVm{3}, true},
    {"reboot", "alice", RebootVm{1}, true},
    {"snapshot", "alice", SnapshotVm{1, "t"}, true},
    {"revert", "alice", RevertVm{2, "s"}, true},
    {"resize", "alice", ResizeVm{2, {3, 64, {11, 6}}}, true},
    {"migrate", "alice", MigrateVm{1, "host-1"}, true},
    {"delete", "alice", DeleteVm{2}, true},
    {"grant", "alice", GrantLevel{1, "bob", Level::kReadOnly}, false},
    {"regrant", "alice", GrantLevel{2, "carol", Level::kManager}, false},
    {"revoke_grant", "alice", RevokeGrant{2, "carol"}, false},
    {"offer", "alice", OfferVm{1, "bob", 1000}, false},
    {"accept", "alice", AcceptOffer{3}, false},
    {"cancel", "bob", CancelOffer{3}, false},
    {"add_account", "root", AddAccount{"dave", {}, {}, false}, false},
    {"revoke_account", "root", RevokeAccount{"bob"}, false},
    {"set_quota", "root", SetQuota{"bob", {1, 1, 1, 1}}, false},
    {"get", "alice", GetVm{1}, false},
    {"list", "alice", ListVms{}, false},
};

class FailureTest : public ::testing::TestWithParam<Row> {
 protected:
  void SetUp() override {
    Furnish(world_);
    before_ = world_.Describe();
    ASSERT_TRUE(world_.Agrees());
  }
  Code Try() { return world_.Try(GetParam().signer, GetParam().operation); }
  void ExpectAsBefore() {
    EXPECT_EQ(world_.Describe(), before_);
    ASSERT_TRUE(world_.Reopen().ok());
    EXPECT_EQ(world_.Describe(), before_);
  }

  World world_;
  std::string before_;
};

TEST_P(FailureTest, SucceedsWhenNothingFails) {
  EXPECT_EQ(Try(), Code::kOk);
  EXPECT_TRUE(world_.Agrees());
  const std::string after = world_.Describe();
  ASSERT_TRUE(world_.Reopen().ok());
  EXPECT_EQ(world_.Describe(), after);
}

TEST_P(FailureTest, AFailingStoreChangesNothing) {
  world_.store.fail_commits = 1;
  EXPECT_EQ(Try(), Code::kStoreFailed);
  EXPECT_TRUE(world_.Agrees());
  ExpectAsBefore();
  EXPECT_EQ(Try(), Code::kOk);
  EXPECT_TRUE(world_.Agrees());
}

TEST_P(FailureTest, AFailingHypervisorChangesNothing) {
  if (!GetParam().uses_hypervisor) return;
  world_.hypervisor.fail_calls = 1;
  EXPECT_EQ(Try(), Code::kHypervisorFailed);
  EXPECT_TRUE(world_.Agrees());
  ExpectAsBefore();
}

TEST_P(FailureTest, WhatIsDoneAndReportedAsFailedIsTakenBack) {
  if (!GetParam().uses_hypervisor) return;
  world_.hypervisor.fail_calls = 1;
  world_.hypervisor.late = true;
  EXPECT_EQ(Try(), Code::kHypervisorFailed);
  EXPECT_TRUE(world_.Agrees());
  ExpectAsBefore();
  EXPECT_EQ(Try(), Code::kOk);
  EXPECT_TRUE(world_.Agrees());
}

TEST_P(FailureTest, WhatCannotBeTakenBackIsOutOfStep) {
  if (!GetParam().uses_hypervisor) return;
  world_.hypervisor.fail_calls = 2;
  world_.hypervisor.late = true;
  EXPECT_EQ(Try(), Code::kHypervisorFailed);
  EXPECT_EQ(world_.Describe(), before_);
  EXPECT_EQ(world_.manager().Reconcile(), Code::kOk);
  EXPECT_TRUE(world_.Agrees());
  ExpectAsBefore();
}

// Both fail: the records stand, the hypervisor follows when it can.
TEST_P(FailureTest, AFailingUndoIsMadeUpForByReconcile) {
  if (!GetParam().uses_hypervisor) return;
  for (int undo_calls = 0; undo_calls < 4; ++undo_calls) {
    world_.store.fail_commits = 1;
    world_.hypervisor.skip_calls = 1 + undo_calls;
    world_.hypervisor.fail_calls = 1;
    EXPECT_EQ(Try(), Code::kStoreFailed);
    EXPECT_EQ(world_.Describe(), before_);
    world_.hypervisor.skip_calls = 0;
    world_.hypervisor.fail_calls = 0;
    EXPECT_EQ(world_.manager().Reconcile(), Code::kOk);
    EXPECT_TRUE(world_.Agrees());
  }
  ExpectAsBefore();
}

TEST_P(FailureTest, AnOutOfStepVmIsBroughtBackByItsNextOperation) {
  if (!GetParam().uses_hypervisor) return;
  world_.store.fail_commits = 1;
  world_.hypervisor.skip_calls = 1;
  world_.hypervisor.fail_calls = 2;
  EXPECT_EQ(Try(), Code::kStoreFailed);
  if (world_.hypervisor.fail_calls > 0) {
    EXPECT_EQ(Try(), Code::kHypervisorFailed);
    EXPECT_EQ(world_.Describe(), before_);
  }
  world_.hypervisor.fail_calls = 0;
  EXPECT_EQ(Try(), Code::kOk);
  EXPECT_EQ(world_.manager().Reconcile(), Code::kOk);
  EXPECT_TRUE(world_.Agrees());
}

INSTANTIATE_TEST_SUITE_P(Failure, FailureTest, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

TEST(ExpiryFailureTest, LeavesWholeOffers) {
  World world;
  Furnish(world);
  ASSERT_EQ(world.Try("alice", OfferVm{1, "bob", 1000}), Code::kOk);
  world.clock.now_ms += 1000;
  const std::string before = world.Describe();
  world.store.fail_commits = 1;
  size_t ended = 7;
  EXPECT_EQ(world.manager().ExpireOffers(&ended), Code::kStoreFailed);
  EXPECT_EQ(ended, 0u);
  EXPECT_EQ(world.Describe(), before);
  EXPECT_EQ(world.manager().ExpireOffers(&ended), Code::kOk);
  EXPECT_EQ(ended, 2u);
}

TEST(ReconcileTest, UndoesWhatACrashLeft) {
  World world;
  Furnish(world);
  world.hypervisor.domains[1].state = VmState::kStopped;
  world.hypervisor.domains.erase(2);
  world.hypervisor.domains[3].host = "host-9";
  world.hypervisor.domains[77].state = VmState::kPaused;
  ASSERT_TRUE(world.Reopen().ok());
  EXPECT_FALSE(world.Agrees());
  EXPECT_EQ(world.manager().Reconcile(), Code::kOk);
  EXPECT_TRUE(world.Agrees());
  EXPECT_EQ(world.hypervisor.domains.count(77), 0u);
}

TEST(ReconcileTest, SaysWhenTheHypervisorIsOutOfReach) {
  World world;
  Furnish(world);
  world.hypervisor.fail_calls = 1;
  EXPECT_EQ(world.manager().Reconcile(), Code::kHypervisorFailed);
  world.hypervisor.skip_calls = 2;
  world.hypervisor.fail_calls = 1;
  EXPECT_EQ(world.manager().Reconcile(), Code::kHypervisorFailed);
  EXPECT_TRUE(world.manager().Observe().IsOutOfStep(2));
  EXPECT_EQ(world.manager().Reconcile(), Code::kOk);
  EXPECT_FALSE(world.manager().Observe().IsOutOfStep(2));
}

TEST(ReconcileTest, RemovesTheDomainOfACreationThatFailedTwice) {
  World world;
  world.store.fail_commits = 1;
  world.hypervisor.skip_calls = 1;
  world.hypervisor.fail_calls = 1;
  EXPECT_EQ(world.Try("alice", SmallVm("web")), Code::kStoreFailed);
  EXPECT_TRUE(world.manager().Observe().IsOutOfStep(1));
  EXPECT_EQ(world.hypervisor.domains.size(), 1u);
  EXPECT_EQ(world.Do("alice", SmallVm("web")), (Result{Code::kOk, 2}));
  EXPECT_EQ(world.manager().Reconcile(), Code::kOk);
  EXPECT_FALSE(world.manager().Observe().IsOutOfStep(1));
  EXPECT_TRUE(world.Agrees());
}

class OpenTest : public ::testing::Test {
 protected:
  OpenTest() { Furnish(world_); }
  absl::StatusCode Reopened() { return world_.Reopen().code(); }

  World world_;
};

TEST_F(OpenTest, RefusesAVmWithoutItsOwner) {
  world_.store.vms[1].owner = "nobody";
  EXPECT_EQ(Reopened(), absl::StatusCode::kDataLoss);
}

TEST_F(OpenTest, RefusesTwoVmsOfOneName) {
  world_.store.vms[2].name = "one";
  EXPECT_EQ(Reopened(), absl::StatusCode::kDataLoss);
}

TEST_F(OpenTest, RefusesAnOfferToNobody) {
  world_.store.vms[3].offer->to = "nobody";
  EXPECT_EQ(Reopened(), absl::StatusCode::kDataLoss);
}

TEST_F(OpenTest, RefusesAnIdThatIsStillToBeGiven) {
  world_.store.progress.next_vm = 3;
  EXPECT_EQ(Reopened(), absl::StatusCode::kDataLoss);
}

TEST_F(OpenTest, NeedsAnAdministrator) {
  world_.store.accounts["root"].administrator = false;
  EXPECT_EQ(Reopened(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(OpenTest, WritesNothingWithoutAnAdministrator) {
  testing::FakeStore store;
  AccountRecord alice;
  alice.id = "alice";
  Config config;
  config.first_accounts = {&alice, 1};
  const Collaborators with{&world_.clock, nullptr, &world_.hypervisor, &store};
  EXPECT_EQ(VmManager::Open(config, with).status().code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store.commits, 0);
}

}  // namespace
}  // namespace vm_manager
