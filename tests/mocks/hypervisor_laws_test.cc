// SPDX-License-Identifier: Apache-2.0
// The mock hypervisor and libvirt's test driver obey the same laws, and after
// the same calls say the same about every domain.
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "components/vm_manager/adapters/libvirt_hypervisor.h"
#include "framework/base/random.h"
#include "gtest/gtest.h"
#include "mocks/mock_hypervisor.h"

namespace formfuzz {
namespace {

using vm_manager::Domain;
using vm_manager::Hypervisor;
using vm_manager::Shape;
using vm_manager::VmId;
using vm_manager::VmRecord;
using vm_manager::VmState;

VmRecord Record(VmId id) {
  VmRecord vm;
  vm.id = id;
  vm.name = "web";
  vm.owner = "alice";
  vm.shape = {1, 512, {10}};
  vm.host = "host-0";
  vm.image = "debian-12";
  vm.networks = {"lan"};
  return vm;
}

std::unique_ptr<vm_manager::LibvirtHypervisor> OpenLibvirt() {
  std::vector<vm_manager::LibvirtHost> hosts;
  for (const std::string_view host : MockHypervisor::kHosts) {
    hosts.push_back({std::string(host), "test:///default"});
  }
  auto opened = vm_manager::LibvirtHypervisor::Open(hosts, "laws-");
  EXPECT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE((*opened)->RemoveAll().ok());
  return *std::move(opened);
}

struct Mocked {
  std::unique_ptr<Hypervisor> hypervisor = std::make_unique<MockHypervisor>();
};
struct Real {
  std::unique_ptr<Hypervisor> hypervisor = OpenLibvirt();
};

template <class T>
class HypervisorLaws : public testing::Test, public T {
 protected:
  Hypervisor& it() { return *this->hypervisor; }
  VmState State() { return it().Observe(1)->state; }
  // A domain of id 1 in that state.
  void Reach(VmState state) {
    ASSERT_TRUE(it().Define(Record(1)).ok());
    if (state == VmState::kStopped) return;
    ASSERT_TRUE(it().Start(1).ok());
    if (state == VmState::kPaused) {
      ASSERT_TRUE(it().Pause(1).ok());
    }
  }
};
using Implementations = testing::Types<Mocked, Real>;
TYPED_TEST_SUITE(HypervisorLaws, Implementations);

TYPED_TEST(HypervisorLaws, DefinesAStoppedDomainAsRecorded) {
  ASSERT_TRUE(this->it().Define(Record(1)).ok());
  const auto domain = this->it().Observe(1);
  ASSERT_TRUE(domain.ok()) << domain.status();
  EXPECT_EQ(domain->state, VmState::kStopped);
  EXPECT_TRUE(domain->shape == Record(1).shape);
  EXPECT_EQ(domain->host, "host-0");
  EXPECT_TRUE(domain->snapshots.empty());
  EXPECT_TRUE(absl::IsAlreadyExists(this->it().Define(Record(1))));
}

TYPED_TEST(HypervisorLaws, RefusesWhatIsNotThere) {
  EXPECT_TRUE(absl::IsNotFound(this->it().Observe(9).status()));
  EXPECT_FALSE(this->it().Start(9).ok());
  EXPECT_FALSE(this->it().Undefine(9).ok());
  EXPECT_FALSE(this->it().TakeSnapshot(9, "first").ok());
  VmRecord elsewhere = Record(1);
  elsewhere.host = "host-9";
  EXPECT_FALSE(this->it().Define(elsewhere).ok());
  EXPECT_TRUE(absl::IsNotFound(this->it().Observe(1).status()));
}

struct PowerRow {
  const char* name;
  absl::Status (Hypervisor::*call)(VmId);
  // What it leads to from stopped, running and paused; '-' is a refusal. The
  // interface leaves open ('?') what a reboot does to a paused domain: libvirt
  // runs it, the mock refuses, and the manager never asks.
  const char* to;
};

TYPED_TEST(HypervisorLaws, ChangesPowerInTheStatesThatAllowIt) {
  constexpr std::array<PowerRow, 5> kRows = {
      {{"start", &Hypervisor::Start, "r--"},
       {"stop", &Hypervisor::Stop, "-ss"},
       {"pause", &Hypervisor::Pause, "-p-"},
       {"resume", &Hypervisor::Resume, "--r"},
       {"reboot", &Hypervisor::Reboot, "-r?"}}};
  constexpr std::string_view kInitials = "srp";
  for (const PowerRow& row : kRows) {
    for (size_t from = 0; from < 3; ++from) {
      if (row.to[from] == '?') continue;
      SCOPED_TRACE(std::string(row.name) + " from " + kInitials[from]);
      this->Reach(static_cast<VmState>(from));
      const bool allowed = row.to[from] != '-';
      EXPECT_EQ((this->it().*row.call)(1).ok(), allowed);
      const size_t to = allowed ? kInitials.find(row.to[from]) : from;
      EXPECT_EQ(this->State(), static_cast<VmState>(to));
      if (this->State() != VmState::kStopped) {
        ASSERT_TRUE(this->it().Stop(1).ok());
      }
      ASSERT_TRUE(this->it().Undefine(1).ok());
    }
  }
}

TYPED_TEST(HypervisorLaws, ResizesAndRemovesStoppedDomainsOnly) {
  this->Reach(VmState::kRunning);
  const Shape larger{2, 1024, {10, 20}};
  EXPECT_FALSE(this->it().Resize(1, larger).ok());
  EXPECT_FALSE(this->it().Undefine(1).ok());
  ASSERT_TRUE(this->it().Stop(1).ok());
  EXPECT_TRUE(this->it().Resize(1, larger).ok());
  EXPECT_TRUE(this->it().Observe(1)->shape == larger);
  EXPECT_TRUE(this->it().Undefine(1).ok());
  EXPECT_TRUE(absl::IsNotFound(this->it().Observe(1).status()));
}

TYPED_TEST(HypervisorLaws, GoesBackToSnapshots) {
  this->Reach(VmState::kRunning);
  const Shape shape = Record(1).shape;
  ASSERT_TRUE(this->it().TakeSnapshot(1, "first").ok());
  EXPECT_FALSE(this->it().TakeSnapshot(1, "first").ok());
  ASSERT_TRUE(this->it().Stop(1).ok());
  ASSERT_TRUE(this->it().Resize(1, {4, 1024, {20}}).ok());
  ASSERT_TRUE(this->it().TakeSnapshot(1, "second").ok());
  ASSERT_TRUE(this->it().Revert(1, {"first", VmState::kRunning, shape}).ok());
  const auto domain = this->it().Observe(1);
  EXPECT_EQ(domain->state, VmState::kRunning);
  EXPECT_TRUE(domain->shape == shape);
  EXPECT_EQ(domain->snapshots, (std::vector<std::string>{"first", "second"}));
  EXPECT_FALSE(this->it().Revert(1, {"third", VmState::kRunning, shape}).ok());
  // To what it was, whatever one believes.
  ASSERT_TRUE(this->it().Revert(1, {"second", VmState::kPaused, shape}).ok());
  EXPECT_EQ(this->State(), VmState::kStopped);
  EXPECT_TRUE(this->it().Observe(1)->shape == (Shape{4, 1024, {20}}));
  EXPECT_TRUE(this->it().DropSnapshot(1, "first").ok());
  EXPECT_FALSE(this->it().DropSnapshot(1, "first").ok());
}

TYPED_TEST(HypervisorLaws, MovesRunningDomainsToHostsThatExist) {
  this->Reach(VmState::kStopped);
  EXPECT_FALSE(this->it().Migrate(1, "host-1").ok());
  ASSERT_TRUE(this->it().Start(1).ok());
  EXPECT_FALSE(this->it().Migrate(1, "host-9").ok());
  EXPECT_TRUE(this->it().Migrate(1, "host-1").ok());
  EXPECT_EQ(this->it().Observe(1)->host, "host-1");
  EXPECT_EQ(this->State(), VmState::kRunning);
}

TYPED_TEST(HypervisorLaws, ListsItsDomains) {
  EXPECT_TRUE(this->it().List()->empty());
  ASSERT_TRUE(this->it().Define(Record(2)).ok());
  ASSERT_TRUE(this->it().Define(Record(1)).ok());
  auto ids = *this->it().List();
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, (std::vector<VmId>{1, 2}));
}

// A random walk over calls that the manager could make, legal or not.
class Walk {
 public:
  explicit Walk(uint64_t seed) : random_(seed) {}

