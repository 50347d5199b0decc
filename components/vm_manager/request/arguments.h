// SPDX-License-Identifier: Apache-2.0
// Whether arguments are within limits.h and their alphabets, without looking at
// any state. Names consist of A-Z a-z 0-9 . _ - and images of these and / : as
// they become names of files and domains; user data is any bytes.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_ARGUMENTS_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_ARGUMENTS_H_

#include <string_view>

#include "components/vm_manager/records.h"
#include "components/vm_manager/request/request.h"

namespace vm_manager {

// 1 to kAccountIdMax bytes of the alphabet of names.
bool IsValidAccountId(std::string_view id);
bool IsValidShape(const Shape& shape);
// Whether `to` keeps every disk of `from` at no less than its size.
bool KeepsDisks(const Shape& from, const Shape& to);

// All arguments of the operation. A VM id may be any number.
bool AreValidArguments(const Operation& operation);

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_REQUEST_ARGUMENTS_H_
