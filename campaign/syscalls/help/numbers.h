// SPDX-License-Identifier: Apache-2.0
// What a description says of numbers: "a multiple of 48", "from 1024 to 4096".
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_NUMBERS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_NUMBERS_H_

#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

// The numbers that stand alone in the line, and of each the next, which may be
// one too many.
std::vector<std::string> NumbersIn(std::string_view line);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_NUMBERS_H_