  // The call's outcome on each, after the same call on both.
  std::array<bool, 2> Step(Hypervisor& one, Hypervisor& other) {
    const auto call = Draw();
    return {call(one).ok(), call(other).ok()};
  }

 private:
  using Call = std::function<absl::Status(Hypervisor&)>;

  Call Draw() {
    const VmId vm = 1 + random_.Below(2);
    const std::string name = random_.OneIn(2) ? "first" : "second";
    const Shape shape{1 + static_cast<uint32_t>(random_.Below(3)), 512, {10}};
    switch (random_.Below(12)) {
      case 0:
        return [vm](Hypervisor& h) { return h.Define(Record(vm)); };
      case 1:
        return [vm](Hypervisor& h) { return h.Stop(vm); };
      case 2:
        return [vm](Hypervisor& h) { return h.Pause(vm); };
      case 3:
        return [vm](Hypervisor& h) { return h.Resume(vm); };
      case 4:
        return [vm](Hypervisor& h) { return Reboot(h, vm); };
      case 5:
        return [=](Hypervisor& h) { return h.TakeSnapshot(vm, name); };
      case 6:
        return [=](Hypervisor& h) { return h.DropSnapshot(vm, name); };
      case 7:
        return [=](Hypervisor& h) { return h.Resize(vm, shape); };
      case 8:
        return [vm](Hypervisor& h) { return h.Undefine(vm); };
      case 9:
        return [=](Hypervisor& h) { return Revert(h, vm, name); };
      default:
        return [vm](Hypervisor& h) { return h.Start(vm); };
    }
  }
  static absl::Status Reboot(Hypervisor& hypervisor, VmId vm) {
    const auto domain = hypervisor.Observe(vm);
    if (!domain.ok()) return domain.status();
    return domain->state == VmState::kPaused ? absl::OkStatus()
                                             : hypervisor.Reboot(vm);
  }
  // The caller need not know what the snapshot holds.
  static absl::Status Revert(Hypervisor& hypervisor, VmId vm,
                             const std::string& name) {
    const auto domain = hypervisor.Observe(vm);
    if (!domain.ok()) return domain.status();
    return hypervisor.Revert(vm, {name, domain->state, domain->shape});
  }

  Random random_;
};

std::vector<std::string> Sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

TEST(HypervisorsAgree, OnARandomWalk) {
  MockHypervisor mock;
  const auto real = OpenLibvirt();
  Walk walk(1);
  for (int i = 0; i < 3000; ++i) {
    const auto [mocked, really] = walk.Step(mock, *real);
    ASSERT_EQ(mocked, really) << "at call " << i;
    for (const VmId vm : {VmId{1}, VmId{2}}) {
      const auto a = mock.Observe(vm);
      const auto b = real->Observe(vm);
      ASSERT_EQ(a.ok(), b.ok()) << "VM " << vm << " at call " << i;
      if (!a.ok()) continue;
      ASSERT_EQ(a->state, b->state) << "VM " << vm << " at call " << i;
      ASSERT_TRUE(a->shape == b->shape) << "VM " << vm << " at call " << i;
      // A real one lists them as a tree, which reverting changes.
      ASSERT_EQ(Sorted(a->snapshots), Sorted(b->snapshots))
          << "VM " << vm << " at call " << i;
    }
  }
  EXPECT_TRUE(real->RemoveAll().ok());
}

}  // namespace
}  // namespace formfuzz
