// SPDX-License-Identifier: Apache-2.0
// Who may do what with a VM: levels, and sets of grants given out together.
#ifndef FORMFUZZ_GENERATORS_PERMISSIONS_H_
#define FORMFUZZ_GENERATORS_PERMISSIONS_H_

#include <span>
#include <string_view>

#include "components/vm_manager/request/request.h"
#include "framework/domain/choices.h"
#include "framework/domain/containers.h"
#include "framework/domain/structs.h"
#include "generators/identity.h"

namespace formfuzz {

inline constexpr size_t kPermissionsMax = 4;  // in one set

struct Permission {
  std::string_view account;
  vm_manager::Level level;
};

// In the order in which they are given; an account may stand in it twice.
using PermissionSet = std::span<const Permission>;

// Every level, those that cannot be granted too.
ElementDomain<vm_manager::Level> GrantedLevels();

inline auto PermissionSets() {
  return SpanOf(StructOf<Permission>(AccountIds(), GrantedLevels()))
      .WithMinSize(1)
      .WithMaxSize(kPermissionsMax);
}

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_PERMISSIONS_H_
