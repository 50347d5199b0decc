// SPDX-License-Identifier: Apache-2.0
// The table of levels, one row an operation, and the rules of sharing.
#include <gtest/gtest.h>

#include <string>

#include "components/vm_manager/state/permission.h"
#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::SmallShape;
using testing::World;

struct Row {
  const char* name;
  Level needed;
  Operation operation;  // on VM 1, which is running
  Code allowed;         // what comes when the level reaches
};

const Row kRows[] = {
    {"get", Level::kReadOnly, GetVm{1}, Code::kOk},
    {"start", Level::kOperator, StartVm{1}, Code::kWrongState},
    {"stop", Level::kOperator, StopVm{1}, Code::kOk},
    {"pause", Level::kOperator, PauseVm{1}, Code::kOk},
    {"resume", Level::kOperator, ResumeVm{1}, Code::kWrongState},
    {"reboot", Level::kOperator, RebootVm{1}, Code::kOk},
    {"snapshot", Level::kManager, SnapshotVm{1, "s"}, Code::kOk},
    {"revert", Level::kManager, RevertVm{1, "s"}, Code::kNoSnapshot},
    {"resize", Level::kManager, ResizeVm{1, {1, 64, {}}}, Code::kWrongState},
    {"migrate", Level::kManager, MigrateVm{1, "host-1"}, Code::kOk},
    {"delete", Level::kOwner, DeleteVm{1}, Code::kWrongState},
    {"grant", Level::kOperator, GrantLevel{1, "carol", Level::kReadOnly},
     Code::kOk},
    {"revoke_grant", Level::kOperator, RevokeGrant{1, "carol"}, Code::kNoGrant},
    {"offer", Level::kOwner, OfferVm{1, "carol", 1000}, Code::kOk},
    {"cancel", Level::kOwner, CancelOffer{1}, Code::kNoOffer},
};

class LevelTest : public ::testing::TestWithParam<Row> {};

TEST_P(LevelTest, IsAskedForExactly) {
  for (Level held : {Level::kNone, Level::kReadOnly, Level::kOperator,
                     Level::kManager, Level::kOwner}) {
    World world;
    const VmId vm = world.Create("alice");
    ASSERT_EQ(vm, 1u);
    ASSERT_EQ(world.Try("alice", StartVm{vm}), Code::kOk);
    std::string signer = held == Level::kOwner ? "alice" : "bob";
    if (held > Level::kNone && held < Level::kOwner) {
      ASSERT_EQ(world.Try("alice", GrantLevel{vm, "bob", held}), Code::kOk);
    }
    Code expected = GetParam().allowed;
    if (held < GetParam().needed) expected = Code::kPermissionDenied;
    if (held == Level::kNone) expected = Code::kNotFound;
    const std::string before = world.Describe();
    EXPECT_EQ(world.Try(signer, GetParam().operation), expected)
        << "held " << static_cast<int>(held);
    if (expected != Code::kOk) {
      EXPECT_EQ(world.Describe(), before);
    }
  }
}

TEST_P(LevelTest, IsHeldByAdministrators) {
  World world;
  const VmId vm = world.Create("alice");
  ASSERT_EQ(world.Try("alice", StartVm{vm}), Code::kOk);
  EXPECT_EQ(world.Try("root", GetParam().operation), GetParam().allowed);
}

