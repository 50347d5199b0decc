// SPDX-License-Identifier: Apache-2.0
// Small records, a commit a step, and the digest of all that is stored.
#include "harnesses/vm_store/subject.h"

#include <array>
#include <utility>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

using vm_manager::AccountRecord;
using vm_manager::Change;
using vm_manager::NonceRecord;
using vm_manager::StateImage;
using vm_manager::VmRecord;

std::string AccountNamed(uint8_t which) {
  return Concat("account-", static_cast<int>(which));
}

VmRecord SomeVm(uint8_t id, uint8_t owner) {
  VmRecord vm;
  vm.id = id;
  vm.name = Concat("vm-", static_cast<int>(id));
  vm.owner = AccountNamed(owner);
  vm.shape = {1, 512, {10}};
  vm.host = "host-0";
  vm.image = "debian-12";
  return vm;
}

void AddParts(const VmParts& parts, VmRecord& vm) {
  vm.user_data = std::string("\0any bytes\xff", 11);
  for (int i = 0; i < parts.networks; ++i) {
    vm.networks.push_back(Concat("net-", i));
  }
  for (int i = 0; i < parts.grants; ++i) {
    const auto level = static_cast<vm_manager::Level>(1 + i % 3);
    vm.grants.push_back({AccountNamed(static_cast<uint8_t>(i + 1)), level});
  }
  for (int i = 0; i < parts.snapshots; ++i) {
    const auto state = static_cast<vm_manager::VmState>(i % 3);
    const auto vcpus = static_cast<uint32_t>(1 + i);
    vm.snapshots.push_back({Concat("at-", i), state, {vcpus, 512, {10, 20}}});
  }
  if (parts.offered) vm.offer = {vm.owner, AccountNamed(1), 1000};
}

uint64_t DigestOf(const NonceRecord& nonce) {
  return Digest()
      .Add(nonce.account)
      .Add(nonce.nonce)
      .Add(static_cast<uint64_t>(nonce.expires_ms))
      .value();
}

// In no order, as stores keep none.
uint64_t DigestOf(const StateImage& image) {
  uint64_t sum = 0;
  for (const auto& account : image.accounts) sum += formfuzz::DigestOf(account);
  for (const auto& vm : image.vms) sum += formfuzz::DigestOf(vm);
  for (const auto& nonce : image.nonces) sum += DigestOf(nonce);
  const auto floor_ms = static_cast<uint64_t>(image.progress.time_floor_ms);
  return sum + Digest().Add(image.progress.next_vm).Add(floor_ms).value();
}

absl::StatusOr<uint64_t> DigestOf(vm_manager::StateStore& store) {
  StateImage image;
  const absl::Status loaded = store.Load(&image);
  if (!loaded.ok()) return loaded;
  return DigestOf(image);
}

absl::StatusOr<uint64_t> OpenAgain(DiskImage image) {
  RecordedDisk disk(std::move(image));
  RecordedVfs vfs(disk);
  auto store = vfs.Open();
  if (!store.ok()) return store.status();
  return DigestOf(**store);
}

}  // namespace

VmStore::VmStore(bool disk_lies) : vfs_(disk_, disk_lies) {
  FORMFUZZ_CHECK(Reopen().ok(), "the store cannot be opened on an empty disk");
  disk_.Promise(*DigestOf(expected_));
}

Outcome VmStore::Reopen() {
  store_ = nullptr;
  auto opened = vfs_.Open();
  if (!opened.ok()) return ToOutcome(opened.status());
  store_ = *std::move(opened);
  return Outcome::Ok();
}

Outcome VmStore::Commit(std::span<const Change> changes) {
  if (store_ == nullptr) return Outcome::Refused("closed");
  const absl::Status done = store_->Commit(changes);
  if (done.ok()) expected_.Commit(changes).IgnoreError();
  disk_.Promise(*DigestOf(expected_));
  return ToOutcome(done);
}

Outcome VmStore::PutAccount(uint8_t which, uint64_t quota, bool revoked) {
  AccountRecord account;
  account.id = AccountNamed(which);
  account.key.fill(which);
  account.quota = {quota, quota, quota, quota};
  account.revoked = revoked;
  return Commit(std::array<Change, 1>{&account});
}

// Its owner comes along: the database refuses VMs of nobody.
Outcome VmStore::PutVm(uint8_t id, uint8_t owner, uint32_t memory_mb) {
  VmRecord vm = SomeVm(id, owner);
  vm.shape.memory_mb = memory_mb;
  AccountRecord account;
  account.id = vm.owner;
  return Commit(std::array<Change, 2>{&account, &vm});
}

// Everybody comes along, because anybody may be a party.
Outcome VmStore::PutFullVm(uint8_t id, uint8_t owner, const VmParts& parts) {
  VmRecord vm = SomeVm(id, owner);
  AddParts(parts, vm);
  std::array<AccountRecord, kAccounts> accounts;
  std::array<Change, kAccounts + 1> changes;
  for (size_t i = 0; i < kAccounts; ++i) {
    accounts[i].id = AccountNamed(static_cast<uint8_t>(i + 1));
    changes[i] = &accounts[i];
  }
  changes.back() = &vm;
  return Commit(changes);
}

Outcome VmStore::PutProgress(uint64_t next_vm, int64_t time_floor_ms) {
  return Commit(
      std::array<Change, 1>{vm_manager::Progress{next_vm, time_floor_ms}});
}

Outcome VmStore::EraseVm(uint8_t id) {
  return Commit(std::array<Change, 1>{vm_manager::EraseVm{id}});
}

Outcome VmStore::PutNonce(uint8_t account, uint64_t nonce, int64_t expires_ms) {
  AccountRecord owner;
  owner.id = AccountNamed(account);
  const NonceRecord record{owner.id, nonce, expires_ms};
  return Commit(std::array<Change, 2>{&owner, &record});
}

Outcome VmStore::ForgetNonces(int64_t expired_ms) {
  return Commit(std::array<Change, 1>{vm_manager::ForgetNonces{expired_ms}});
}

Outcome VmStore::Exchange(uint8_t first, uint8_t second, uint8_t erased) {
  const VmRecord one = SomeVm(first, 1);
  const VmRecord other = SomeVm(second, 2);
  std::array<AccountRecord, 2> owners;
  owners[0].id = one.owner;
  owners[1].id = other.owner;
  return Commit(std::array<Change, 5>{&owners[0], &owners[1], &one, &other,
                                      vm_manager::EraseVm{erased}});
}

std::string VmStore::JudgeCrashes(size_t images_max) const {
  CrashPoints points(images_max, disk_.events().size());
  return points.Judge(disk_, OpenAgain);
}

std::string VmStore::HoldsWhatTheMockHolds() const {
  if (store_ == nullptr) return "the store cannot be opened any more";
  auto held = DigestOf(*store_);
  if (!held.ok()) return std::string(held.status().message());
  MockStateStore& expected = const_cast<VmStore*>(this)->expected_;
  return *held == *DigestOf(expected) ? std::string()
                                      : "the stores hold different records";
}

}  // namespace formfuzz
