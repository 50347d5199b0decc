// SPDX-License-Identifier: Apache-2.0
// Cuts at everything that neither a name nor a path holds.

#include "campaign/syscalls/writings/script_words.h"

#include <algorithm>
#include <cctype>
#include <set>

namespace formfuzz::campaign {
namespace {

constexpr size_t kWordMin = 2;
constexpr size_t kWordMax = 48;

bool IsOfWord(char c) {
  constexpr std::string_view kOthers = "_./~$%-";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         kOthers.find(c) != kOthers.npos;
}

// "$NAME" is NAME; "$HOME/.toolrc" stays what it is.
std::string_view Bare(std::string_view word) {
  if (word.starts_with('$') && word.find('/') == word.npos) {
    word.remove_prefix(1);
  }
  // Of a sentence, and of "${NAME-}".
  while (word.ends_with('.') || word.ends_with('-')) word.remove_suffix(1);
  return word;
}

}  // namespace

std::vector<std::string> WordsOfScript(std::string_view text) {
  std::vector<std::string> words;
  std::set<std::string_view> known;
  if (text.find('\0') != text.npos) return words;
  while (!text.empty() && words.size() < kScriptWordsMax) {
    const auto end = std::ranges::find_if_not(text, IsOfWord);
    const auto size = static_cast<size_t>(end - text.begin());
    const std::string_view word = Bare(text.substr(0, size));
    if (word.size() >= kWordMin && word.size() <= kWordMax &&
        known.insert(word).second) {
      words.emplace_back(word);
    }
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return words;
}

}  // namespace formfuzz::campaign
