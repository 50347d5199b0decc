// SPDX-License-Identifier: Apache-2.0
// Values for flags and operands, variables and conditions: a few that are
// likely to matter of each kind, and words of the program's own.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_VALUES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_VALUES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "campaign/process/program_input.h"
#include "campaign/syscalls/help/flags.h"

namespace formfuzz::campaign {

// Of the loopback, where somebody answers; some values name it.
inline constexpr uint16_t kAnsweringPort = 8081;

// Never empty; kNone has one that is.
std::span<const std::string_view> ValuesOf(ValueKind kind);

std::span<const std::pair<std::string_view, std::string_view>> Variables();
// Which programs look for and do without.
std::span<const std::string_view> RemovableVariables();
std::span<const Conditions> ManyConditions();
std::span<const std::string_view> StandardInputs();
// More than a pipe holds, or than is allocated without a mapping of its own.
std::string LongStandardInput();

// Of a program's strings: those that may be names of variables, or long flags.
std::vector<std::string> LikelyVariables(std::span<const std::string> words);
std::vector<std::string> LikelyFlags(std::span<const std::string> words);
// Of a variable: whether a folder is asked for.
bool NamesFolder(std::string_view variable);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_MATERIAL_VALUES_H_
