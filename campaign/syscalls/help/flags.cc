// SPDX-License-Identifier: Apache-2.0
// A scan for words that begin with a dash, and for what follows them.

#include "campaign/syscalls/help/flags.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <span>
#include <utility>

#include "absl/strings/str_replace.h"
#include "campaign/syscalls/help/listed_values.h"
#include "campaign/syscalls/help/numbers.h"
#include "campaign/syscalls/help/operands.h"
#include "campaign/syscalls/help/subcommands.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFlagBytesMax = 48;

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

class Scanner {
 public:
  // `synopsis`: all words of the line are part of a command.
  explicit Scanner(std::string_view line, bool synopsis = false)
      : line_(line), synopsis_(synopsis) {}

  // The next flag of the line.
  bool Next(Flag& flag);

 private:
  bool AtFlag() const;
  void TakeValue(Flag& flag);
  bool IsLikelyValue(std::string_view word, char before_flag) const;
  std::string_view TakeWord();
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < line_.size() ? line_[at_ + ahead] : '\0';
  }

  std::string_view line_;
  bool synopsis_;
  size_t at_ = 0;
};

bool Scanner::AtFlag() const {
  constexpr std::string_view kBefore = " \t,[(|/'\"`{";
  if (Peek() != '-') return false;
  if (at_ > 0 && kBefore.find(line_[at_ - 1]) == kBefore.npos) return false;
  const char next = Peek(1) == '-' ? Peek(2) : Peek(1);
  return std::isalnum(static_cast<unsigned char>(next)) != 0;
}

std::string_view Scanner::TakeWord() {
  const size_t from = at_;
  if (Peek() == '<') {
    while (Peek() != '\0' && Peek() != '>') ++at_;
    if (Peek() == '>') ++at_;
  } else {
    while (IsNameChar(Peek())) ++at_;
  }
  return line_.substr(from, at_ - from);
}

// "[-b bits]", "  -o file   where to", "-c cmd : a command", "-i[suffix]": a
// word in small letters that was taken from behind a flag, where nothing else
// is likely to stand.
bool Scanner::IsLikelyValue(std::string_view word, char before_flag) const {
  if (word.size() < 2 || !IsLower(word.front())) return false;
  const std::string_view rest = line_.substr(at_);
  const char before_word = line_[at_ - word.size() - 1];
  if (before_flag == '[' || before_word == '[') return rest.starts_with("]");
  const bool ends = rest.empty() || rest.starts_with("  ") ||
                    rest.starts_with(" : ") || rest[0] == '\t';
  if (synopsis_) {
    return ends || rest.starts_with(" [") || rest.starts_with(" -");
  }
  const size_t begin = line_.find_first_not_of(" \t");
  return ends && line_[begin] == '-' && line_.find("  ", begin) >= at_;
}

void Scanner::TakeValue(Flag& flag) {
  const size_t start = at_;
  const size_t name_at = start - flag.name.size();
  if (Peek() == '[') {
    flag.optional = true;
    ++at_;
  }
  const bool joined = Peek() == '=';
  if (joined || Peek() == ' ') ++at_;
  const bool braces = Peek() == '{' || (joined && Peek() == '[');
  if (braces) ++at_;
  std::vector<std::string> words;
  words.emplace_back(TakeWord());
  const bool told = joined || braces || IsPlaceholder(words[0]);
  while ((Peek() == '|' || (braces && Peek() == ',')) &&
         words.size() < kChoicesMax) {
    ++at_;
    words.emplace_back(TakeWord());
  }
  flag.guessed = !told && IsLikelyValue(words.back(),
                                        name_at > 0 ? line_[name_at - 1] : ' ');
  if (words[0].empty() || !(told || flag.guessed)) {
    at_ = start;
    flag.optional = flag.guessed = false;
    return;
  }
  flag.joined = joined;
  flag.placeholder = words[0];
  flag.value = words.size() > 1 ? ValueKind::kChoice : KindOf(words[0]);
  // "--eval=...": the flag says more than the word.
  if (flag.value == ValueKind::kText) flag.value = KindOf(flag.name);
  if (words.size() > 1) flag.choices = std::move(words);
}

