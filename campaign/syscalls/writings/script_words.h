// SPDX-License-Identifier: Apache-2.0
// What a script holds, whatever its language: names of variables and files,
// and words that input may be compared with.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SCRIPT_WORDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SCRIPT_WORDS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kScriptBytesMax = size_t{1} << 20;
inline constexpr size_t kScriptWordsMax = 2000;

// In the order of the text, each once; nothing of what is no text.
std::vector<std::string> WordsOfScript(std::string_view text);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_SCRIPT_WORDS_H_
