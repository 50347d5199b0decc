// SPDX-License-Identifier: Apache-2.0
// What a program compares with in its instructions, not in its data: four or
// eight bytes at once, such as the magic number of a file format.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_CONSTANTS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_CONSTANTS_H_

#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kConstantsMax = 128;

// Those that are printable, of x86-64 machine code: `cmp` and `xor` with an
// immediate operand, `movabs`. Each once, in the order of the file.
std::vector<std::string> ComparedConstants(std::string_view program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_CONSTANTS_H_
