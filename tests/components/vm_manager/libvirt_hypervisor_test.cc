// SPDX-License-Identifier: Apache-2.0
// The libvirt adapter on libvirt's own test driver: a real daemon-less libvirt
// with machines that exist in memory only.
#include "components/vm_manager/adapters/libvirt_hypervisor.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "components/vm_manager/adapters/domain_xml.h"
#include "components/vm_manager/reconcile.h"
#include "tests/components/vm_manager/fixture.h"

namespace vm_manager {
namespace {

using testing::SmallShape;

class LibvirtHypervisorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = LibvirtHypervisor::Open(
        {{"host-0", "test:///default"}, {"host-1", "test:///default"}},
        "vmtest-");
    ASSERT_TRUE(opened.ok()) << opened.status();
    hypervisor_ = *std::move(opened);
    vm_.id = 7;
    vm_.name = "web";
    vm_.owner = "alice";
    vm_.host = "host-0";
    vm_.image = "debian-12";
    vm_.networks = {"lan", "dmz"};
    vm_.shape = SmallShape();
  }
  void TearDown() override {
    if (hypervisor_ != nullptr) {
      EXPECT_TRUE(hypervisor_->RemoveAll().ok());
    }
  }
  Domain Observed() {
    auto domain = hypervisor_->Observe(vm_.id);
    EXPECT_TRUE(domain.ok()) << domain.status();
    return domain.ok() ? *domain : Domain{};
  }

  std::unique_ptr<LibvirtHypervisor> hypervisor_;
  VmRecord vm_;
};

TEST_F(LibvirtHypervisorTest, DefinesWhatWasAskedFor) {
  ASSERT_TRUE(hypervisor_->Define(vm_).ok());
  const Domain domain = Observed();
  EXPECT_EQ(domain.state, VmState::kStopped);
  EXPECT_EQ(domain.shape, vm_.shape);
  EXPECT_EQ(domain.host, "host-0");
  EXPECT_TRUE(domain.snapshots.empty());
  EXPECT_EQ(hypervisor_->Define(vm_).code(), absl::StatusCode::kAlreadyExists);
}

TEST_F(LibvirtHypervisorTest, WalksThroughTheStates) {
  ASSERT_TRUE(hypervisor_->Define(vm_).ok());
  EXPECT_FALSE(hypervisor_->Stop(vm_.id).ok());
  EXPECT_FALSE(hypervisor_->Pause(vm_.id).ok());
  ASSERT_TRUE(hypervisor_->Start(vm_.id).ok());
  EXPECT_FALSE(hypervisor_->Start(vm_.id).ok());
  EXPECT_EQ(Observed().state, VmState::kRunning);
  ASSERT_TRUE(hypervisor_->Reboot(vm_.id).ok());
  EXPECT_EQ(Observed().state, VmState::kRunning);
  ASSERT_TRUE(hypervisor_->Pause(vm_.id).ok());
  EXPECT_EQ(Observed().state, VmState::kPaused);
  ASSERT_TRUE(hypervisor_->Resume(vm_.id).ok());
  EXPECT_FALSE(hypervisor_->Undefine(vm_.id).ok());
  ASSERT_TRUE(hypervisor_->Stop(vm_.id).ok());
  EXPECT_EQ(Observed().state, VmState::kStopped);
  ASSERT_TRUE(hypervisor_->Undefine(vm_.id).ok());
  EXPECT_TRUE(absl::IsNotFound(hypervisor_->Observe(vm_.id).status()));
}

TEST_F(LibvirtHypervisorTest, ResizesAStoppedDomain) {
  ASSERT_TRUE(hypervisor_->Define(vm_).ok());
  const Shape larger{4, 2048, {20, 5}};
  ASSERT_TRUE(hypervisor_->Resize(vm_.id, larger).ok());
  EXPECT_EQ(Observed().shape, larger);
  ASSERT_TRUE(hypervisor_->Start(vm_.id).ok());
  EXPECT_FALSE(hypervisor_->Resize(vm_.id, SmallShape()).ok());
  EXPECT_EQ(Observed().shape, larger);
}