INSTANTIATE_TEST_SUITE_P(Permission, LevelTest, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

class SharingTest : public ::testing::Test {
 protected:
  Code Grant(std::string_view signer, std::string_view account, Level level) {
    return world_.Try(signer, GrantLevel{vm_, account, level});
  }
  Code Take(std::string_view signer, std::string_view account) {
    return world_.Try(signer, RevokeGrant{vm_, account});
  }

  World world_;
  VmId vm_ = world_.Create("alice");
};

TEST_F(SharingTest, NeverHandsOutMoreThanOneHas) {
  ASSERT_EQ(Grant("alice", "bob", Level::kOperator), Code::kOk);
  EXPECT_EQ(Grant("bob", "carol", Level::kManager), Code::kPermissionDenied);
  EXPECT_EQ(Grant("bob", "bob", Level::kManager), Code::kPermissionDenied);
  EXPECT_EQ(Grant("bob", "carol", Level::kOperator), Code::kOk);
}

TEST_F(SharingTest, NeverTouchesALevelAboveOnesOwn) {
  ASSERT_EQ(Grant("alice", "bob", Level::kOperator), Code::kOk);
  ASSERT_EQ(Grant("alice", "carol", Level::kManager), Code::kOk);
  EXPECT_EQ(Grant("bob", "carol", Level::kReadOnly), Code::kPermissionDenied);
  EXPECT_EQ(Take("bob", "carol"), Code::kPermissionDenied);
  EXPECT_EQ(Take("carol", "bob"), Code::kOk);
}

TEST_F(SharingTest, DoesNotGrantOwnershipOrNothing) {
  EXPECT_EQ(Grant("alice", "bob", Level::kOwner), Code::kInvalidArgument);
  EXPECT_EQ(Grant("alice", "bob", Level::kNone), Code::kInvalidArgument);
}

TEST_F(SharingTest, JudgesTheAccountShared) {
  EXPECT_EQ(Grant("alice", "nobody", Level::kReadOnly), Code::kUnknownTarget);
  ASSERT_EQ(world_.Try("root", RevokeAccount{"carol"}), Code::kOk);
  EXPECT_EQ(Grant("alice", "carol", Level::kReadOnly), Code::kRevokedTarget);
  EXPECT_EQ(Grant("alice", "alice", Level::kReadOnly), Code::kWrongState);
}

TEST_F(SharingTest, ReplacesAGrant) {
  ASSERT_EQ(Grant("alice", "bob", Level::kManager), Code::kOk);
  ASSERT_EQ(Grant("alice", "bob", Level::kReadOnly), Code::kOk);
  const VmRecord vm = world_.Get(vm_);
  ASSERT_EQ(vm.grants.size(), 1u);
  EXPECT_EQ(vm.grants[0].level, Level::kReadOnly);
}

TEST_F(SharingTest, LetsAnyoneDropItsOwn) {
  ASSERT_EQ(Grant("alice", "bob", Level::kReadOnly), Code::kOk);
  ASSERT_EQ(Grant("alice", "carol", Level::kReadOnly), Code::kOk);
  EXPECT_EQ(Take("bob", "carol"), Code::kPermissionDenied);
  EXPECT_EQ(Take("bob", "bob"), Code::kOk);
  EXPECT_EQ(Take("bob", "bob"), Code::kNotFound);
  EXPECT_EQ(world_.Get(vm_).grants.size(), 1u);
}

TEST_F(SharingTest, IsBounded) {
  for (size_t i = 0; i <= kGrantsMax; ++i) {
    const std::string id = "user" + std::to_string(i);
    ASSERT_EQ(world_.Try("root", AddAccount{id, {}, {}, false}), Code::kOk);
    EXPECT_EQ(Grant("alice", id, Level::kReadOnly),
              i < kGrantsMax ? Code::kOk : Code::kTooMany);
  }
  EXPECT_EQ(Grant("alice", "user0", Level::kManager), Code::kOk);
}

TEST_F(SharingTest, ListsAndShowsOnlyWhatMaySee) {
  const VmId other = world_.Create("bob", "other");
  Answer answer;
  EXPECT_EQ(world_.Do("alice", ListVms{}, &answer).code, Code::kOk);
  EXPECT_EQ(answer.vms, std::vector<VmId>{vm_});
  EXPECT_EQ(world_.Do("carol", ListVms{}, &answer).code, Code::kOk);
  EXPECT_TRUE(answer.vms.empty());
  EXPECT_EQ(world_.Do("root", ListVms{}, &answer).code, Code::kOk);
  EXPECT_EQ(answer.vms, (std::vector<VmId>{vm_, other}));
  EXPECT_EQ(world_.Do("alice", GetVm{other}, &answer).code, Code::kNotFound);
  EXPECT_FALSE(answer.vm.has_value());
  EXPECT_EQ(world_.Do("alice", GetVm{vm_}, &answer).code, Code::kOk);
  ASSERT_TRUE(answer.vm.has_value());
  EXPECT_EQ(*answer.vm, world_.Get(vm_));
}

// Ids that look like the owner's are other accounts.
TEST_F(SharingTest, KnowsTheOwnerExactly) {
  ASSERT_EQ(Grant("alice", "bob", Level::kManager), Code::kOk);
  for (const char* id : {"alice2", "alic", "Alice", "ALICE", "bob2", "Bob"}) {
    const AddAccount add{id, testing::KeyOf(id), {}, false};
    ASSERT_EQ(world_.Try("root", add), Code::kOk);
    EXPECT_EQ(world_.Try(id, GetVm{vm_}), Code::kNotFound) << id;
    EXPECT_EQ(world_.Try(id, DeleteVm{vm_}), Code::kNotFound) << id;
  }
}

class AdministrationTest : public ::testing::Test {
 protected:
  World world_;
};

TEST_F(AdministrationTest, IsForAdministratorsOnly) {
  const Operation operations[] = {AddAccount{"dave", {}, {}, false},
                                  RevokeAccount{"bob"},
                                  SetQuota{"carol", {1, 1, 1, 1}}};
  for (const Operation& operation : operations) {
    const std::string before = world_.Describe();
    EXPECT_EQ(world_.Try("alice", operation), Code::kPermissionDenied);
    EXPECT_EQ(world_.Describe(), before);
    EXPECT_EQ(world_.Try("root", operation), Code::kOk);
    EXPECT_NE(world_.Describe(), before);
  }
}

TEST_F(AdministrationTest, AddsAnAccountOnce) {
  const AddAccount add{
      "dave", testing::KeyOf("dave"), {8, 4096, 100, 4}, false};
  EXPECT_EQ(world_.Try("dave", ListVms{}), Code::kUnknownAccount);
  EXPECT_EQ(world_.Try("root", add), Code::kOk);
  EXPECT_EQ(world_.Try("root", add), Code::kAlreadyExists);
  EXPECT_NE(world_.Create("dave"), 0u);
}

TEST_F(AdministrationTest, RevokesForEver) {
  EXPECT_EQ(world_.Try("root", RevokeAccount{"dave"}), Code::kUnknownTarget);
  EXPECT_EQ(world_.Try("root", RevokeAccount{"bob"}), Code::kOk);
  EXPECT_EQ(world_.Try("root", RevokeAccount{"bob"}), Code::kRevokedTarget);
  EXPECT_EQ(world_.Try("root", SetQuota{"bob", {}}), Code::kRevokedTarget);
  EXPECT_EQ(world_.Try("root", AddAccount{"bob", {}, {}, false}),
            Code::kAlreadyExists);
}

TEST_F(AdministrationTest, KeepsTheLastAdministrator) {
  EXPECT_EQ(world_.Try("root", RevokeAccount{"root"}), Code::kWrongState);
  const AddAccount second{"root2", testing::KeyOf("root2"), {}, true};
  EXPECT_EQ(world_.Try("root", second), Code::kOk);
  EXPECT_EQ(world_.Try("root", RevokeAccount{"root"}), Code::kOk);
  EXPECT_EQ(world_.Try("root2", RevokeAccount{"root2"}), Code::kWrongState);
}

}  // namespace
}  // namespace vm_manager
