// SPDX-License-Identifier: Apache-2.0
// The VM manager among real ones: SQLite in a file, libvirt's test driver,
// Ed25519. They fail where the scenario's faults say so, like the mocks.
//
// The libvirt connection and a folder below the system's temporary one last
// as long as the process; each run starts with an empty database file and no
// domains.
#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "components/vm_manager/adapters/libvirt_hypervisor.h"
#include "components/vm_manager/adapters/sqlite_store.h"
#include "components/vm_manager/request/ed25519.h"
#include "framework/base/text.h"
#include "harnesses/vm_management/parts.h"
#include "harnesses/vm_management_real/failing_parts.h"
#include "harnesses/vm_management_real/owned_folder.h"
#include "mocks/mock_hypervisor.h"
#include "mocks/mock_state_store.h"

namespace formfuzz {
namespace {

// The path of a database that is not there yet.
std::string FreshDatabaseIn(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::remove(folder / Concat("state.db", suffix), ignored);
  }
  return (folder / "state.db").string();
}

// Reads the store again when something was committed since.
class WatchedStore final : public vm_manager::StateStore {
 public:
  explicit WatchedStore(const std::string& path) {
    auto opened = vm_manager::SqliteStore::Open(path);
    FORMFUZZ_CHECK(opened.ok(), Concat("the database cannot be opened: ",
                                       std::string(opened.status().message())));
    store_ = *std::move(opened);
  }
  absl::Status Load(vm_manager::StateImage* image) override {
    return store_->Load(image);
  }
  absl::Status Commit(std::span<const vm_manager::Change> changes) override {
    is_current_ = false;
    return store_->Commit(changes);
  }
  const vm_manager::StateImage& Image() {
    if (!is_current_) {
      FORMFUZZ_CHECK(store_->Load(&image_).ok(), "the store cannot be read");
      is_current_ = true;
    }
    return image_;
  }

 private:
  std::unique_ptr<vm_manager::SqliteStore> store_;
  vm_manager::StateImage image_;
  bool is_current_ = false;
};

vm_manager::LibvirtHypervisor& Hypervisor() {
  static vm_manager::LibvirtHypervisor* const hypervisor = [] {
    std::vector<vm_manager::LibvirtHost> hosts;
    for (const std::string_view host : MockHypervisor::kHosts) {
      hosts.push_back({std::string(host), "test:///default"});
    }
    auto opened = vm_manager::LibvirtHypervisor::Open(hosts, "formfuzz-");
    FORMFUZZ_CHECK(opened.ok(), Concat("libvirt's test driver is not there: ",
                                       std::string(opened.status().message())));
    return std::move(opened)->release();
  }();
  return *hypervisor;
}

const vm_manager::KeyPair& KeysOf(Actor actor) {
  static const auto keys = [] {
    std::array<vm_manager::KeyPair, kActors> made;
    for (size_t i = 0; i < kActors; ++i) {
      std::array<uint8_t, 32> seed{};
      seed[0] = static_cast<uint8_t>(i + 1);
      made[i] = vm_manager::KeyPairFromSeed(seed);
    }
    return made;
  }();
  return keys[static_cast<size_t>(actor)];
}

template <class Records, class Matches>
auto FindIf(const Records& records, Matches&& matches) {
  const auto found = std::find_if(records.begin(), records.end(), matches);
  return found == records.end() ? nullptr : &*found;
}

class RealParts final : public Parts {
 public:
  RealParts(Run& run, const Furniture& furniture)
      : store_(FreshDatabaseIn(Folder())),
        failing_store_(run.faults(), store_),
        failing_hypervisor_(run.faults(), Hypervisor()) {
    FORMFUZZ_CHECK(Hypervisor().RemoveAll().ok(),
                   "the domains of the run before cannot be removed");
    Furnish(*this, furniture, store_, Hypervisor());
  }

  vm_manager::PublicKey PublicKeyOf(Actor actor) const override {
    return KeysOf(actor).public_key;
  }
  vm_manager::Signature Sign(Actor actor,
                             std::span<const uint8_t> message) const override {
    return vm_manager::Sign(KeysOf(actor), message);
  }
  const vm_manager::SignatureVerifier& verifier() const override {
    return verifier_;
  }
  vm_manager::Hypervisor& hypervisor() override { return failing_hypervisor_; }
  vm_manager::StateStore& store() override { return failing_store_; }

  const vm_manager::VmRecord* StoredVm(vm_manager::VmId vm) override {
    return FindIf(store_.Image().vms,
                  [vm](const auto& record) { return record.id == vm; });
  }
  const vm_manager::AccountRecord* StoredAccount(Actor actor) override {
    return FindIf(store_.Image().accounts, [actor](const auto& record) {
      return record.id == IdOf(actor);
    });
  }
  size_t StoredVmCount() override { return store_.Image().vms.size(); }
  std::span<const vm_manager::NonceRecord> StoredNonces() override {
    return store_.Image().nonces;
  }
  const vm_manager::Progress& StoredProgress() override {
    return store_.Image().progress;
  }
  const vm_manager::Domain* DomainOf(vm_manager::VmId vm) override {
    auto domain = Hypervisor().Observe(vm);
    if (!domain.ok()) return nullptr;
    domain_ = *std::move(domain);
    return &domain_;
  }
  bool DomainHolds(vm_manager::VmId,
                   const vm_manager::Snapshot& snapshot) override {
    return std::ranges::find(domain_.snapshots, snapshot.name) !=
           domain_.snapshots.end();
  }
  size_t DomainCount() override {
    const auto ids = Hypervisor().List();
    return ids.ok() ? ids->size() : 0;
  }
  uint64_t StoreDigest() override {
    uint64_t digest = 0;
    for (const auto& account : store_.Image().accounts) {
      digest += DigestOf(account);
    }
    for (const auto& vm : store_.Image().vms) digest += DigestOf(vm);
    return digest;
  }
  Failures failures() const override {
    return {failing_hypervisor_.faults_shown().mine(),
            failing_store_.faults_shown().mine()};
  }
  size_t refusals() const override {
    return failing_hypervisor_.refusals().mine();
  }
  bool HypervisorHasFailed() const override {
    return failing_hypervisor_.faults_shown().total() > 0;
  }

 private:
  static const std::filesystem::path& Folder() {
    static const OwnedFolder folder(std::filesystem::temp_directory_path(),
                                    "vm_management");
    return folder.path();
  }

  vm_manager::Ed25519Verifier verifier_;
  WatchedStore store_;
  FailingStore failing_store_;
  FailingHypervisor failing_hypervisor_;
  vm_manager::Domain domain_;
};

}  // namespace

std::unique_ptr<Parts> MakeParts(Run& run, const Furniture& furniture) {
  return std::make_unique<RealParts>(run, furniture);
}

}  // namespace formfuzz
