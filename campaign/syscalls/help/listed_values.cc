// SPDX-License-Identifier: Apache-2.0
// Shapes of lines.

#include "campaign/syscalls/help/listed_values.h"

#include <algorithm>

#include "campaign/syscalls/help/subcommands.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kIndentMax = 8;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

bool IsName(std::string_view word) {
  return !word.empty() && IsLower(word.front()) &&
         std::ranges::all_of(word, IsNameChar);
}

// Of a line that ends with a colon, the word in capitals; "": there is none.
std::string HeadingOf(std::string_view line) {
  constexpr size_t kLettersMin = 3;
  line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
  if (!line.ends_with(":") || line.starts_with("  ")) return "";
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find_first_of(" ,:"));
    line.remove_prefix(std::min(word.size() + 1, line.size()));
    if (word.size() >= kLettersMin && IsPlaceholder(word)) {
      return std::string(word);
    }
  }
  return "";
}

}  // namespace

void ShareValues(std::vector<Flag>& flags) {
  for (const Flag& flag : flags) {
    const auto same = std::ranges::find(flags, flag.alias, &Flag::name);
    const bool pair = same != flags.end() && same->name.size() == 2 &&
                      flag.name.starts_with("--");
    if (!pair || same->value != ValueKind::kNone) continue;
    same->value = flag.value;
    same->optional = flag.optional;
    same->guessed = flag.guessed;
    same->choices = flag.choices;
  }
}

Flag AssignmentIn(std::string_view line) {
  const size_t indent = line.find_first_not_of(' ');
  if (indent == line.npos || indent == 0 || indent > kIndentMax) return {};
  line.remove_prefix(indent);
  const size_t equals = line.find('=');
  if (equals == line.npos || !IsName(line.substr(0, equals))) return {};
  const std::string_view rest = line.substr(equals + 1);
  const std::string_view value = rest.substr(0, rest.find(' '));
  const std::string_view after = rest.substr(value.size());
  if (!IsPlaceholder(value) || !(after.empty() || after.starts_with("  "))) {
    return {};
  }
  Flag flag;
  flag.name = std::string(line.substr(0, equals));
  flag.value = KindOf(value);
  flag.joined = true;
  flag.placeholder = std::string(value);
  return flag;
}

void ListedValues::Take(std::string_view line, std::vector<Flag>& flags) {
  if (line.find_first_not_of(" \t\r") == line.npos) return;
  const std::string heading = HeadingOf(line);
  if (!heading.empty() || line[0] != ' ') of_ = heading;
  const std::string_view word = DescribedIn(line);
  if (of_.empty() || word.empty()) return;
  for (Flag& flag : flags) {
    const bool takes =
        flag.placeholder == of_ || flag.placeholder == Concat(of_, "S");
    if (!takes || flag.choices.size() >= kChoicesMax) continue;
    flag.choices.emplace_back(word);
    if (flag.value == ValueKind::kText) flag.value = ValueKind::kChoice;
  }
}

}  // namespace formfuzz::campaign
