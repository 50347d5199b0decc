// SPDX-License-Identifier: Apache-2.0
// A search for one word that all of them have.

#include "campaign/syscalls/material/command_prefixes.h"

#include "campaign/syscalls/writings/word_char.h"

namespace formfuzz::campaign {
namespace {

constexpr std::string_view kWord = "help";
constexpr std::string_view kPrefixes = ".\\:!";

}  // namespace

std::string CommandPrefixesIn(std::string_view program) {
  std::string found;
  for (size_t at = program.find(kWord); at != program.npos;
       at = program.find(kWord, at + 1)) {
    if (at < 2) continue;
    const char prefix = program[at - 1];
    const size_t end = at + kWord.size();
    const bool alone = !IsWordChar(program[at - 2]) &&
                       (end == program.size() || !IsWordChar(program[end]));
    const bool known = found.find(prefix) != found.npos;
    if (alone && !known && kPrefixes.find(prefix) != kPrefixes.npos) {
      found += prefix;
    }
  }
  return found;
}

}  // namespace formfuzz::campaign
