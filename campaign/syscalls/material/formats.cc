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
  at = text.find_first_not_of("*0123456789hlLjzq.", at + 1);
  if (at == text.npos) return 0;
  if (text[at] != '[') return at + 1;
  const size_t end = text.find(']', at + 2);
  return end == text.npos ? 0 : end + 1;
}

// "" where nothing is converted, or nothing tells what is.
std::string Filled(std::string_view text) {
  const size_t first = text.find('%');
  if (first == 0 || first == text.npos || text.size() > kBytesMax) return "";
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
    filled += std::to_string(number);
    number += kNext;
    at = end;
  }
  return filled;
}

}  // namespace

std::vector<std::string> FilledFormatsIn(std::string_view program) {
  std::vector<std::string> all;
  while (!program.empty() && all.size() < kFormatsMax) {
    const auto end =
        std::find_if_not(program.begin(), program.end(), IsPrintable);
    const auto size = static_cast<size_t>(end - program.begin());
    const bool ended = size < program.size() && program[size] == '\0';
    std::string filled = ended ? Filled(program.substr(0, size)) : "";
    if (!filled.empty() && std::ranges::find(all, filled) == all.end()) {
      all.push_back(std::move(filled));
    }
    program.remove_prefix(std::min(size + 1, program.size()));
  }
  return all;
}

}  // namespace formfuzz::campaign
