// SPDX-License-Identifier: Apache-2.0
// What the mock has besides the behaviour of every store: faults and a digest.
#include "mocks/mock_state_store.h"

#include <array>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

using vm_manager::Change;
using vm_manager::VmRecord;

VmRecord Record(vm_manager::VmId id) {
  VmRecord vm;
  vm.id = id;
  vm.name = "web";
  vm.owner = "alice";
  vm.shape = {1, 512, {10}};
  return vm;
}

std::vector<std::string> Points() {
  return {std::string(MockStateStore::kCommit),
          std::string(MockStateStore::kLoad)};
}

TEST(MockStateStoreTest, WritesNothingWhenACommitFails) {
  for (const FaultKind kind : {FaultKind::kError, FaultKind::kAfterwards}) {
    FaultPlan plan;
    plan.SetPoints(Points());
    const std::vector<Fault> faults = {{0, kind, 1, 0}};
    plan.Begin(faults);
    MockStateStore store(plan);
    const VmRecord first = Record(1);
    const VmRecord second = Record(2);
    ASSERT_TRUE(store.Commit(std::array<Change, 1>{&first}).ok());
    const uint64_t before = store.digest();
    const std::array<Change, 2> changes = {&second, vm_manager::EraseVm{1}};
    EXPECT_TRUE(absl::IsUnavailable(store.Commit(changes)));
    EXPECT_EQ(store.digest(), before);
    EXPECT_EQ(store.FindVm(2), nullptr);
    EXPECT_NE(store.FindVm(1), nullptr);
    EXPECT_EQ(store.faults_shown().total(), 1u);
    EXPECT_TRUE(store.Commit(changes).ok());
  }
}

TEST(MockStateStoreTest, TakesItsTimeWhereADelayAsksForIt) {
  uint64_t passed_ms = 0;
  FaultPlan plan;
  plan.SetPoints(Points());
  plan.SetDelay(&passed_ms, [](void* clock, uint64_t ms) {
    *static_cast<uint64_t*>(clock) += ms;
  });
  const std::vector<Fault> faults = {{0, FaultKind::kDelay, 0, 2500}};
  plan.Begin(faults);
  MockStateStore store(plan);
  const VmRecord vm = Record(1);
  EXPECT_TRUE(store.Commit(std::array<Change, 1>{&vm}).ok());
  EXPECT_EQ(passed_ms, 2500u);
  EXPECT_EQ(store.vm_count(), 1u);
}

TEST(MockStateStoreTest, FailsToLoadWhenToldTo) {
  FaultPlan plan;
  plan.SetPoints(Points());
  const std::vector<Fault> faults = {{1, FaultKind::kError, 0, 0}};
  plan.Begin(faults);
  MockStateStore store(plan);
  vm_manager::StateImage image;
  EXPECT_TRUE(absl::IsUnavailable(store.Load(&image)));
  EXPECT_TRUE(store.Load(&image).ok());
}

TEST(MockStateStoreTest, DigestForgetsHowTheRecordsCameThere) {
  const VmRecord first = Record(1);
  VmRecord changed = first;
  changed.state = vm_manager::VmState::kRunning;
  const VmRecord second = Record(2);
  MockStateStore one;
  MockStateStore other;
  ASSERT_TRUE(one.Commit(std::array<Change, 2>{&first, &second}).ok());
  ASSERT_TRUE(other.Commit(std::array<Change, 1>{&second}).ok());
  ASSERT_TRUE(other.Commit(std::array<Change, 1>{&changed}).ok());
  EXPECT_NE(one.digest(), other.digest());
  ASSERT_TRUE(other.Commit(std::array<Change, 1>{&first}).ok());
  EXPECT_EQ(one.digest(), other.digest());
  ASSERT_TRUE(other.Commit(std::array<Change, 1>{vm_manager::EraseVm{2}}).ok());
  ASSERT_TRUE(one.Commit(std::array<Change, 1>{vm_manager::EraseVm{2}}).ok());
  EXPECT_EQ(one.digest(), other.digest());
}

// One change of each field, all of them seen by the digest.
TEST(MockStateStoreTest, DigestSeesEveryFieldOfAVm) {
  VmRecord base = Record(1);
  base.grants = {{"bob", vm_manager::Level::kOperator}};
  base.snapshots = {{"first", vm_manager::VmState::kStopped, base.shape}};
  base.offer = vm_manager::Offer{"alice", "bob", 5};
  std::vector<VmRecord> others(14, base);
  others[0].id = 2;
  others[1].name = "db";
  others[2].owner = "bob";
  others[3].state = vm_manager::VmState::kPaused;
  others[4].shape.vcpus = 2;
  others[5].shape.disks_gb.push_back(1);
  others[6].host = "host-1";
  others[7].image = "other";
  others[8].user_data = "x";
  others[9].networks = {"lan"};
  others[10].grants[0].level = vm_manager::Level::kManager;
  others[11].snapshots[0].state = vm_manager::VmState::kRunning;
  others[12].offer->expires_ms = 6;
  others[13].offer.reset();
  for (size_t i = 0; i < others.size(); ++i) {
    EXPECT_NE(DigestOf(others[i]), DigestOf(base)) << i;
  }
}

}  // namespace
}  // namespace formfuzz
