// SPDX-License-Identifier: Apache-2.0
// A look at what is before each bracket that opens, and at what it holds.

#include "campaign/syscalls/help/forms.h"

#include <algorithm>
#include <set>
#include <utility>

namespace formfuzz::campaign {
namespace {

// What may be before a word that is shown.
constexpr std::string_view kBefore = " \t\n\r|[(\"'`";

// The name that ends before `end`; "" if that is no whole word, or a flag.
std::string_view NameBefore(std::string_view text, size_t end) {
  size_t begin = end;
  while (begin > 0 && IsNameChar(text[begin - 1])) --begin;
  const bool whole = begin == 0 || kBefore.find(text[begin - 1]) != text.npos;
  const std::string_view name = text.substr(begin, end - begin);
  return whole && name.size() > 1 && name[0] != '-' ? name : "";
}

// "<host>:<port>"
std::vector<ValueKind> PartsIn(std::string_view text) {
  constexpr size_t kPartsMax = 4;
  std::vector<ValueKind> parts;
  while (text.starts_with('<') && parts.size() < kPartsMax) {
    const size_t end = text.find_first_of(">\n");
    if (end == text.npos || text[end] != '>') break;
    parts.push_back(KindOf(text.substr(1, end - 1)));
    text.remove_prefix(end + 1);
    if (text.starts_with(':')) text.remove_prefix(1);
  }
  return parts;
}

}  // namespace

std::vector<OperandForm> OperandFormsIn(std::string_view text) {
  std::vector<OperandForm> forms;
  std::set<std::string> known;
  for (size_t at = text.find('<');
       at != text.npos && forms.size() < kOperandFormsMax;
       at = text.find('<', at + 1)) {
    if (at == 0 || (text[at - 1] != ':' && text[at - 1] != '=')) continue;
    const std::string_view name = NameBefore(text, at - 1);
    std::vector<ValueKind> parts = PartsIn(text.substr(at));
    if (name.empty() || parts.empty()) continue;
    if (!known.insert(Uppercase(name)).second) continue;
    forms.push_back({std::string(name) + text[at - 1], std::move(parts)});
  }
  return forms;
}

}  // namespace formfuzz::campaign
