// SPDX-License-Identifier: Apache-2.0
// A look at each line for one of three shapes.

#include "campaign/syscalls/help/subcommands.h"

#include <algorithm>
#include <cctype>

#include "campaign/syscalls/help/value_kind.h"

namespace formfuzz::campaign {
namespace {

// What is further to the right is spoken of, not listed.
constexpr size_t kIndentMax = 8;
// Fewer words in a line may be a sentence.
constexpr size_t kTableWordsMin = 3;
constexpr size_t kListWordsMin = 4;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

bool IsName(std::string_view word) {
  return word.size() > 1 && IsLower(word.front()) &&
         std::ranges::all_of(word, [](char c) {
           return IsLower(c) || c == '-' || c == '_' || (c >= '0' && c <= '9');
         });
}

// The line's parts between `separator`s; nothing unless all look like names.
std::vector<std::string_view> NamesBetween(std::string_view line,
                                           std::string_view separator) {
  std::vector<std::string_view> names;
  while (!line.empty()) {
    const size_t begin = line.find_first_not_of(" \t\r");
    if (begin == line.npos) break;
    line.remove_prefix(begin);
    const size_t end = std::min(line.find(separator), line.size());
    std::string_view part = line.substr(0, end);
    part = part.substr(0, part.find_last_not_of(" \t\r,") + 1);
    line.remove_prefix(std::min(end + separator.size(), line.size()));
    // "[", "w" and the like are passed over.
    if (IsName(part)) {
      names.push_back(part);
    } else if (part.size() > 2) {
      return {};
    }
  }
  return names;
}

// What a line of a table or of a list holds.
std::vector<std::string_view> NamesFilling(std::string_view line) {
  auto table = NamesBetween(line, "  ");
  if (table.size() >= kTableWordsMin) return table;
  auto list = NamesBetween(line, ",");
  if (list.size() >= kListWordsMin) return list;
  return {};
}

// "OBJECT :=" and "usage: tool show", which say what braces list.
bool IsBeforeNames(std::string_view line) {
  const size_t colon = line.find("sage:");
  if (colon != line.npos) line.remove_prefix(colon + 5);
  line = line.substr(0, line.find_last_not_of(' ') + 1);
  if (line.ends_with(":=")) return true;
  size_t words = 0;
  while (!line.empty()) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    if (!word.empty() && !IsName(word)) return false;
    line.remove_prefix(word.size());
    ++words;
  }
  return words > 1;
}

// "{ link | address }"
std::vector<std::string_view> NamesInBraces(std::string_view text) {
  constexpr std::string_view kBetween = " |\t\r\n";
  std::vector<std::string_view> names;
  for (size_t at = text.find('{'); at != text.npos; at = text.find('{', at)) {
    const size_t line = text.rfind('\n', at) + 1;  // npos + 1 is 0
    const bool listed = IsBeforeNames(text.substr(line, at - line));
    ++at;
    const size_t end = std::min(text.find('}', at), text.size());
    std::string_view inside = listed ? text.substr(at, end - at) : "";
    while (!inside.empty()) {
      const size_t size =
          std::min(inside.find_first_of(kBetween), inside.size());
      if (IsName(inside.substr(0, size)))
        names.push_back(inside.substr(0, size));
      inside.remove_prefix(std::min(size + 1, inside.size()));
    }
  }
  return names;
}

}  // namespace

std::string_view DescribedIn(std::string_view line) {
  const size_t indent = line.find_first_not_of(" \t");
  if (indent == line.npos || indent == 0 || indent > kIndentMax) return {};
  line.remove_prefix(indent);
  const size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view rest = line.substr(end);
  // "compress [--fast] FILE   make it smaller"
  const bool has_operands =
      rest.size() > 1 && rest[0] == ' ' &&
      (rest[1] == '[' || rest[1] == '<' ||
       IsPlaceholder(rest.substr(1, rest.find(' ', 1) - 1))) &&
      rest.find("  ") != rest.npos;
  const bool described = rest.starts_with("  ") || rest.starts_with("\t") ||
                         rest.starts_with(" -") || has_operands;
  const std::string_view word = line.substr(0, end);
  return described && IsName(word) ? word : std::string_view();
}

std::vector<std::string> SubcommandsIn(std::string_view text) {
  std::vector<std::string> all;
  const auto add = [&all](std::string_view name) {
    const bool known = std::ranges::find(all, name) != all.end();
    if (!known && all.size() < kSubcommandsMax) all.emplace_back(name);
  };
  for (const std::string_view name : NamesInBraces(text)) add(name);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (const auto filling = NamesFilling(line); !filling.empty()) {
      for (const std::string_view name : filling) add(name);
    } else if (const auto name = DescribedIn(line); !name.empty()) {
      add(name);
    }
  }
  return all;
}

}  // namespace formfuzz::campaign
