// SPDX-License-Identifier: Apache-2.0
// How long it takes until a VM manager with 1,000 VMs, among mocks, is back in
// its first state, and how long eight messages to it take after that: restored
// memory is faulted in when it is touched.
#include <benchmark/benchmark.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "components/vm_manager/vm_manager.h"
#include "framework/restore/region.h"
#include "generators/sealing.h"
#include "mocks/mock_hypervisor.h"
#include "mocks/mock_signature_verifier.h"
#include "mocks/mock_state_store.h"

namespace formfuzz::bench {
namespace {

constexpr vm_manager::VmId kVms = 1000;
constexpr uint64_t kStride = 37;  // the VMs of a run are not neighbours
constexpr size_t kMessages = 8;   // of one run
constexpr int64_t kNowMs = 1'700'000'000'000;

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

class StoppedClock final : public vm_manager::Clock {
 public:
  int64_t NowMs() override { return kNowMs; }
};

// What stands before the first scenario; made once.
struct Furnished {
  Furnished() {
    vm_manager::AccountRecord root;
    root.id = IdOf(Actor::kRoot);
    root.key = MockKeys().PublicKeyOf(Actor::kRoot);
    root.administrator = true;
    root.quota = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    vm_manager::Progress progress;
    progress.next_vm = kVms + 1;
    std::vector<vm_manager::Change> changes = {&root, progress};
    std::vector<vm_manager::VmRecord> vms(kVms);
    for (vm_manager::VmId id = 1; id <= kVms; ++id) {
      vm_manager::VmRecord& vm = vms[id - 1];
      vm.id = id;
      vm.name = "machine-" + std::to_string(id);
      vm.owner = root.id;
      vm.shape = {1, 512, {10}};
      vm.host = MockHypervisor::kHosts[0];
      vm.image = "debian-12";
      changes.emplace_back(&vm);
      FORMFUZZ_CHECK(hypervisor.Define(vm).ok(), "the bench is not furnished");
    }
    FORMFUZZ_CHECK(store.Commit(changes).ok(), "the bench is not furnished");
  }
  MockStateStore store;
  MockHypervisor hypervisor;
};

const Furnished& TheFurnished() {
  static const auto* const furnished = new Furnished();
  return *furnished;
}

// What a harness makes for each scenario.
class World {
 public:
  explicit World(FaultPlan& faults)
      : store_(faults, TheFurnished().store),
        hypervisor_(faults, TheFurnished().hypervisor) {
    auto opened = vm_manager::VmManager::Open(
        {}, {&clock_, &verifier_, &hypervisor_, &store_});
    FORMFUZZ_CHECK(opened.ok(), opened.status().ToString());
    manager_ = *std::move(opened);
  }

  bool Start(const Sealed& message) {
    return manager_->Submit(message.bytes, message.signature).ok();
  }

 private:
  StoppedClock clock_;
  MockSignatureVerifier verifier_;
  MockStateStore store_;
  MockHypervisor hypervisor_;
  std::unique_ptr<vm_manager::VmManager> manager_;
};

class RestoreBench : public benchmark::Fixture {
 public:
  RestoreBench() {
    TheFurnished();  // which must not come to be inside a region
    faults_.SetPoints({std::string(MockStateStore::kCommit),
                       std::string(MockStateStore::kLoad),
                       std::string(MockHypervisor::kDefine),
                       std::string(MockHypervisor::kPower),
                       std::string(MockHypervisor::kSnapshot),
                       std::string(MockHypervisor::kChange),
                       std::string(MockHypervisor::kUndefine),
                       std::string(MockHypervisor::kLook)});
    Sealer sealer(keys_);
    for (size_t i = 0; i < kMessages; ++i) {
      const vm_manager::VmId vm = 1 + i * kStride;
      messages_.push_back(sealer.Seal({Actor::kRoot, Tamper::kNone},
                                      vm_manager::StartVm{vm}, kNowMs));
    }
  }

 protected:
  // False if a VM runs already: it was not brought back.
  bool StartAll(World& world) {
    bool started = true;
    for (const Sealed& message : messages_) started &= world.Start(message);
    return started;
  }

  void PlayRestored(benchmark::State& state, Region::Method method) {
    Region region(method);
    World* world = nullptr;
    {
      const RegionScope inside(&region);
      world = new World(faults_);
    }
    region.Save();
    for (auto _ : state) {
      const RegionScope inside(&region);
      if (!StartAll(*world)) state.SkipWithError("not as it was");
      region.Restore();
    }
    state.counters["bytes"] = static_cast<double>(region.used());
  }

  MockKeys keys_;
  FaultPlan faults_;
  std::vector<Sealed> messages_;
};

BENCHMARK_F(RestoreBench, Rebuild)(benchmark::State& state) {
  for (auto _ : state) {
    World world(faults_);
    if (!StartAll(world)) state.SkipWithError("not as it was");
  }
}
// Made in the child, which is thrown away; by the clock on the wall, because
// the child's processor time is not the parent's.
BENCHMARK_DEFINE_F(RestoreBench, Fork)(benchmark::State& state) {
  for (auto _ : state) {
    const pid_t child = fork();
    FORMFUZZ_CHECK(child >= 0, "the bench cannot fork");
    if (child == 0) {
      World world(faults_);
      _exit(StartAll(world) ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (status != 0) state.SkipWithError("not as it was");
  }
}
BENCHMARK_REGISTER_F(RestoreBench, Fork)->UseRealTime();

BENCHMARK_F(RestoreBench, SnapshotByCopying)(benchmark::State& state) {
  PlayRestored(state, Region::Method::kCopy);
}
BENCHMARK_F(RestoreBench, SnapshotByRemapping)(benchmark::State& state) {
  PlayRestored(state, Region::Method::kRemap);
}

}  // namespace
}  // namespace formfuzz::bench
