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
inline constexpr size_t kNumbersMax = 64;

// Those that are printable, of x86-64 machine code: `cmp` and `xor` with an
// immediate operand, `movabs`. Each once, in the order of the file.
std::vector<std::string> ComparedConstants(std::string_view program);

// Numbers that its instructions compare with, in decimal: sizes, limits, ports.
// Each once; neither the smallest, which are everywhere, nor as large as
// addresses.
std::vector<std::string> ComparedNumbers(std::string_view program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_CONSTANTS_H_
