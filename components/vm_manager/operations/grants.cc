// SPDX-License-Identifier: Apache-2.0
// Sharing a VM. Nobody gives, changes or takes away a level above its own, but
// anybody may drop its own grant.
#include <utility>

#include "components/vm_manager/state/permission.h"
#include "components/vm_manager/vm_manager.h"

namespace vm_manager {

Code VmManager::Apply(Call& call, const GrantLevel& grant) {
  VmRecord* vm = nullptr;
  Code code = Reach(call, grant.vm, &vm);
  if (code != Code::kOk) return code;
  const Level own = LevelOf(call.signer->record, *vm);
  const Grant* held = FindGrant(*vm, grant.account);
  if (!MayGrant(own, grant.level) || (held != nullptr && held->level > own)) {
    return Code::kPermissionDenied;
  }
  AccountState* account = nullptr;
  code = Target(grant.account, &account);
  if (code != Code::kOk) return code;
  if (grant.account == vm->owner) return Code::kWrongState;
  if (held == nullptr && vm->grants.size() >= grants_max_) {
    return Code::kTooMany;
  }
  return ChangeGrant(call, vm, grant);
}

Code VmManager::ChangeGrant(Call& call, VmRecord* vm, const GrantLevel& grant) {
  const Grant* held = FindGrant(*vm, grant.account);
  const bool is_new = held == nullptr;
  const size_t index = is_new ? vm->grants.size()
                              : static_cast<size_t>(held - vm->grants.data());
  if (is_new) vm->grants.push_back({std::string(grant.account), Level::kNone});
  const Level before = std::exchange(vm->grants[index].level, grant.level);
  if (Commit(call, {vm})) return Code::kOk;
  vm->grants[index].level = before;
  if (is_new) vm->grants.pop_back();
  return Code::kStoreFailed;
}

Code VmManager::Apply(Call& call, const RevokeGrant& revoke) {
  VmRecord* vm = nullptr;
  const Code code = Reach(call, revoke.vm, &vm);
  if (code != Code::kOk) return code;
  const Level own = LevelOf(call.signer->record, *vm);
  const bool is_own = revoke.account == call.signer->record.id;
  if (!is_own && own < Level::kOperator) return Code::kPermissionDenied;
  const Grant* held = FindGrant(*vm, revoke.account);
  if (held == nullptr) return Code::kNoGrant;
  if (!is_own && held->level > own) return Code::kPermissionDenied;
  const auto at = vm->grants.begin() + (held - vm->grants.data());
  Grant taken = std::move(*at);
  const auto next = vm->grants.erase(at);
  if (Commit(call, {vm})) return Code::kOk;
  vm->grants.insert(next, std::move(taken));
  return Code::kStoreFailed;
}

}  // namespace vm_manager
