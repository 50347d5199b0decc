// SPDX-License-Identifier: Apache-2.0
// From a store to a manager: what is loaded is not trusted to be consistent,
// because everything later relies on it.
#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "components/vm_manager/state/quota.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

namespace {

absl::Status NoAdministrator() {
  return absl::FailedPreconditionError(
      "no administrator: the first accounts must include one");
}

}  // namespace

VmManager::VmManager(const Config& config, const Collaborators& collaborators)
    : home_host_(config.home_host),
      live_nonces_max_(config.live_nonces_max),
      grants_max_(config.grants_max),
      with_(collaborators) {}

absl::StatusOr<std::unique_ptr<VmManager>> VmManager::Open(
    const Config& config, const Collaborators& collaborators) {
  std::unique_ptr<VmManager> manager(new VmManager(config, collaborators));
  StateImage image;
  absl::Status status = collaborators.store->Load(&image);
  if (status.ok() && image.accounts.empty()) {
    status = manager->Bootstrap(config.first_accounts, &image);
  }
  if (status.ok()) status = manager->Restore(std::move(image));
  if (!status.ok()) return status;
  return manager;
}

absl::Status VmManager::Bootstrap(std::span<const AccountRecord> accounts,
                                  StateImage* image) {
  // Before anything is written: a store with accounts is not set up again.
  const bool has_administrator = std::any_of(
      accounts.begin(), accounts.end(), [](const AccountRecord& account) {
        return account.administrator && !account.revoked;
      });
  if (!has_administrator) return NoAdministrator();
  std::vector<Change> changes;
  changes.reserve(accounts.size());
  for (const AccountRecord& account : accounts) changes.push_back(&account);
  absl::Status status = with_.store->Commit(changes);
  if (status.ok()) image->accounts.assign(accounts.begin(), accounts.end());
  return status;
}

absl::Status VmManager::Restore(StateImage image) {
  progress_ = image.progress;
  stored_floor_ms_ = progress_.time_floor_ms;
  accounts_.Reserve(image.accounts.size());
  for (AccountRecord& account : image.accounts) {
    if (accounts_.Add(std::move(account)) == nullptr) {
      return absl::DataLossError("two accounts of one id in the store");
    }
  }
  if (accounts_.ActiveAdministrators() == 0) return NoAdministrator();
  for (const NonceRecord& nonce : image.nonces) {
    absl::Status status = RestoreNonce(nonce);
    if (!status.ok()) return status;
  }
  vms_.Reserve(image.vms.size());
  for (VmRecord& vm : image.vms) {
    absl::Status status = RestoreVm(std::move(vm));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status VmManager::RestoreNonce(const NonceRecord& nonce) {
  AccountState* account = accounts_.Find(nonce.account);
  if (account == nullptr || account->nonces.Contains(nonce.nonce)) {
    return absl::DataLossError(
        absl::StrCat("nonce ", nonce.nonce, " of account '", nonce.account,
                     "' has no account or is stored twice"));
  }
  account->nonces.Insert(nonce.nonce, nonce.expires_ms);
  return absl::OkStatus();
}

absl::Status VmManager::RestoreVm(VmRecord&& stored) {
  AccountState* owner = accounts_.Find(stored.owner);
  const bool has_id = stored.id != 0 && stored.id < progress_.next_vm;
  const bool has_parties =
      owner != nullptr &&
      (!stored.offer || (accounts_.Find(stored.offer->from) != nullptr &&
                         accounts_.Find(stored.offer->to) != nullptr));
  const VmId id = stored.id;
  const VmRecord* added = nullptr;
  if (has_id && has_parties) {
    added = vms_.Add(std::make_unique<VmRecord>(std::move(stored)));
  }
  if (added == nullptr) {
    return absl::DataLossError(
        absl::StrCat("VM ", id, " in the store contradicts another record"));
  }
  const VmRecord& vm = *added;
  Charge(&owner->usage, CostOf(vm.shape));
  if (vm.offer) offers_.Add(vm.id, vm.offer->expires_ms);
  return absl::OkStatus();
}

}  // namespace vm_manager
