// SPDX-License-Identifier: Apache-2.0
// Words are cut as a shell does, as far as that needs nothing but the text.

#include "campaign/syscalls/writings/shown_commands.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <utility>

#include "campaign/syscalls/help/value_kind.h"
#include "campaign/syscalls/writings/word_char.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kCommandBytesMax = 2048;
constexpr std::string_view kSubstitute = "text.txt";

class Cutter {
 public:
  explicit Cutter(std::string_view text)
      : text_(text.substr(0, kCommandBytesMax)) {}

  // False: it is no command that can be run.
  bool Cut(ShownCommand& words);

 private:
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool AtEnd() const;
  bool TakeOne();
  void EndWord();
  void TakeSingleQuoted();
  void TakeSubstituted();
  void TakeEscaped();
  void TakeRedirection();
  bool TakePlaceholder();

  std::string_view text_;
  size_t at_ = 0;
  ShownCommand words_;
  std::string word_;
  bool in_word_ = false;
  bool doubly_ = false;  // quoted
  bool drops_ = false;   // the next word is where something goes
};

void Cutter::EndWord() {
  if (in_word_ && !std::exchange(drops_, false)) words_.push_back(word_);
  word_.clear();
  in_word_ = false;
}

bool Cutter::AtEnd() const {
  constexpr std::string_view kEnds = "\n;|&)";
  if (at_ >= text_.size()) return true;
  if (doubly_) return false;
  const bool comments = Peek() == '#' && !in_word_;
  return comments || kEnds.find(Peek()) != kEnds.npos;
}

void Cutter::TakeSingleQuoted() {
  in_word_ = true;
  const size_t end = std::min(text_.find('\'', at_ + 1), text_.size());
  word_ += text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
}

// "$NAME", "${NAME:-x}", "$(command)", "`command`": what it gives is not known.
void Cutter::TakeSubstituted() {
  in_word_ = true;
  word_ += kSubstitute;
  const char begin = Peek() == '`' ? '`' : Peek(1);
  const char end = begin == '{' ? '}' : begin == '(' ? ')' : '`';
  if (begin == '{' || begin == '(' || begin == '`') {
    at_ = std::min(text_.find(end, at_ + 1), text_.size() - 1) + 1;
    return;
  }
  at_ += 2;
  while (IsWordChar(begin) && IsWordChar(Peek())) ++at_;
}

void Cutter::TakeEscaped() {
  constexpr std::string_view kInQuotes = "\"\\$`\n";
  const char next = Peek(1);
  at_ += 2;
  if (next == '\n') return;
  in_word_ = true;
  if (doubly_ && kInQuotes.find(next) == kInQuotes.npos) word_ += '\\';
  if (next != '\0') word_ += next;
}

void Cutter::TakeRedirection() {
  const bool numbered =
      std::ranges::all_of(word_, [](char c) { return c >= '0' && c <= '9'; });
  if (numbered) in_word_ = false;
  EndWord();
  while (Peek() == '>' || Peek() == '<') ++at_;
  if (Peek() == '&') ++at_;
  drops_ = true;
}

// "<passfile>" is to be replaced by something.
bool Cutter::TakePlaceholder() {
  size_t size = 1;
  while (IsNameChar(Peek(size))) ++size;
  if (size == 1 || Peek(size) != '>') return false;
  in_word_ = true;
  word_ += kSubstitute;
  at_ += size + 1;
  return true;
}

bool Cutter::TakeOne() {
  const char c = Peek();
  if (c == '\\') {
    TakeEscaped();
  } else if (c == '"') {
    doubly_ = !doubly_;
    in_word_ = true;
    ++at_;
  } else if (c == '`' || (c == '$' && Peek(1) > ' ' && Peek(1) != '"')) {
    TakeSubstituted();
  } else if (!doubly_ && c == '\'') {
    TakeSingleQuoted();
  } else if (!doubly_ && (c == ' ' || c == '\t')) {
    EndWord();
    ++at_;
  } else if (!doubly_ && (c == '<' || c == '>')) {
    if (c == '>' || !TakePlaceholder()) TakeRedirection();
  } else {
    // A form, as in "[FILE]...".
    if (!doubly_ && c == '[' && !in_word_) return false;
    in_word_ = true;
    word_ += c;
    ++at_;
  }
  return words_.size() <= kShownWordsMax;
}

