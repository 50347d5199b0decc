// SPDX-License-Identifier: Apache-2.0
// A scan for digits.

#include "campaign/syscalls/help/numbers.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "campaign/syscalls/help/value_kind.h"

namespace formfuzz::campaign {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::vector<std::string> NumbersIn(std::string_view line) {
  std::vector<std::string> numbers;
  size_t at = 0;
  while (at < line.size()) {
    size_t end = at;
    while (end < line.size() && IsDigit(line[end])) ++end;
    uint64_t number = 0;
    const bool alone = at == 0 || !IsNameChar(line[at - 1]) ||
                       (line[at - 1] == '-' && at > 1 && IsDigit(line[at - 2]));
    const auto read =
        std::from_chars(line.data() + at, line.data() + end, number);
    if (end > at && alone && read.ec == std::errc()) {
      numbers.push_back(std::to_string(number));
      numbers.push_back(std::to_string(number + 1));
    }
    at = std::max(end, at + 1);
  }
  return numbers;
}

}  // namespace formfuzz::campaign
