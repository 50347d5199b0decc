// SPDX-License-Identifier: Apache-2.0
// Words in capitals; where there are none, words that are no flag's value.

#include "campaign/syscalls/help/operands.h"

#include <algorithm>
#include <cctype>
#include <iterator>

namespace formfuzz::campaign {
namespace {

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

std::vector<ValueKind> InCapitals(std::string_view line) {
  std::vector<ValueKind> operands;
  size_t at = 0;
  while (at < line.size() && operands.size() < kOperandKindsMax) {
    while (at < line.size() && !IsUpper(line[at]) && line[at] != '<') ++at;
    const size_t from = at;
    if (at < line.size() && line[at] == '<') ++at;
    while (at < line.size() && IsNameChar(line[at])) ++at;
    const std::string_view word = line.substr(from, at - from);
    const bool of_flag =
        from > 0 && (line[from - 1] == '=' || line[from - 1] == '-');
    if (!of_flag && IsPlaceholder(word) &&
        !Uppercase(word).starts_with("OPTION")) {
      const std::string_view rest = line.substr(at);
      const bool assigns =
          rest.size() > 1 && rest[0] == '=' && IsUpper(rest[1]);
      operands.push_back(assigns ? ValueKind::kAssignment : KindOf(word));
    }
    if (at == from) ++at;
  }
  return operands;
}

bool IsLikelyOperand(std::string_view word) {
  static constexpr std::string_view kOthers[] = {
      "OPTION",    "OPTIONS", "FLAG", "FLAGS", "SWITCHES", "ARGS",
      "ARGUMENTS", "COMMAND", "TEXT", "GNU",   "POSIX"};
  return word.size() > 2 &&
         std::isalpha(static_cast<unsigned char>(word[0])) != 0 &&
         std::ranges::all_of(word, IsNameChar) &&
         std::ranges::find(kOthers, Uppercase(word)) == std::end(kOthers);
}

std::vector<ValueKind> InSmallLetters(std::string_view line) {
  std::vector<ValueKind> operands;
  bool passed = true;  // the program's name is none
  size_t at = 0;
  while (operands.size() < kOperandKindsMax) {
    at = line.find_first_not_of(" [](){}'\"", at);
    if (at == line.npos) return operands;
    const size_t end =
        std::min(line.find_first_of(" [])}'\"", at), line.size());
    const std::string_view word = line.substr(at, end - at);
    if (!passed && IsLikelyOperand(word)) operands.push_back(KindOf(word));
    // What follows a flag is its value.
    passed =
        word[0] == '-' && word != "--" && end < line.size() && line[end] == ' ';
    at = end;
  }
  return operands;
}

}  // namespace

std::vector<ValueKind> OperandsIn(std::string_view line) {
  constexpr size_t kHeadBytes = 8;
  const std::string head = Uppercase(line.substr(0, kHeadBytes));
  if (head == "SYNOPSIS") return {};
  const size_t usage = head.find("USAGE:");
  if (usage != head.npos) line.remove_prefix(usage + 6);
  auto operands = InCapitals(line);
  return operands.empty() ? InSmallLetters(line) : operands;
}

}  // namespace formfuzz::campaign