bool Cutter::Cut(ShownCommand& words) {
  while (!AtEnd()) {
    if (!TakeOne()) return false;
  }
  if (doubly_ || at_ > text_.size()) return false;  // a quote has no end
  EndWord();
  words = std::move(words_);
  return words.size() <= kShownWordsMax;
}

// What may stand before a command on its line: a prompt, what scripts begin a
// statement with, variables.
bool IsBeforeCommand(std::string_view word) {
  static constexpr std::string_view kWords[] = {
      "$",    "%",    "sudo", "if", "then",  "else", "elif",  "do", "!", "{",
      "time", "exec", "&&",   "||", "while", "nice", "until", "(",  "|"};
  const size_t equals = word.find('=');
  const bool assigns = equals != word.npos && equals > 0 &&
                       std::ranges::all_of(word.substr(0, equals), IsWordChar);
  return assigns || std::ranges::find(kWords, word) != std::end(kWords);
}

// Whether what stands at `at` is the beginning of a command.
bool BeginsCommand(std::string_view text, size_t at) {
  const size_t line = text.rfind('\n', at) + 1;  // npos + 1 is 0
  std::string_view before = text.substr(line, at - line);
  // Of "/usr/bin/name".
  const size_t path = before.find_last_of(" \t;|&(`") + 1;
  const std::string_view folder = before.substr(path);
  if (!folder.empty() && !(folder[0] == '/' && folder.ends_with('/'))) {
    return false;
  }
  before = before.substr(0, path);
  if (before.ends_with('`') || before.ends_with("$(")) return true;
  const size_t statement = before.find_last_of(";|&(") + 1;
  before.remove_prefix(statement);
  while (!before.empty()) {
    const size_t begin = before.find_first_not_of(" \t");
    if (begin == before.npos) break;
    before.remove_prefix(begin);
    const std::string_view word = before.substr(0, before.find_first_of(" \t"));
    if (!IsBeforeCommand(word)) return false;
    before.remove_prefix(word.size());
  }
  return true;
}

bool IsPlain(std::string_view word) {
  return std::ranges::all_of(word, [](unsigned char c) {
    return std::isalpha(c) != 0 || c == '\'' || c == ',' || c == '.';
  });
}

// "name makes one of all that it was given."
bool IsSentence(const ShownCommand& words) {
  constexpr size_t kWordsMin = 4;
  const auto plain = static_cast<size_t>(std::ranges::count_if(words, IsPlain));
  if (words.size() < kWordsMin) return false;
  const bool has_comma = std::ranges::any_of(words, [](const auto& word) {
    return word.size() > 1 && word.ends_with(',');
  });
  return plain == words.size() || (has_comma && 2 * plain > words.size());
}

bool IsForm(const ShownCommand& words) {
  return std::ranges::any_of(words, [](const std::string& word) {
    return word.find("...") != word.npos || word.find("…") != word.npos ||
           word.find("‐") != word.npos;
  });
}

}  // namespace

std::vector<ShownCommand> CommandsShownIn(std::string_view text,
                                          std::string_view name, size_t most) {
  std::vector<ShownCommand> commands;
  if (name.empty()) return commands;
  for (size_t at = text.find(name); at != text.npos && commands.size() < most;
       at = text.find(name, at + 1)) {
    const size_t end = at + name.size();
    const bool ends =
        end < text.size() && (text[end] == ' ' || text[end] == '\t');
    if (!ends || !BeginsCommand(text, at)) continue;
    ShownCommand words;
    if (!Cutter(text.substr(end)).Cut(words) || words.empty()) continue;
    if (IsSentence(words) || IsForm(words)) continue;
    if (std::ranges::find(commands, words) == commands.end()) {
      commands.push_back(std::move(words));
    }
  }
  return commands;
}

}  // namespace formfuzz::campaign