bool Scanner::Next(Flag& flag) {
  while (at_ < line_.size() && !AtFlag()) ++at_;
  if (at_ >= line_.size()) return false;
  flag = {};
  const size_t from = at_;
  while (Peek() == '-') ++at_;
  TakeWord();
  flag.name = std::string(line_.substr(from, at_ - from));
  while (flag.name.size() > 2 &&
         (flag.name.back() == '.' || flag.name.back() == '-')) {
    flag.name.pop_back();
  }
  TakeValue(flag);
  return true;
}

Flag* Find(std::vector<Flag>& flags, std::string_view name) {
  const auto found = std::ranges::find(flags, name, &Flag::name);
  return found == flags.end() ? nullptr : &*found;
}

void AddFlag(const Flag& flag, std::vector<Flag>& flags) {
  if (flag.name.size() > kFlagBytesMax) return;
  Flag* same = Find(flags, flag.name);
  if (same == nullptr) {
    if (flags.size() < kFlagsMax) flags.push_back(flag);
  } else if (same->value == ValueKind::kNone ||
             (same->guessed && flag.value != ValueKind::kNone &&
              !flag.guessed)) {
    Flag better = flag;
    better.alias = same->alias;
    better.needs = same->needs;
    better.excludes = same->excludes;
    *same = std::move(better);
  } else if (same->choices.empty()) {
    same->choices = flag.choices;
  }
}

// What a description has in quotes, or lists with a word in brackets behind
// it, is likely a value.
void TakeChoices(std::string_view line, Flag& flag) {
  for (size_t at = line.find('\''); at != line.npos;) {
    const size_t end = line.find('\'', at + 1);
    if (end == line.npos) return;
    const std::string word(line.substr(at + 1, end - at - 1));
    if (!word.empty() && word.size() < 16 && IsLower(word[0]) &&
        std::ranges::all_of(word, IsNameChar) &&
        flag.choices.size() < kChoicesMax) {
      flag.choices.push_back(word);
    }
    at = line.find('\'', end + 1);
  }
}

// Words before a comma or a bracket: "across -x, commas -m", "none (default)".
void TakeListed(std::string_view line, Flag& flag) {
  size_t at = 0;
  while (at < line.size() && flag.choices.size() < kChoicesMax) {
    while (at < line.size() && !IsLower(line[at])) ++at;
    const size_t from = at;
    while (at < line.size() && (IsLower(line[at]) || line[at] == '-')) ++at;
    const std::string_view word = line.substr(from, at - from);
    const std::string_view rest = line.substr(at);
    const bool listed = rest.starts_with(",") || rest.starts_with(" (") ||
                        rest.starts_with(" -") || rest.starts_with(";");
    if (word.size() > 1 && listed) flag.choices.emplace_back(word);
  }
}

// The flag that a line lists and then describes; "" if it lists none. Names on
// one line are of one flag, if they are described or have commas.
std::string ListedIn(std::string_view line, std::vector<Flag>& flags) {
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == line.npos || line[begin] != '-') return "";
  const size_t end = line.find("  ", begin);
  const bool of_one = end != line.npos || line.find(", ") != line.npos;
  Scanner scanner(line.substr(0, end));
  Flag flag;
  std::string last;
  while (scanner.Next(flag)) {
    if (Flag* known = Find(flags, flag.name); known != nullptr) {
      const bool other = of_one && flag.name != last;
      if (other && known->alias.empty()) known->alias = last;
    }
    last = flag.name;
  }
  return last;
}

// "use only with --sort", "requires -x", "cannot be used with --quiet".
void TakeRelations(std::string_view line, Flag& flag) {
  static constexpr std::string_view kNeeds[] = {
      "only with",     "equires",        "together with", "in conjunction with",
      "combined with", "when used with", "valid with",    "implies"};
  static constexpr std::string_view kExcludes[] = {
      "cannot be used with",  "not be used with", "annot be combined with",
      "conflicts with",       "exclusive with",   "incompatible with",
      "not be combined with", "not together with"};
  const auto after = [line](std::span<const std::string_view> phrases) {
    size_t at = line.npos;
    for (const std::string_view phrase : phrases) {
      const size_t found = line.find(phrase);
      if (found != line.npos) at = std::min(at, found);
    }
    return at;
  };
  const size_t excludes = after(kExcludes);
  const size_t at = std::min(after(kNeeds), excludes);
  if (at == line.npos) return;
  auto& related = excludes == line.npos ? flag.needs : flag.excludes;
  Scanner scanner(line.substr(at));
  Flag other;
  while (related.size() < kChoicesMax && scanner.Next(other)) {
    if (other.name != flag.name) related.push_back(other.name);
  }
}

