// SPDX-License-Identifier: Apache-2.0
// Who may do what. The one place where levels are decided:
//   get                                   read-only
//   start stop pause resume reboot        operator
//   snapshot revert resize migrate        manager
//   grant                                 operator, within its own level
//   revoke_grant                          operator, within its own level; one's
//                                         own grant: read-only
//   delete offer cancel                   owner
//   accept                                the account offered to
//   create list                           any account
//   add_account revoke_account set_quota  administrator
// An administrator has the owner's level on every VM, but accepts only what is
// offered to it.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_PERMISSION_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_PERMISSION_H_

#include <cstddef>
#include <string_view>

#include "components/vm_manager/records.h"

namespace vm_manager {

// The level that an operation on a VM asks for, by the operation's wire number;
// kNone where the table above does not speak of a level.
Level LevelNeeded(size_t operation);

// The level that the account has on the VM, revoked or not.
Level LevelOf(const AccountRecord& account, const VmRecord& vm);

// Whether a holder of `own` may hand out `granted`: read-only to manager, and
// never more than it has. Ownership is not granted, it is transferred.
bool MayGrant(Level own, Level granted);

// The grant of that account, or null.
const Grant* FindGrant(const VmRecord& vm, std::string_view account);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_PERMISSION_H_
