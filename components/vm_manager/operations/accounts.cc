// SPDX-License-Identifier: Apache-2.0
// What administrators do: accounts, their revocation, their quotas. The last
// administrator cannot be revoked, or nobody could administer any more.
#include <utility>

#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Apply(Call& call, const AddAccount& add) {
  if (!call.signer->record.administrator) return Code::kPermissionDenied;
  AccountRecord record;
  record.id = add.account;
  record.key = add.key;
  record.quota = add.quota;
  record.administrator = add.administrator;
  const AccountState* added = accounts_.Add(std::move(record));
  if (added == nullptr) return Code::kAlreadyExists;
  if (Commit(call, {&added->record})) return Code::kOk;
  accounts_.RemoveLatest();
  return Code::kStoreFailed;
}

Code VmManager::Apply(Call& call, const RevokeAccount& revoke) {
  if (!call.signer->record.administrator) return Code::kPermissionDenied;
  AccountState* account = nullptr;
  const Code code = Target(revoke.account, &account);
  if (code != Code::kOk) return code;
  if (account->record.administrator && accounts_.ActiveAdministrators() == 1) {
    return Code::kWrongState;
  }
  account->record.revoked = true;
  if (Commit(call, {&account->record})) return Code::kOk;
  account->record.revoked = false;
  return Code::kStoreFailed;
}

Code VmManager::Apply(Call& call, const SetQuota& set) {
  if (!call.signer->record.administrator) return Code::kPermissionDenied;
  AccountState* account = nullptr;
  const Code code = Target(set.account, &account);
  if (code != Code::kOk) return code;
  const Resources before = std::exchange(account->record.quota, set.quota);
  if (Commit(call, {&account->record})) return Code::kOk;
  account->record.quota = before;
  return Code::kStoreFailed;
}

}  // namespace vm_manager
