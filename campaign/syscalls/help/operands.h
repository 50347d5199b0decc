// SPDX-License-Identifier: Apache-2.0
// What a command takes besides its flags, as a usage line has it.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_OPERANDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_OPERANDS_H_

#include <string_view>
#include <vector>

#include "campaign/syscalls/help/value_kind.h"

namespace formfuzz::campaign {

inline constexpr size_t kOperandKindsMax = 4;

// "Usage: cp [OPTION]... SOURCE DEST", "usage: x [-o file] [original [diff]]".
std::vector<ValueKind> OperandsIn(std::string_view line);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_OPERANDS_H_
