// SPDX-License-Identifier: Apache-2.0
// What kafel calls system calls where it differs: by the functions of the
// kernel that serve them, which on 32-bit x86 are often those of a newer call.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_KAFEL_NAMES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_KAFEL_NAMES_H_

#include <optional>
#include <string>
#include <string_view>

#include "campaign/syscalls/names/arch.h"

namespace formfuzz::campaign {

// Nothing where kafel has no name that is sure to mean this call: it is to be
// named by its number.
std::optional<std::string> KafelNameOfCall(Arch arch, int number);

// Nothing where it is none.
std::optional<int> NumberOfKafelName(Arch arch, std::string_view name);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_NAMES_KAFEL_NAMES_H_
