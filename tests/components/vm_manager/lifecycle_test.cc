// SPDX-License-Identifier: Apache-2.0
// The life of a VM: which operation is possible in which state, limits,
// snapshots, and what an owner is charged.
#include <gtest/gtest.h>

#include <string>

#include "components/vm_manager/request/arguments.h"
#include "components/vm_manager/state/quota.h"
#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::SmallShape;
using testing::SmallVm;
using testing::World;

constexpr VmState kStopped = VmState::kStopped;
constexpr VmState kRunning = VmState::kRunning;
constexpr VmState kPaused = VmState::kPaused;

struct Row {
  const char* name;
  Operation operation;  // on VM 1
  bool possible[3];     // from stopped, running, paused
  VmState after[3];
};

const Row kRows[] = {
    {"start", StartVm{1}, {true, false, false}, {kRunning, {}, {}}},
    {"stop", StopVm{1}, {false, true, true}, {{}, kStopped, kStopped}},
    {"pause", PauseVm{1}, {false, true, false}, {{}, kPaused, {}}},
    {"resume", ResumeVm{1}, {false, false, true}, {{}, {}, kRunning}},
    {"reboot", RebootVm{1}, {false, true, false}, {{}, kRunning, {}}},
    {"snapshot",
     SnapshotVm{1, "s"},
     {true, true, true},
     {kStopped, kRunning, kPaused}},
    {"resize",
     ResizeVm{1, {1, 64, {10}}},
     {true, false, false},
     {kStopped, {}, {}}},
    {"migrate",
     MigrateVm{1, "host-1"},
     {false, true, false},
     {{}, kRunning, {}}},
    {"delete", DeleteVm{1}, {true, false, false}, {{}, {}, {}}},
};

class StateTest : public ::testing::TestWithParam<Row> {};

void Bring(World& world, VmId vm, VmState to) {
  if (to == kStopped) return;
  ASSERT_EQ(world.Try("alice", StartVm{vm}), Code::kOk);
  if (to == kPaused) {
    ASSERT_EQ(world.Try("alice", PauseVm{vm}), Code::kOk);
  }
}

TEST_P(StateTest, AllowsExactlyTheTable) {
  for (VmState from : {kStopped, kRunning, kPaused}) {
    World world;
    Bring(world, world.Create("alice"), from);
    const auto column = static_cast<size_t>(from);
    const std::string before = world.Describe();
    const int calls = world.hypervisor.calls;
    if (GetParam().possible[column]) {
      EXPECT_EQ(world.Try("alice", GetParam().operation), Code::kOk);
      EXPECT_EQ(world.Get(1).state, GetParam().after[column]);
    } else {
      EXPECT_EQ(world.Try("alice", GetParam().operation), Code::kWrongState);
      EXPECT_EQ(world.Describe(), before);
      EXPECT_EQ(world.hypervisor.calls, calls);
    }
    EXPECT_TRUE(world.Agrees());
  }
}

TEST_P(StateTest, IsOverAfterDeletion) {
  World world;
  const VmId vm = world.Create("alice");
  ASSERT_EQ(world.Try("alice", DeleteVm{vm}), Code::kOk);
  EXPECT_EQ(world.Try("alice", GetParam().operation), Code::kNotFound);
}

INSTANTIATE_TEST_SUITE_P(Lifecycle, StateTest, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return row.param.name; });

class LifecycleTest : public ::testing::Test {
 protected:
  World world_;
};

TEST_F(LifecycleTest, KeepsWhatWasAskedFor) {
  CreateVm create = SmallVm("web");
  create.networks.push_back("dmz");
  create.user_data = std::string_view("\0\xff", 2);
  const VmId vm = world_.Do("alice", create).vm;
  const VmRecord record = world_.Get(vm);
  EXPECT_EQ(record.name, "web");
  EXPECT_EQ(record.owner, "alice");
  EXPECT_EQ(record.shape, SmallShape());
  EXPECT_EQ(record.networks, (std::vector<std::string>{"lan", "dmz"}));
  EXPECT_EQ(record.image, "debian-12");
  EXPECT_EQ(record.user_data, create.user_data);
  EXPECT_EQ(record.host, "host-0");
}

