// SPDX-License-Identifier: Apache-2.0
// Records by key, and a digest that is the sum of theirs.
#include "mocks/mock_state_store.h"

#include <variant>

#include "absl/status/status.h"
#include "framework/base/digest.h"

namespace formfuzz {
namespace {

// As many as a scenario has steps, so that it does not grow in steps.
constexpr size_t kFirstNonces = 16;

constexpr YieldSite kCommitting("state_store.commit");
constexpr YieldSite kLoading("state_store.load");

void Add(Digest& digest, const vm_manager::Resources& amounts) {
  digest.Add(amounts.vcpus).Add(amounts.memory_mb);
  digest.Add(amounts.disk_gb).Add(amounts.vms);
}

void Add(Digest& digest, const vm_manager::Shape& shape) {
  digest.Add(uint64_t{shape.vcpus} << 32 | shape.memory_mb);
  digest.Add(shape.disks_gb.size());
  for (const uint32_t gb : shape.disks_gb) digest.Add(gb);
}

// What nearly every VM has none of.
void AddRest(Digest& digest, const vm_manager::VmRecord& vm) {
  for (const std::string& network : vm.networks) digest.Add(network);
  for (const vm_manager::Grant& grant : vm.grants) {
    digest.Add(grant.account).Add(static_cast<uint64_t>(grant.level));
  }
  for (const vm_manager::Snapshot& snapshot : vm.snapshots) {
    digest.Add(snapshot.name).Add(static_cast<uint64_t>(snapshot.state));
    Add(digest, snapshot.shape);
  }
  if (!vm.offer) return;
  digest.Add(vm.offer->from).Add(vm.offer->to);
  digest.Add(static_cast<uint64_t>(vm.offer->expires_ms));
}

}  // namespace

uint64_t DigestOf(const vm_manager::AccountRecord& account) {
  Digest digest;
  digest.Add(account.id).Add(account.key);
  Add(digest, account.quota);
  return digest.Add(account.administrator).Add(account.revoked).value();
}

uint64_t DigestOf(const vm_manager::VmRecord& vm) {
  Digest digest;
  digest.Add(vm.id).Add(vm.name).Add(vm.owner);
  digest.Add(static_cast<uint64_t>(vm.state));
  Add(digest, vm.shape);
  digest.Add(vm.host).Add(vm.image).Add(vm.user_data);
  digest.Add(vm.networks.size() | vm.grants.size() << 16 |
             vm.snapshots.size() << 32 | uint64_t{vm.offer.has_value()} << 48);
  AddRest(digest, vm);
  return digest.value();
}

absl::Status MockStateStore::Load(vm_manager::StateImage* image) {
  YieldAt(kLoading);
  if (load_.Hit() != nullptr) {
    faults_shown_.Add();
    return absl::UnavailableError("out of reach");
  }
  image->accounts.clear();
  image->accounts.reserve(accounts_.size());
  for (const auto& account : accounts_) {
    image->accounts.push_back(account.record);
  }
  image->vms.clear();
  image->vms.reserve(vms_.size());
  for (const auto& [id, vm] : vms_) image->vms.push_back(vm.record);
  image->nonces = nonces_;
  image->progress = progress_;
  return absl::OkStatus();
}

absl::Status MockStateStore::Commit(
    std::span<const vm_manager::Change> changes) {
  YieldAt(kCommitting);
  if (commit_.Hit() != nullptr) [[unlikely]] {
    faults_shown_.Add();
    return absl::UnavailableError("out of reach");
  }
  if (accounts_.empty()) accounts_.reserve(changes.size());
  for (const vm_manager::Change& change : changes) {
    std::visit([this](const auto& one) { Apply(one); }, change);
  }
  return absl::OkStatus();
}

template <class Record>
void MockStateStore::Keep(Kept<Record>& kept, const Record& record) {
  kept.record = record;
  const uint64_t digest = DigestOf(record);
  digest_ += digest - kept.digest;
  kept.digest = digest;
}

void MockStateStore::Apply(const vm_manager::AccountRecord* account) {
  for (auto& kept : accounts_) {
    if (kept.record.id == account->id) return Keep(kept, *account);
  }
  Keep(accounts_.emplace_back(), *account);
}

void MockStateStore::Apply(const vm_manager::VmRecord* vm) {
  Keep(vms_.Add(vm->id), *vm);
}

void MockStateStore::Apply(const vm_manager::NonceRecord* nonce) {
  for (auto kept = nonces_.rbegin(); kept != nonces_.rend(); ++kept) {
    if (kept->nonce != nonce->nonce || kept->account != nonce->account) {
      continue;
    }
    kept->expires_ms = nonce->expires_ms;
    return;
  }
  if (nonces_.empty()) nonces_.reserve(kFirstNonces);
  nonces_.push_back(*nonce);
}

void MockStateStore::Apply(const vm_manager::EraseVm& erase) {
  const Kept<vm_manager::VmRecord>* kept = vms_.Find(erase.vm);
  if (kept == nullptr) return;
  digest_ -= kept->digest;
  vms_.Remove(erase.vm);
}

void MockStateStore::Apply(const vm_manager::ForgetNonces& forget) {
  std::erase_if(nonces_, [&forget](const vm_manager::NonceRecord& nonce) {
    return nonce.expires_ms <= forget.expired_ms;
  });
}

void MockStateStore::Apply(const vm_manager::Progress& progress) {
  progress_ = progress;
}

const vm_manager::VmRecord* MockStateStore::FindVm(VmId vm) const {
  const Kept<vm_manager::VmRecord>* kept = vms_.Find(vm);
  return kept == nullptr ? nullptr : &kept->record;
}

const vm_manager::AccountRecord* MockStateStore::FindAccount(
    std::string_view id) const {
  for (const auto& kept : accounts_) {
    if (kept.record.id == id) return &kept.record;
  }
  return nullptr;
}

}  // namespace formfuzz
