// SPDX-License-Identifier: Apache-2.0
// How a program that is told what to do line by line tells its own commands
// from the language that it speaks otherwise: ".help", "\\help", ":help".
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_COMMAND_PREFIXES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_COMMAND_PREFIXES_H_

#include <string>
#include <string_view>

namespace formfuzz::campaign {

// The characters that stand before "help" in the program's file, each once.
std::string CommandPrefixesIn(std::string_view program);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_COMMAND_PREFIXES_H_
