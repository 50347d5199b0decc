// SPDX-License-Identifier: Apache-2.0
// All accounts, by id. Accounts are never removed, only revoked, so a pointer
// to one stays good as long as the table.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_ACCOUNT_TABLE_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_ACCOUNT_TABLE_H_

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "components/vm_manager/records.h"
#include "components/vm_manager/state/replay_window.h"

namespace vm_manager {

struct AccountState {
  AccountRecord record;  // id and key never change
  Resources usage;       // the sum over the VMs owned
  ReplayWindow nonces;
};

class AccountTable {
 public:
  // Room for `count` accounts without rehashing.
  void Reserve(size_t count);

  // Null when there is no account of exactly that id.
  AccountState* Find(std::string_view id);
  const AccountState* Find(std::string_view id) const;

  // Null, and nothing added, when the id is taken.
  AccountState* Add(AccountRecord record);
  // Takes back an Add: the account must be the latest one added.
  void RemoveLatest();

  // Administrators that are not revoked.
  size_t ActiveAdministrators() const;

  size_t size() const { return in_order_.size(); }
  // By time of addition.
  const std::vector<std::unique_ptr<AccountState>>& accounts() const {
    return in_order_;
  }

 private:
  // The keys view into the records.
  absl::flat_hash_map<absl::string_view, AccountState*> by_id_;
  std::vector<std::unique_ptr<AccountState>> in_order_;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_ACCOUNT_TABLE_H_
