// SPDX-License-Identifier: Apache-2.0
// Command lines that a text shows: the examples of a manual, what scripts of
// the shell call. Who wrote them knew what goes together.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SHOWN_COMMANDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SHOWN_COMMANDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kShownWordsMax = 24;  // of one command

// What follows the program's name.
using ShownCommand = std::vector<std::string>;

// Commands that begin with `name`, or a path that ends so, in the order of the
// text; at most `most`. Each ends where the shell would end it; redirections
// are left out, and what a variable or a command gives is "text.txt". What
// only describes ("name [FILE]...") and what reads like a sentence is not
// among them.
std::vector<ShownCommand> CommandsShownIn(std::string_view text,
                                          std::string_view name, size_t most);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SHOWN_COMMANDS_H_
