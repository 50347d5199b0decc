// SPDX-License-Identifier: Apache-2.0
// A program's language, as scripts speak it: which of the words in the
// program's file mean something, and how they are used.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SPOKEN_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SPOKEN_H_

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kSpokenWordsMax = 256;
inline constexpr size_t kStatementsOfWordMax = 3;

struct Spoken {
  std::vector<std::string> words;       // those of most scripts first
  std::vector<std::string> statements;  // lines, in turns of the words
};

// Of the `known` words, those that the scripts use, and whole lines that use
// them and are not part of something larger, as far as a line tells.
Spoken SpokenIn(std::span<const std::string> scripts,
                const std::set<std::string>& known);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SPOKEN_H_
