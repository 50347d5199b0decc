// SPDX-License-Identifier: Apache-2.0
// Counts words by script, and takes the first lines of each.

#include "campaign/syscalls/writings/spoken.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string_view>
#include <utility>

#include "campaign/syscalls/writings/word_char.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kLineMin = 2;
constexpr size_t kLineMax = 160;

std::vector<std::string_view> WordsIn(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto* const end = std::ranges::find_if_not(line, IsWordChar);
    const auto size = static_cast<size_t>(end - line.begin());
    if (size > 0) words.push_back(line.substr(0, size));
    line.remove_prefix(std::min(size + 1, line.size()));
  }
  return words;
}

// Brackets and quotes that begin in a line end in it, and it asks for no more.
bool IsWhole(std::string_view line) {
  static constexpr std::string_view kGoOn[] = {
      "\\", "|", "&&", "||", ",", "then", "do", "else", "elif", "(", "in", ":"};
  const auto count = [line](char c) { return std::ranges::count(line, c); };
  return count('(') == count(')') && count('{') == count('}') &&
         count('[') == count(']') && count('"') % 2 == 0 &&
         count('\'') % 2 == 0 && count('`') % 2 == 0 &&
         std::ranges::none_of(kGoOn, [line](std::string_view end) {
           return line.ends_with(end);
         });
}

std::string_view Trimmed(std::string_view line) {
  const size_t begin = line.find_first_not_of(" \t\r");
  if (begin == line.npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

struct Uses {
  size_t scripts = 0;
  size_t last = 0;  // script, from 1
  std::deque<std::string> lines;
};

class Listener {
 public:
  explicit Listener(const std::set<std::string>& known) : known_(known) {}

  void Hear(std::string_view script);
  Spoken Told() const;

 private:
  void HearLine(std::string_view line);

  const std::set<std::string>& known_;
  size_t scripts_ = 0;
  std::map<std::string, Uses> uses_;
  std::set<std::string> taken_;  // lines
};

void Listener::HearLine(std::string_view line) {
  const bool whole =
      line.size() >= kLineMin && line.size() <= kLineMax && IsWhole(line);
  for (const std::string_view part : WordsIn(line)) {
    const std::string word(part);
    if (!known_.contains(word)) continue;
    Uses& of = uses_[word];
    if (std::exchange(of.last, scripts_) != scripts_) ++of.scripts;
    if (whole && of.lines.size() < kStatementsOfWordMax &&
        taken_.insert(std::string(line)).second) {
      of.lines.emplace_back(line);
    }
  }
}

void Listener::Hear(std::string_view script) {
  ++scripts_;
  while (!script.empty()) {
    const size_t end = std::min(script.find('\n'), script.size());
    const std::string_view line = Trimmed(script.substr(0, end));
    script.remove_prefix(std::min(end + 1, script.size()));
    if (!line.starts_with('#')) HearLine(line);
  }
}

Spoken Listener::Told() const {
  std::vector<const std::pair<const std::string, Uses>*> sorted;
  for (const auto& one : uses_) sorted.push_back(&one);
  std::ranges::sort(sorted, [](const auto* one, const auto* other) {
    return std::pair(other->second.scripts, one->first) <
           std::pair(one->second.scripts, other->first);
  });
  if (sorted.size() > kSpokenWordsMax) sorted.resize(kSpokenWordsMax);
  Spoken spoken;
  for (const auto* one : sorted) spoken.words.push_back(one->first);
  for (size_t i = 0; i < kStatementsOfWordMax; ++i) {
    for (const auto* one : sorted) {
      const auto& lines = one->second.lines;
      if (i < lines.size()) spoken.statements.push_back(lines[i]);
    }
  }
  return spoken;
}

}  // namespace

Spoken SpokenIn(std::span<const std::string> scripts,
                const std::set<std::string>& known) {
  Listener listener(known);
  for (const std::string& script : scripts) listener.Hear(script);
  return listener.Told();
}

}  // namespace formfuzz::campaign