TEST_F(LifecycleTest, NamesAreUniqueByOwnerAndIdsForEver) {
  const VmId first = world_.Create("alice");
  EXPECT_EQ(world_.Try("alice", SmallVm("web")), Code::kAlreadyExists);
  const VmId others = world_.Create("bob");
  ASSERT_EQ(world_.Try("bob", DeleteVm{others}), Code::kOk);
  ASSERT_EQ(world_.Try("alice", DeleteVm{first}), Code::kOk);
  ASSERT_TRUE(world_.Reopen().ok());
  const VmId again = world_.Create("alice");
  EXPECT_NE(again, first);
  EXPECT_NE(again, others);
}

TEST_F(LifecycleTest, AStaleIdReachesNoOtherVm) {
  const VmId first = world_.Create("alice");
  ASSERT_EQ(world_.Try("alice", DeleteVm{first}), Code::kOk);
  EXPECT_NE(world_.Create("alice"), first);
  EXPECT_EQ(world_.Try("alice", StartVm{first}), Code::kNotFound);
}

TEST_F(LifecycleTest, FindsByName) {
  const VmId vm = world_.Create("alice");
  const View view = world_.manager().Observe();
  ASSERT_NE(view.FindVm("alice", "web"), nullptr);
  EXPECT_EQ(view.FindVm("alice", "web")->id, vm);
  EXPECT_EQ(view.FindVm("bob", "web"), nullptr);
  EXPECT_EQ(view.FindVm("Alice", "web"), nullptr);
}

TEST_F(LifecycleTest, RevertBringsBackTheMachineAndNothingElse) {
  const VmId vm = world_.Create("alice");
  ASSERT_EQ(world_.Try("alice", GrantLevel{vm, "carol", Level::kOperator}),
            Code::kOk);
  ASSERT_EQ(world_.Try("alice", SnapshotVm{vm, "s"}), Code::kOk);
  ASSERT_EQ(world_.Try("alice", ResizeVm{vm, {4, 1024, {20, 5}}}), Code::kOk);
  ASSERT_EQ(world_.Try("alice", StartVm{vm}), Code::kOk);
  ASSERT_EQ(world_.Try("alice", OfferVm{vm, "bob", 1000}), Code::kOk);
  ASSERT_EQ(world_.Try("bob", AcceptOffer{vm}), Code::kOk);
  EXPECT_EQ(world_.UsageOf("bob"), (Resources{4, 1024, 25, 1}));
  EXPECT_EQ(world_.Try("bob", RevertVm{vm, "s"}), Code::kOk);
  const VmRecord record = world_.Get(vm);
  EXPECT_EQ(record.owner, "bob");
  EXPECT_TRUE(record.grants.empty());
  EXPECT_EQ(record.shape, SmallShape());
  EXPECT_EQ(record.state, kStopped);
  EXPECT_EQ(record.snapshots.size(), 1u);
  EXPECT_EQ(world_.UsageOf("bob"), (Resources{2, 512, 10, 1}));
  EXPECT_TRUE(world_.Agrees());
}

TEST_F(LifecycleTest, SnapshotsAreNamedAndBounded) {
  const VmId vm = world_.Create("alice");
  for (size_t i = 0; i < kSnapshotsMax; ++i) {
    const std::string name = std::to_string(i);
    EXPECT_EQ(world_.Try("alice", SnapshotVm{vm, name}), Code::kOk);
    EXPECT_EQ(world_.Try("alice", SnapshotVm{vm, name}), Code::kAlreadyExists);
  }
  EXPECT_EQ(world_.Try("alice", SnapshotVm{vm, "more"}), Code::kTooMany);
  EXPECT_EQ(world_.Try("alice", RevertVm{vm, "more"}), Code::kNoSnapshot);
}

TEST_F(LifecycleTest, MovesOnlyElsewhereAndWithoutSnapshots) {
  const VmId vm = world_.Create("alice");
  ASSERT_EQ(world_.Try("alice", StartVm{vm}), Code::kOk);
  EXPECT_EQ(world_.Try("alice", MigrateVm{vm, "host-0"}), Code::kWrongState);
  ASSERT_EQ(world_.Try("alice", SnapshotVm{vm, "s"}), Code::kOk);
  EXPECT_EQ(world_.Try("alice", MigrateVm{vm, "host-1"}), Code::kWrongState);
}

