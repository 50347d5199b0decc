// SPDX-License-Identifier: Apache-2.0
// The table of levels, and how an account comes by its level.
#include "components/vm_manager/state/permission.h"

#include <algorithm>
#include <array>
#include <variant>

#include "components/vm_manager/request/request.h"

namespace vm_manager {
namespace {

// In wire order.
constexpr std::array<Level, std::variant_size_v<Operation>> kNeeded = {
    Level::kNone,      // create
    Level::kOperator,  // start
    Level::kOperator,  // stop
    Level::kOperator,  // pause
    Level::kOperator,  // resume
    Level::kOperator,  // reboot
    Level::kManager,   // snapshot
    Level::kManager,   // revert
    Level::kManager,   // resize
    Level::kManager,   // migrate
    Level::kOwner,     // delete
    Level::kOperator,  // grant
    Level::kReadOnly,  // revoke_grant: one's own; more for another's
    Level::kOwner,     // offer
    Level::kNone,      // accept
    Level::kOwner,     // cancel
    Level::kNone,      // add_account
    Level::kNone,      // revoke_account
    Level::kNone,      // set_quota
    Level::kReadOnly,  // get
    Level::kNone,      // list
};

}  // namespace

Level LevelNeeded(size_t operation) { return kNeeded[operation]; }

Level LevelOf(const AccountRecord& account, const VmRecord& vm) {
  if (account.administrator || vm.owner == account.id) return Level::kOwner;
  const Grant* grant = FindGrant(vm, account.id);
  return grant == nullptr ? Level::kNone : grant->level;
}

bool MayGrant(Level own, Level granted) {
  return granted >= Level::kReadOnly && granted <= Level::kManager &&
         granted <= own;
}

const Grant* FindGrant(const VmRecord& vm, std::string_view account) {
  const auto found = std::find_if(
      vm.grants.begin(), vm.grants.end(),
      [account](const Grant& grant) { return grant.account == account; });
  return found == vm.grants.end() ? nullptr : &*found;
}

}  // namespace vm_manager
