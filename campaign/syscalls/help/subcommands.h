// SPDX-License-Identifier: Apache-2.0
// Which words of a help text are likely to be subcommands. A guess, like all
// that is read there: whoever asks tries them.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_SUBCOMMANDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_SUBCOMMANDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kSubcommandsMax = 384;

// "  show        what there is": the word; "" if the line has another shape.
std::string_view DescribedIn(std::string_view line);

// In the order of the text, each once: words that a line describes
// ("  clone   Clone a repository"), tables of words ("asn1parse   ca   cms"),
// lists that fill lines ("  access, adduser, audit,"), and lists in braces
// ("OBJECT := { link | address }", "usage: tool link { add | delete }").
std::vector<std::string> SubcommandsIn(std::string_view text);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_HELP_SUBCOMMANDS_H_