TEST_F(LifecycleTest, ResizeKeepsDisks) {
  const VmId vm = world_.Create("alice");
  EXPECT_EQ(world_.Try("alice", ResizeVm{vm, {2, 512, {}}}), Code::kWrongState);
  EXPECT_EQ(world_.Try("alice", ResizeVm{vm, {2, 512, {9}}}),
            Code::kWrongState);
  EXPECT_EQ(world_.Try("alice", ResizeVm{vm, {2, 512, {10, 1}}}), Code::kOk);
}

struct ShapeCase {
  const char* name;
  Shape shape;
  bool valid;
};

TEST(ArgumentsTest, BoundTheShape) {
  const ShapeCase cases[] = {
      {"no cpu", {0, 64, {}}, false},
      {"one cpu", {1, 64, {}}, true},
      {"most cpus", {kVcpusMax, 64, {}}, true},
      {"a cpu too many", {kVcpusMax + 1, 64, {}}, false},
      {"little memory", {1, kMemoryMbMin - 1, {}}, false},
      {"most memory", {1, kMemoryMbMax, {}}, true},
      {"too much memory", {1, kMemoryMbMax + 1, {}}, false},
      {"empty disk", {1, 64, {0}}, false},
      {"most disks", {1, 64, {1, 1, 1, 1}}, true},
      {"a disk too many", {1, 64, {1, 1, 1, 1, 1}}, false},
      {"largest disk", {1, 64, {kDiskGbMax}}, true},
      {"disk too large", {1, 64, {kDiskGbMax + 1}}, false},
  };
  for (const ShapeCase& one : cases) {
    EXPECT_EQ(IsValidShape(one.shape), one.valid) << one.name;
    EXPECT_EQ(AreValidArguments(ResizeVm{1, one.shape}), one.valid) << one.name;
  }
}

TEST(ArgumentsTest, BoundTheTexts) {
  const std::string long_text(2000, 'a');
  const std::string_view text = long_text;
  EXPECT_TRUE(IsValidAccountId(text.substr(0, kAccountIdMax)));
  EXPECT_FALSE(IsValidAccountId(text.substr(0, kAccountIdMax + 1)));
  EXPECT_FALSE(IsValidAccountId(""));
  EXPECT_FALSE(IsValidAccountId("a b"));
  EXPECT_FALSE(IsValidAccountId(std::string_view("a\0", 2)));
  EXPECT_TRUE(AreValidArguments(SnapshotVm{1, text.substr(0, 32)}));
  EXPECT_FALSE(AreValidArguments(SnapshotVm{1, text.substr(0, 33)}));
  EXPECT_TRUE(AreValidArguments(MigrateVm{1, text.substr(0, kHostMax)}));
  EXPECT_FALSE(AreValidArguments(MigrateVm{1, text.substr(0, kHostMax + 1)}));
  EXPECT_FALSE(AreValidArguments(RevertVm{1, "../up"}));
}

TEST(ArgumentsTest, BoundACreation) {
  const std::string long_text(2000, 'a');
  const std::string_view text = long_text;
  CreateVm create = SmallVm(text.substr(0, kVmNameMax));
  create.user_data = text.substr(0, kUserDataMax);
  create.image = text.substr(0, kImageMax);
  create.networks.clear();
  for (size_t i = 0; i < kNetworksMax; ++i) create.networks.push_back("lan");
  EXPECT_TRUE(AreValidArguments(create));
  CreateVm changed = create;
  changed.name = text.substr(0, kVmNameMax + 1);
  EXPECT_FALSE(AreValidArguments(changed));
  changed = create;
  changed.user_data = text.substr(0, kUserDataMax + 1);
  EXPECT_FALSE(AreValidArguments(changed));
  changed = create;
  changed.image = text.substr(0, kImageMax + 1);
  EXPECT_FALSE(AreValidArguments(changed));
  changed = create;
  changed.networks.push_back("lan");
  EXPECT_FALSE(AreValidArguments(changed));
  changed = create;
  changed.networks[0] = "";
  EXPECT_FALSE(AreValidArguments(changed));
}

class QuotaTest : public ::testing::Test {
 protected:
  World world_{Resources{4, 2048, 30, 2}};
};