void TakeDescription(std::string_view line, bool lists, Flag& flag) {
  TakeRelations(line, flag);
  if (flag.value == ValueKind::kNone) return;
  if (lists) {
    const size_t begin = line.find_first_not_of(" \t");
    line.remove_prefix(std::min(line.find("  ", begin), line.size()));
  }
  TakeChoices(line, flag);
  if (flag.value == ValueKind::kChoice) TakeListed(line, flag);
  const bool counts =
      flag.value == ValueKind::kNumber || flag.value == ValueKind::kSize;
  if (!counts) return;
  for (std::string& number : NumbersIn(line)) {
    if (flag.choices.size() >= kChoicesMax) return;
    flag.choices.push_back(std::move(number));
  }
}

// Without the spaces that make lines of a manual equally long, and those of
// "[-a | -b]".
std::string Unspaced(std::string_view line) {
  std::string text(line);
  if (text.find('[') != text.npos) {
    text = absl::StrReplaceAll(text, {{"   ", " "}, {"  ", " "}});
  }
  return absl::StrReplaceAll(text, {{" | ", "|"}});
}

// "[-abc]": what looks like one flag may be several.
void AddCluster(const Flag& flag, std::vector<Flag>& flags) {
  constexpr size_t kLettersMin = 2;
  const std::string_view letters = std::string_view(flag.name).substr(1);
  const std::set<char> different(letters.begin(), letters.end());
  const bool several =
      flag.value == ValueKind::kNone && letters.size() >= kLettersMin &&
      different.size() == letters.size() &&
      std::ranges::all_of(letters,
                          [](unsigned char c) { return std::isalnum(c) != 0; });
  if (!several) return;
  for (const char letter : letters) {
    Flag one;
    one.name = {'-', letter};
    AddFlag(one, flags);
  }
}

// From "usage:", or the heading of a manual, as long as lines are indented and
// do not begin to say what each flag does.
bool IsSynopsis(std::string_view line, bool before) {
  const std::string upper = Uppercase(line.substr(0, 8));
  if (upper.find("USAGE:") != upper.npos || upper == "SYNOPSIS") return true;
  const size_t begin = line.find_first_not_of(" \t\r");
  return before && begin != line.npos && begin > 0 && line[begin] != '-';
}

}  // namespace

CommandWords ParseHelp(std::string_view text) {
  CommandWords words;
  words.subcommands = SubcommandsIn(text);
  std::string last;  // the flag that lines speak of
  ListedValues lists;
  bool synopsis = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    synopsis = IsSynopsis(line, synopsis);
    const std::string shown = synopsis ? Unspaced(line) : std::string(line);
    Scanner scanner(shown, synopsis);
    Flag flag;
    while (scanner.Next(flag)) {
      AddFlag(flag, words.flags);
      if (synopsis) AddCluster(flag, words.flags);
    }
    if (synopsis && words.operands.empty()) words.operands = OperandsIn(shown);
    if (const Flag dashless = AssignmentIn(line); !dashless.name.empty()) {
      AddFlag(dashless, words.flags);
      last = dashless.name;
    }
    lists.Take(line, words.flags);
    const std::string listed = ListedIn(line, words.flags);
    if (!listed.empty()) last = listed;
    Flag* current = Find(words.flags, last);
    if (current != nullptr) {
      TakeDescription(line, !listed.empty(), *current);
      if (Flag* same = Find(words.flags, current->alias); same != nullptr) {
        same->needs = current->needs;
        same->excludes = current->excludes;
      }
    }
  }
  ShareValues(words.flags);
  return words;
}

void Merge(const CommandWords& more, CommandWords& words) {
  for (const Flag& flag : more.flags) AddFlag(flag, words.flags);
  for (const std::string& name : more.subcommands) {
    if (std::ranges::find(words.subcommands, name) == words.subcommands.end() &&
        words.subcommands.size() < kSubcommandsMax) {
      words.subcommands.push_back(name);
    }
  }
  if (words.operands.empty()) words.operands = more.operands;
}

}  // namespace formfuzz::campaign
