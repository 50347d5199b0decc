// SPDX-License-Identifier: Apache-2.0
// The lexer, and the one error it keeps.
#include "framework/input/text_source.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

constexpr size_t kFoundMax = 20;  // characters of the offending text shown

bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// '-' only inside a word ("vm-a"), and not before '>' ("ok->").
bool IsWordPart(char c, char next) {
  if (c == '-' || c == '.') return IsWordStart(next) || IsDigit(next);
  return IsWordStart(c) || IsDigit(c);
}
int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void TextSource::SkipBlanks() {
  while (Peek() == ' ' || Peek() == '\t' || Peek() == '\r') ++at_;
  if (Peek() != '#') return;
  while (at_ < text_.size() && text_[at_] != '\n') ++at_;
}

bool TextSource::Fail(std::string_view expected) {
  if (!ok()) return false;
  SkipBlanks();
  const std::string_view before = text_.substr(0, at_);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const size_t start = before.rfind('\n') + 1;  // npos + 1 == 0
  std::string_view found = text_.substr(at_, kFoundMax);
  found = found.substr(0, found.find('\n'));
  error_ =
      Concat(line, ":", at_ - start + 1, ": expected ", expected, ", found ",
             found.empty() ? "the end of the line" : Concat("'", found, "'"));
  return false;
}

bool TextSource::TryPunctuation(std::string_view mark) {
  if (!ok()) return false;
  SkipBlanks();
  if (!text_.substr(at_).starts_with(mark)) return false;
  at_ += mark.size();
  return true;
}

bool TextSource::Expect(std::string_view mark) {
  return TryPunctuation(mark) || Fail(Concat("'", mark, "'"));
}

std::string_view TextSource::TryWord() {
  if (!ok()) return {};
  SkipBlanks();
  if (!IsWordStart(Peek())) return {};
  const size_t start = at_;
  while (at_ < text_.size() && IsWordPart(Peek(), Peek(1))) ++at_;
  return text_.substr(start, at_ - start);
}

bool TextSource::TryWord(std::string_view word) {
  const size_t start = at_;
  if (TryWord() == word) return true;
  at_ = start;
  return false;
}

std::string_view TextSource::ExpectWord(std::string_view what) {
  const std::string_view word = TryWord();
  if (word.empty()) Fail(what);
  return word;
}

std::string_view TextSource::NumberToken() {
  SkipBlanks();
  size_t end = at_;
  while (end < text_.size() &&
         (IsWordPart(text_[end], '0') || text_[end] == '+')) {
    ++end;
  }
  return text_.substr(at_, end - at_);
}

bool TextSource::TryNumber(std::string_view number) {
  if (!ok() || NumberToken() != number) return false;
  at_ += number.size();
  return true;
}

template <class Number>
bool TextSource::ParseWhole(Number lowest, Number highest, Number* number) {
  if (!ok()) return false;
  const std::string_view token = NumberToken();
  const auto [end, code] =
      std::from_chars(token.data(), token.data() + token.size(), *number);
  const bool whole = end == token.data() + token.size() && code == std::errc();
  if (whole && lenient()) *number = std::clamp(*number, lowest, highest);
  if (!whole || *number < lowest || *number > highest) {
    return Fail(Concat("a whole number from ", lowest, " to ", highest));
  }
  at_ += token.size();
  return true;
}

bool TextSource::ParseSigned(int64_t lowest, int64_t highest, int64_t* number) {
  return ParseWhole(lowest, highest, number);
}

bool TextSource::ParseUnsigned(uint64_t lowest, uint64_t highest,
                               uint64_t* number) {
  return ParseWhole(lowest, highest, number);
}

bool TextSource::ParseDouble(double* number) {
  if (!ok()) return false;
  const std::string_view token = NumberToken();
  if (token == "nan") {
    *number = std::numeric_limits<double>::quiet_NaN();
  } else {
    const auto [end, code] =
        std::from_chars(token.data(), token.data() + token.size(), *number);
    if (code != std::errc() || end != token.data() + token.size()) {
      return Fail("a number");
    }
  }
  at_ += token.size();
  return true;
}

bool TextSource::ReadEscape(std::string* out) {
  const char kind = Peek();
  ++at_;
  switch (kind) {
    case 'n':
      out->push_back('\n');
      return true;
    case 'r':
      out->push_back('\r');
      return true;
    case 't':
      out->push_back('\t');
      return true;
    case '"':
    case '\\':
      out->push_back(kind);
      return true;
    default:
      break;
  }
  const int high = HexDigit(Peek());
  const int low = HexDigit(Peek(1));
  if (kind != 'x' || high < 0 || low < 0) {
    --at_;
    return Fail("one of the escapes \\\" \\\\ \\n \\r \\t \\xHH");
  }
  out->push_back(static_cast<char>(high * 16 + low));
  at_ += 2;
  return true;
}

bool TextSource::ParseQuoted(std::string_view* text) {
  if (!Expect("\"")) return false;
  std::string value;
  while (Peek() != '"') {
    if (at_ >= text_.size() || Peek() == '\n') return Fail("a closing '\"'");
    const char c = Peek();
    ++at_;
    if (c != '\\') {
      value.push_back(c);
    } else if (!ReadEscape(&value)) {
      return false;
    }
  }
  ++at_;
  *text = arena_->Copy(value);
  return true;
}

bool TextSource::ParseOption(std::span<const std::string_view> options,
                             size_t* index) {
  if (!ok()) return false;
  SkipBlanks();
  const size_t start = at_;
  const std::string_view word = TryWord();
  const auto found = std::find(options.begin(), options.end(), word);
  if (!word.empty() && found != options.end()) {
    *index = static_cast<size_t>(found - options.begin());
    return true;
  }
  at_ = start;
  std::string expected = "one of";
  for (auto option = options.begin(); option != options.end(); ++option) {
    if (std::find(options.begin(), option, *option) != option) continue;
    expected += Concat(" ", *option);
  }
  return Fail(expected);
}

bool TextSource::AtLineEnd() {
  SkipBlanks();
  return at_ >= text_.size() || Peek() == '\n';
}

void TextSource::SkipLine() {
  while (at_ < text_.size() && Peek() != '\n') ++at_;
}

bool TextSource::NextLine() {
  SkipLine();
  while (at_ < text_.size() && AtLineEnd()) ++at_;
  return at_ < text_.size();
}

bool TextSource::SkipGroup() {
  int depth = 0;
  do {
    if (AtLineEnd()) return Fail("a closing bracket");
    const char c = Peek();
    if (c == '"') {
      std::string_view ignored;
      if (!ParseQuoted(&ignored)) return false;
      continue;
    }
    if (c == '{' || c == '[' || c == '(') ++depth;
    if (c == '}' || c == ']' || c == ')') --depth;
    ++at_;
  } while (depth > 0);
  return true;
}

bool TextSource::PassInstead(const TextSource& before) {
  if (!lenient()) return false;
  *this = before;
  return SkipValue();
}

bool TextSource::SkipValue() {
  if (!ok()) return false;
  SkipBlanks();
  const char c = Peek();
  if (c == '{' || c == '[' || c == '(' || c == '"') {
    std::string_view ignored;
    return c == '"' ? ParseQuoted(&ignored) : SkipGroup();
  }
  if (!TryWord().empty()) {
    SkipBlanks();
    const char next = Peek();
    return next == '(' || next == '{' ? SkipGroup() : true;
  }
  const size_t size = NumberToken().size();
  at_ += size;
  return size > 0 || Fail("a value");
}

}  // namespace formfuzz