TEST_F(QuotaTest, IsReachedExactly) {
  CreateVm create = SmallVm("web");
  create.shape = {4, 2048, {20, 10}};
  EXPECT_EQ(world_.Try("alice", create), Code::kOk);
  EXPECT_EQ(world_.UsageOf("alice"), (Resources{4, 2048, 30, 1}));
}

TEST_F(QuotaTest, IsExceededByOneOfAnything) {
  const Shape shapes[] = {
      {5, 2048, {30}}, {4, 2049, {30}}, {4, 2048, {20, 11}}};
  for (const Shape& shape : shapes) {
    CreateVm create = SmallVm("web");
    create.shape = shape;
    EXPECT_EQ(world_.Try("alice", create), Code::kQuotaExceeded);
  }
  world_.Create("alice", "one");
  ASSERT_EQ(world_.Try("alice", ResizeVm{1, {1, 64, {10}}}), Code::kOk);
  world_.Create("alice", "two");
  CreateVm third = SmallVm("three");
  third.shape = {1, 64, {}};
  EXPECT_EQ(world_.Try("alice", third), Code::kQuotaExceeded);
}

TEST_F(QuotaTest, ComesBackOnDeletion) {
  const VmId vm = world_.Create("alice");
  ASSERT_EQ(world_.Try("alice", DeleteVm{vm}), Code::kOk);
  EXPECT_EQ(world_.UsageOf("alice"), Resources{});
}

TEST_F(QuotaTest, IsChargedToTheOwnerWhoeverActs) {
  const VmId vm = world_.Create("alice");
  ASSERT_EQ(world_.Try("alice", GrantLevel{vm, "bob", Level::kManager}),
            Code::kOk);
  EXPECT_EQ(world_.Try("bob", ResizeVm{vm, {4, 512, {10}}}), Code::kOk);
  EXPECT_EQ(world_.UsageOf("alice"), (Resources{4, 512, 10, 1}));
  EXPECT_EQ(world_.UsageOf("bob"), Resources{});
  EXPECT_EQ(world_.Try("bob", ResizeVm{vm, {5, 512, {10}}}),
            Code::kQuotaExceeded);
}

TEST_F(QuotaTest, SetBelowUsageStopsGrowthOnly) {
  const VmId vm = world_.Create("alice");
  ASSERT_EQ(world_.Try("root", SetQuota{"alice", {1, 1, 1, 1}}), Code::kOk);
  EXPECT_EQ(world_.Try("alice", ResizeVm{vm, {3, 512, {10}}}),
            Code::kQuotaExceeded);
  EXPECT_EQ(world_.Try("alice", ResizeVm{vm, {1, 64, {10}}}), Code::kOk);
  EXPECT_EQ(world_.Try("alice", StartVm{vm}), Code::kOk);
}

TEST_F(QuotaTest, BoundsARevert) {
  const VmId vm = world_.Create("alice");
  ASSERT_EQ(world_.Try("alice", SnapshotVm{vm, "s"}), Code::kOk);
  ASSERT_EQ(world_.Try("alice", ResizeVm{vm, {1, 64, {10}}}), Code::kOk);
  ASSERT_EQ(world_.Try("root", SetQuota{"alice", {1, 64, 10, 1}}), Code::kOk);
  EXPECT_EQ(world_.Try("alice", RevertVm{vm, "s"}), Code::kQuotaExceeded);
}

TEST(QuotaArithmeticTest, AddsTheLargestDisks) {
  const Shape shape{1, 64, {kDiskGbMax, kDiskGbMax, kDiskGbMax, kDiskGbMax}};
  EXPECT_EQ(CostOf(shape), (Resources{1, 64, 4 * uint64_t{kDiskGbMax}, 1}));
}

TEST(QuotaArithmeticTest, DoesNotOverflow) {
  constexpr uint64_t kAll = ~uint64_t{0};
  const Resources most{kAll, kAll, kAll, kAll};
  const Resources one{1, 1, 1, 1};
  EXPECT_TRUE(Fits(most, {}, most));
  EXPECT_FALSE(Fits(most, one, most));
  EXPECT_FALSE(Fits(one, most, one));
  EXPECT_TRUE(FitsChange(one, most, most, one));
  EXPECT_FALSE(FitsChange(one, one, {}, most));
}

}  // namespace
}  // namespace vm_manager
