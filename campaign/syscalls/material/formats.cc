// SPDX-License-Identifier: Apache-2.0
// As scanf(3) has them; those of printf(3) do no harm.

#include "campaign/syscalls/material/formats.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace formfuzz::campaign {
namespace {

constexpr size_t kBytesMax = 80;
constexpr std::string_view kKinds = "sc]diuxXofg";
constexpr uint64_t kFirst = 48613;  // in no program
constexpr uint64_t kNext = 1379;

bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

// Behind a conversion that begins at `at`; 0: it is none.
size_t EndOfConversion(std::string_view text, size_t at) {
  at = text.find_first_not_of("*0123456789hlLjzq", at + 1);
  if (at == text.npos) return 0;
  if (text[at] != '[') return at + 1;
  const size_t end = text.find(']', at + 2);
  return end == text.npos ? 0 : end + 1;
}

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// "" where nothing is converted, or nothing tells what is. `bounded`: how much
// is read stands in one of them, by a width or by a set of characters.
std::string Filled(std::string_view text, bool& bounded) {
  const bool converts = text.find('%') != text.npos && IsLetter(text[0]);
  if (!converts || text.size() > kBytesMax) return "";
  std::string filled;
  uint64_t number = kFirst;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      filled += text[at++];
      continue;
    }
    const size_t end = EndOfConversion(text, at);
    if (end == 0) return "";
    if (kKinds.find(text[end - 1]) == kKinds.npos) return "";
    // What begins with zero fills up what is printed.
    if ((text[at + 1] >= '1' && text[at + 1] <= '9') || text[end - 1] == ']') {
      bounded = true;
    }
    filled += std::to_string(number);
    number += kNext;
    at = end;
  }
  return filled;
}

}  // namespace

std::vector<std::string> FilledFormatsIn(std::string_view program) {
  std::vector<std::string> all;  // bounded ones
  std::vector<std::string> others;
  while (!program.empty() && all.size() < kFormatsMax) {
    const auto end =
        std::find_if_not(program.begin(), program.end(), IsPrintable);
    const auto size = static_cast<size_t>(end - program.begin());
    const bool ended = size < program.size() && program[size] == '\0';
    bool bounded = false;
    std::string filled = ended ? Filled(program.substr(0, size), bounded) : "";
    auto& among = bounded ? all : others;
    if (!filled.empty() && among.size() < kFormatsMax &&
        std::ranges::find(among, filled) == among.end()) {
      among.push_back(std::move(filled));
    }
    program.remove_prefix(std::min(size + 1, program.size()));
  }
  for (std::string& other : others) {
    if (all.size() >= kFormatsMax) break;
    if (std::ranges::find(all, other) == all.end()) {
      all.push_back(std::move(other));
    }
  }
  return all;
}

}  // namespace formfuzz::campaign
