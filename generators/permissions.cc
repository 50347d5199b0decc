// SPDX-License-Identifier: Apache-2.0
// The levels. Those that can be granted stand twice, and so come more often.
#include "generators/permissions.h"

namespace formfuzz {

ElementDomain<vm_manager::Level> GrantedLevels() {
  return OptionOf<vm_manager::Level>(
      {{"operator", vm_manager::Level::kOperator},
       {"read_only", vm_manager::Level::kReadOnly},
       {"manager", vm_manager::Level::kManager},
       {"owner", vm_manager::Level::kOwner},
       {"none", vm_manager::Level::kNone},
       {"operator", vm_manager::Level::kOperator},
       {"read_only", vm_manager::Level::kReadOnly},
       {"manager", vm_manager::Level::kManager}});
}

}  // namespace formfuzz
