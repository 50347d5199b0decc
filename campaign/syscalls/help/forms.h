// SPDX-License-Identifier: Apache-2.0
// Operands that begin with a word of their own, as help texts show them:
// "exec:<command>", "tcp:<host>:<port>", "name=<value>".
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_FORMS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_FORMS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/syscalls/help/value_kind.h"

namespace formfuzz::campaign {

inline constexpr size_t kOperandFormsMax = 128;

struct OperandForm {
  std::string prefix;            // with what it ends with: "exec:"
  std::vector<ValueKind> parts;  // that follow, with colons between them
};

// Each prefix once, whatever its case; flags are none.
std::vector<OperandForm> OperandFormsIn(std::string_view text);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_FORMS_H_
