// SPDX-License-Identifier: Apache-2.0
// One line a form.

#include "campaign/syscalls/material/code.h"

#include <algorithm>

#include "framework/base/text.h"

namespace formfuzz::campaign {

bool MayNameFunction(std::string_view word) {
  constexpr size_t kShortest = 2;
  constexpr size_t kLongest = 16;
  return word.size() >= kShortest && word.size() <= kLongest &&
         std::ranges::all_of(
             word, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

std::vector<std::string> CodeWith(const std::string& word) {
  return {word, Concat(word, "(\"text.txt\", \"new.out\")"),
          Concat("BEGIN{", word, "(\"true\")}"), Concat(word, " text.txt"),
          Concat(word, "(1)")};
}

}  // namespace formfuzz::campaign
