// SPDX-License-Identifier: Apache-2.0
// What a fault makes of each call: an error, and nothing done or all.
#include "mocks/mock_hypervisor.h"

#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace formfuzz {
namespace {

using vm_manager::VmRecord;
using vm_manager::VmState;

VmRecord Record() {
  VmRecord vm;
  vm.id = 1;
  vm.shape = {1, 512, {10}};
  vm.host = "host-0";
  return vm;
}

bool operator==(const vm_manager::Domain& a, const vm_manager::Domain& b) {
  return a.state == b.state && a.shape == b.shape && a.host == b.host &&
         a.snapshots == b.snapshots;
}

struct Row {
  std::string name;
  uint16_t point;  // in the order of Points()
  VmState from;
  std::function<absl::Status(MockHypervisor&)> call;
};

std::vector<std::string> Points() {
  std::vector<std::string> points;
  for (const std::string_view point :
       {MockHypervisor::kDefine, MockHypervisor::kPower,
        MockHypervisor::kSnapshot, MockHypervisor::kChange,
        MockHypervisor::kUndefine, MockHypervisor::kLook}) {
    points.emplace_back(point);
  }
  return points;
}

TEST(MockHypervisorTest, CountsCallsThatADomainForbids) {
  MockHypervisor hypervisor;
  ASSERT_TRUE(hypervisor.Define(Record()).ok());
  ASSERT_TRUE(hypervisor.TakeSnapshot(1, "old").ok());
  EXPECT_EQ(hypervisor.refusals().total(), 0u);
  EXPECT_FALSE(hypervisor.TakeSnapshot(1, "old").ok());
  EXPECT_FALSE(hypervisor.DropSnapshot(1, "new").ok());
  EXPECT_FALSE(hypervisor.Revert(1, {"new", VmState::kStopped, {}}).ok());
  EXPECT_FALSE(hypervisor.Stop(1).ok());
  EXPECT_FALSE(hypervisor.Start(2).ok());
  EXPECT_EQ(hypervisor.refusals().total(), 5u);
}

TEST(MockHypervisorTest, TellsWhatASnapshotGoesBackTo) {
  MockHypervisor hypervisor;
  const vm_manager::Shape shape = Record().shape;
  ASSERT_TRUE(hypervisor.Define(Record()).ok());
  ASSERT_TRUE(hypervisor.Start(1).ok());
  ASSERT_TRUE(hypervisor.TakeSnapshot(1, "up").ok());
  ASSERT_TRUE(hypervisor.Stop(1).ok());
  EXPECT_TRUE(hypervisor.Holds(1, {"up", VmState::kRunning, shape}));
  EXPECT_FALSE(hypervisor.Holds(1, {"up", VmState::kStopped, shape}));
  EXPECT_FALSE(hypervisor.Holds(1, {"up", VmState::kRunning, {2, 512, {}}}));
  EXPECT_FALSE(hypervisor.Holds(1, {"down", VmState::kRunning, shape}));
  EXPECT_FALSE(hypervisor.Holds(2, {"up", VmState::kRunning, shape}));
}

class FaultTest : public testing::TestWithParam<Row> {
 protected:
  // A domain that the row's call is possible on.
  static void Prepare(const Row& row, MockHypervisor& hypervisor);
};

void FaultTest::Prepare(const Row& row, MockHypervisor& hypervisor) {
  ASSERT_TRUE(hypervisor.Define(Record()).ok());
  ASSERT_TRUE(hypervisor.TakeSnapshot(1, "old").ok());
  if (row.from != VmState::kStopped) {
    ASSERT_TRUE(hypervisor.Start(1).ok());
  }
  if (row.from == VmState::kPaused) {
    ASSERT_TRUE(hypervisor.Pause(1).ok());
  }
  if (row.name == "migrate") {
    ASSERT_TRUE(hypervisor.DropSnapshot(1, "old").ok());
  }
}

TEST_P(FaultTest, FailsOnceAndDoesNothing) {
  const Row& row = GetParam();
  FaultPlan plan;
  plan.SetPoints(Points());
  const std::vector<Fault> none;
  plan.Begin(none);
  MockHypervisor hypervisor(plan);
  Prepare(row, hypervisor);
  const std::vector<Fault> faults = {{row.point, FaultKind::kError, 0, 0}};
  plan.Begin(faults);

  const vm_manager::Domain before = *hypervisor.Find(1);
  EXPECT_TRUE(absl::IsUnavailable(row.call(hypervisor)));
  ASSERT_NE(hypervisor.Find(1), nullptr);
  EXPECT_TRUE(*hypervisor.Find(1) == before);
  EXPECT_EQ(hypervisor.domain_count(), 1u);
  EXPECT_EQ(hypervisor.faults_shown().total(), 1u);
  EXPECT_TRUE(row.call(hypervisor).ok());
}

TEST_P(FaultTest, FailsOnceWhenAllIsDone) {
  const Row& row = GetParam();
  FaultPlan plan;
  plan.SetPoints(Points());
  const std::vector<Fault> none;
  plan.Begin(none);
  MockHypervisor hypervisor(plan);
  MockHypervisor other;  // where nothing fails
  Prepare(row, hypervisor);
  Prepare(row, other);
  const std::vector<Fault> faults = {{row.point, FaultKind::kAfterwards, 0, 0}};
  plan.Begin(faults);

  EXPECT_TRUE(absl::IsUnavailable(row.call(hypervisor)));
  EXPECT_TRUE(row.call(other).ok());
  EXPECT_EQ(hypervisor.domain_count(), other.domain_count());
  for (const vm_manager::VmId vm : {1, 2}) {
    const vm_manager::Domain* is = hypervisor.Find(vm);
    const vm_manager::Domain* should = other.Find(vm);
    ASSERT_EQ(is == nullptr, should == nullptr);
    EXPECT_TRUE(is == nullptr || *is == *should);
  }
  EXPECT_EQ(hypervisor.faults_shown().total(), 1u);
}

TEST_P(FaultTest, IsDoneLaterWhereADelayAsksForIt) {
  const Row& row = GetParam();
  uint64_t passed_ms = 0;
  FaultPlan plan;
  plan.SetPoints(Points());
  plan.SetDelay(&passed_ms, [](void* clock, uint64_t ms) {
    *static_cast<uint64_t*>(clock) += ms;
  });
  MockHypervisor hypervisor(plan);
  Prepare(row, hypervisor);
  const std::vector<Fault> faults = {{row.point, FaultKind::kDelay, 0, 2500}};
  plan.Begin(faults);

  EXPECT_TRUE(row.call(hypervisor).ok());
  EXPECT_EQ(passed_ms, 2500u);
  EXPECT_EQ(hypervisor.faults_shown().total(), 0u);
}

INSTANTIATE_TEST_SUITE_P(
    EveryCall, FaultTest,
    testing::Values(
        Row{"define", 0, VmState::kStopped,
            [](MockHypervisor& h) {
              VmRecord vm = Record();
              vm.id = 2;
              return h.Define(vm);
            }},
        Row{"start", 1, VmState::kStopped,
            [](MockHypervisor& h) { return h.Start(1); }},
        Row{"stop", 1, VmState::kPaused,
            [](MockHypervisor& h) { return h.Stop(1); }},
        Row{"pause", 1, VmState::kRunning,
            [](MockHypervisor& h) { return h.Pause(1); }},
        Row{"resume", 1, VmState::kPaused,
            [](MockHypervisor& h) { return h.Resume(1); }},
        Row{"reboot", 1, VmState::kRunning,
            [](MockHypervisor& h) { return h.Reboot(1); }},
        Row{"snapshot", 2, VmState::kRunning,
            [](MockHypervisor& h) { return h.TakeSnapshot(1, "new"); }},
        Row{"drop_snapshot", 2, VmState::kRunning,
            [](MockHypervisor& h) { return h.DropSnapshot(1, "old"); }},
        Row{"revert", 3, VmState::kRunning,
            [](MockHypervisor& h) {
              return h.Revert(1, {"old", VmState::kStopped, {1, 512, {10}}});
            }},
        Row{"resize", 3, VmState::kStopped,
            [](MockHypervisor& h) { return h.Resize(1, {2, 512, {}}); }},
        Row{"migrate", 3, VmState::kRunning,
            [](MockHypervisor& h) { return h.Migrate(1, "host-1"); }},
        Row{"undefine", 4, VmState::kStopped,
            [](MockHypervisor& h) { return h.Undefine(1); }},
        Row{"observe", 5, VmState::kStopped,
            [](MockHypervisor& h) { return h.Observe(1).status(); }},
        Row{"list", 5, VmState::kStopped,
            [](MockHypervisor& h) { return h.List().status(); }}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace formfuzz