TEST_F(LibvirtHypervisorTest, RevertsStateAndShape) {
  ASSERT_TRUE(hypervisor_->Define(vm_).ok());
  ASSERT_TRUE(hypervisor_->TakeSnapshot(vm_.id, "cold").ok());
  ASSERT_TRUE(hypervisor_->Resize(vm_.id, {4, 2048, {20}}).ok());
  ASSERT_TRUE(hypervisor_->Start(vm_.id).ok());
  ASSERT_TRUE(hypervisor_->TakeSnapshot(vm_.id, "warm").ok());
  EXPECT_EQ(Observed().snapshots, (std::vector<std::string>{"cold", "warm"}));
  ASSERT_TRUE(hypervisor_->Revert(vm_.id, {"cold", {}, {}}).ok());
  EXPECT_EQ(Observed().state, VmState::kStopped);
  EXPECT_EQ(Observed().shape, SmallShape());
  ASSERT_TRUE(hypervisor_->Revert(vm_.id, {"warm", {}, {}}).ok());
  EXPECT_EQ(Observed().state, VmState::kRunning);
  EXPECT_EQ(Observed().shape, (Shape{4, 2048, {20}}));
  ASSERT_TRUE(hypervisor_->DropSnapshot(vm_.id, "cold").ok());
  EXPECT_EQ(Observed().snapshots, std::vector<std::string>{"warm"});
  EXPECT_TRUE(absl::IsNotFound(hypervisor_->DropSnapshot(vm_.id, "cold")));
  ASSERT_TRUE(hypervisor_->Stop(vm_.id).ok());
  EXPECT_TRUE(hypervisor_->Undefine(vm_.id).ok());
}

TEST_F(LibvirtHypervisorTest, MovesBetweenNamesOfOneMachine) {
  ASSERT_TRUE(hypervisor_->Define(vm_).ok());
  EXPECT_FALSE(hypervisor_->Migrate(vm_.id, "host-1").ok());
  ASSERT_TRUE(hypervisor_->Start(vm_.id).ok());
  EXPECT_FALSE(hypervisor_->Migrate(vm_.id, "host-9").ok());
  ASSERT_TRUE(hypervisor_->Migrate(vm_.id, "host-1").ok());
  EXPECT_EQ(Observed().host, "host-1");
  ASSERT_TRUE(hypervisor_->Stop(vm_.id).ok());
  EXPECT_EQ(Observed().host, "host-1");
  EXPECT_EQ(Observed().shape, vm_.shape);
}

TEST_F(LibvirtHypervisorTest, TouchesOnlyItsOwn) {
  ASSERT_TRUE(hypervisor_->Define(vm_).ok());
  auto ids = hypervisor_->List();
  ASSERT_TRUE(ids.ok());
  EXPECT_EQ(*ids, std::vector<VmId>{7});
  ASSERT_TRUE(hypervisor_->Start(vm_.id).ok());
  ASSERT_TRUE(hypervisor_->RemoveAll().ok());
  EXPECT_TRUE(hypervisor_->List()->empty());
  auto connection = Connect("test:///default");
  ASSERT_TRUE(connection.ok());
  // The machine that the test driver comes with.
  EXPECT_EQ(virConnectNumOfDomains(connection->get()), 1);
}

TEST_F(LibvirtHypervisorTest, IsBroughtInStepWithARecord) {
  ASSERT_TRUE(hypervisor_->Define(vm_).ok());
  ASSERT_TRUE(hypervisor_->TakeSnapshot(vm_.id, "extra").ok());
  vm_.state = VmState::kPaused;
  vm_.shape = {1, 256, {10, 10}};
  vm_.host = "host-1";
  ASSERT_TRUE(BringInStep(*hypervisor_, vm_).ok());
  const Domain domain = Observed();
  EXPECT_EQ(domain.state, VmState::kPaused);
  EXPECT_EQ(domain.shape, vm_.shape);
  EXPECT_EQ(domain.host, "host-1");
  EXPECT_TRUE(domain.snapshots.empty());
}

TEST_F(LibvirtHypervisorTest, LostSnapshotsGoBackToWhatIsRecorded) {
  vm_.state = VmState::kRunning;
  vm_.snapshots = {{"cold", VmState::kStopped, {1, 256, {10}}},
                   {"warm", VmState::kPaused, {4, 2048, {10}}}};
  ASSERT_TRUE(BringInStep(*hypervisor_, vm_).ok());
  EXPECT_EQ(Observed().state, VmState::kRunning);
  EXPECT_EQ(Observed().shape, vm_.shape);
  for (const Snapshot& snapshot : vm_.snapshots) {
    ASSERT_TRUE(hypervisor_->Revert(vm_.id, snapshot).ok());
    EXPECT_EQ(Observed().state, snapshot.state) << snapshot.name;
    EXPECT_EQ(Observed().shape, snapshot.shape) << snapshot.name;
  }
}

