// SPDX-License-Identifier: Apache-2.0
// A table of what such words hold; the first row that fits counts.

#include "campaign/syscalls/help/value_kind.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

namespace formfuzz::campaign {
namespace {

using Entry = std::pair<std::string_view, ValueKind>;

constexpr Entry kParts[] = {
    {"DIR", ValueKind::kFolder},      {"FOLDER", ValueKind::kFolder},
    {"FILE", ValueKind::kFile},       {"PATH", ValueKind::kFile},
    {"ARCHIVE", ValueKind::kFile},    {"SOURCE", ValueKind::kFile},
    {"SRC", ValueKind::kFile},        {"DST", ValueKind::kFile},
    {"DEST", ValueKind::kFile},       {"TARGET", ValueKind::kFile},
    {"INPUT", ValueKind::kFile},      {"OUTPUT", ValueKind::kFile},
    {"SIZE", ValueKind::kSize},       {"BYTES", ValueKind::kSize},
    {"BLOCK", ValueKind::kSize},      {"NUM", ValueKind::kNumber},
    {"COUNT", ValueKind::kNumber},    {"LINES", ValueKind::kNumber},
    {"LEVEL", ValueKind::kNumber},    {"DEPTH", ValueKind::kNumber},
    {"COLS", ValueKind::kNumber},     {"SECONDS", ValueKind::kNumber},
    {"TIMEOUT", ValueKind::kNumber},  {"BITS", ValueKind::kNumber},
    {"ROUNDS", ValueKind::kNumber},   {"WIDTH", ValueKind::kNumber},
    {"LENGTH", ValueKind::kNumber},   {"OFFSET", ValueKind::kNumber},
    {"WHEN", ValueKind::kChoice},     {"WORD", ValueKind::kChoice},
    {"TYPE", ValueKind::kChoice},     {"METHOD", ValueKind::kChoice},
    {"CONTROL", ValueKind::kChoice},  {"LIST", ValueKind::kChoice},
    {"STYLE", ValueKind::kChoice},    {"TIME", ValueKind::kTime},
    {"DATE", ValueKind::kTime},       {"STAMP", ValueKind::kTime},
    {"DURATION", ValueKind::kNumber}, {"FORMAT", ValueKind::kFormat},
    {"PATTERN", ValueKind::kPattern}, {"GLOB", ValueKind::kPattern},
    {"REGEX", ValueKind::kPattern},   {"SCRIPT", ValueKind::kCode},
    {"PROGRAM", ValueKind::kCode},    {"EXPR", ValueKind::kCode},
    {"FILTER", ValueKind::kCode},     {"QUERY", ValueKind::kCode},
    {"CMD", ValueKind::kCode},        {"EVAL", ValueKind::kCode},
    {"CODE", ValueKind::kCode},       {"COMMANDLINE", ValueKind::kCode},
    {"COMMAND", ValueKind::kCommand}, {"PROG", ValueKind::kCommand},
    {"MODE", ValueKind::kMode},       {"HOST", ValueKind::kAddress},
    {"ADDR", ValueKind::kAddress},    {"URL", ValueKind::kUrl},
    {"RANGE", ValueKind::kRange},     {"FIRST", ValueKind::kRange},
    {"USER", ValueKind::kUser},       {"OWNER", ValueKind::kUser},
    {"GROUP", ValueKind::kUser},      {"STATEMENT", ValueKind::kCode}};

// Too short to be looked for in longer words.
constexpr Entry kWhole[] = {
    {"N", ValueKind::kNumber},      {"K", ValueKind::kNumber},
    {"INT", ValueKind::kNumber},    {"UINT", ValueKind::kNumber},
    {"PORT", ValueKind::kNumber},   {"JOBS", ValueKind::kNumber},
    {"PID", ValueKind::kNumber},    {"FD", ValueKind::kNumber},
    {"SIGNAL", ValueKind::kNumber}, {"IP", ValueKind::kAddress},
    {"HH", ValueKind::kTime},       {"STAT", ValueKind::kCode}};

bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }

}  // namespace

bool IsNameChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
         c == '_' || c == '.';
}

bool IsPlaceholder(std::string_view word) {
  if (word.empty()) return false;
  if (word.front() == '<') return true;
  return std::ranges::all_of(word,
                             [](char c) {
                               return IsUpper(c) || c == '-' || c == '_' ||
                                      (c >= '0' && c <= '9');
                             }) &&
         IsUpper(word.front());
}

std::string Uppercase(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return upper;
}

ValueKind KindOf(std::string_view placeholder) {
  const std::string upper = Uppercase(placeholder);
  const auto* const whole = std::ranges::find(kWhole, upper, &Entry::first);
  if (whole != std::end(kWhole)) return whole->second;
  for (const auto& [part, kind] : kParts) {
    if (upper.find(part) != upper.npos) return kind;
  }
  return ValueKind::kText;
}

}  // namespace formfuzz::campaign