TEST_F(LibvirtHypervisorTest, SaysWhatIsMissing) {
  EXPECT_TRUE(absl::IsNotFound(hypervisor_->Start(99)));
  vm_.host = "host-9";
  EXPECT_FALSE(hypervisor_->Define(vm_).ok());
  EXPECT_FALSE(LibvirtHypervisor::Open({}, "x").ok());
  EXPECT_FALSE(
      LibvirtHypervisor::Open({{"host-0", "test:///default"}}, "").ok());
}

// Another host of the test driver, made from a file of the test's own.
std::string OtherMachine(const std::string& name) {
  const std::string path = ::testing::TempDir() + "/" + name + ".xml";
  std::ofstream(path) << "<node><domain type='test'><name>guest</name>"
                         "<memory>65536</memory><os><type>hvm</type></os>"
                         "</domain></node>";
  return "test://" + path;
}

TEST_F(LibvirtHypervisorTest, MovesBetweenMachines) {
  auto opened = LibvirtHypervisor::Open(
      {{"host-0", "test:///default"}, {"host-1", OtherMachine("moved")}},
      "moved-");
  ASSERT_TRUE(opened.ok()) << opened.status();
  Hypervisor& hypervisor = **opened;
  ASSERT_TRUE(hypervisor.Define(vm_).ok());
  ASSERT_TRUE(hypervisor.Start(vm_.id).ok());
  ASSERT_TRUE(hypervisor.Migrate(vm_.id, "host-1").ok());
  const auto domain = hypervisor.Observe(vm_.id);
  ASSERT_TRUE(domain.ok()) << domain.status();
  EXPECT_EQ(domain->state, VmState::kRunning);
  EXPECT_EQ(domain->host, "host-1");
  EXPECT_TRUE((*opened)->RemoveAll().ok());
}

TEST_F(LibvirtHypervisorTest, LeavesAloneWhatIsOnTwoMachines) {
  auto one = LibvirtHypervisor::Open({{"host-0", "test:///default"}}, "twice-");
  auto both = LibvirtHypervisor::Open(
      {{"host-0", "test:///default"}, {"host-1", OtherMachine("twice")}},
      "twice-");
  ASSERT_TRUE(one.ok() && both.ok());
  VmRecord moved = vm_;
  moved.host = "host-1";
  ASSERT_TRUE((*both)->Define(moved).ok());
  ASSERT_TRUE((*both)->Start(vm_.id).ok());
  ASSERT_TRUE((*one)->Define(vm_).ok());
  EXPECT_TRUE(absl::IsFailedPrecondition((*both)->Stop(vm_.id)));
  EXPECT_FALSE(BringInStep(**both, vm_).ok());
  EXPECT_TRUE((*one)->RemoveAll().ok());
  EXPECT_TRUE((*both)->Stop(vm_.id).ok());
  EXPECT_TRUE((*both)->RemoveAll().ok());
}

TEST(DomainXmlTest, DescriptionsComeBack) {
  const DomainSpec spec{"host-1", {0, 0, {1, 20}}, {"lan", "dmz"}, "debian-12"};
  DomainSpec parsed;
  ASSERT_TRUE(ParseDescription(Describe(spec), &parsed));
  EXPECT_EQ(parsed.host, spec.host);
  EXPECT_EQ(parsed.shape, spec.shape);
  EXPECT_EQ(parsed.networks, spec.networks);
  EXPECT_EQ(parsed.image, spec.image);
}

TEST(DomainXmlTest, RefusesDescriptionsOfOthers) {
  DomainSpec parsed;
  for (const char* text : {"", "a machine", "host=a disks=x networks= image=i",
                           "host=a disks=1,1,1,1,1,1,1,1,1 networks= image=i",
                           "host=a disks=1 networks= image=i more"}) {
    EXPECT_FALSE(ParseDescription(text, &parsed)) << text;
  }
}

TEST(DomainXmlTest, EscapesTexts) {
  const std::string xml =
      DomainXml("test", "a<b", "", {"h", SmallShape(), {"'&"}, "i"});
  EXPECT_NE(xml.find("<name>a&lt;b</name>"), std::string::npos);
  EXPECT_NE(xml.find("'&apos;&amp;'"), std::string::npos);
}

}  // namespace
}  // namespace vm_manager
