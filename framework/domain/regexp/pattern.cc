// SPDX-License-Identifier: Apache-2.0
//
// A recursive-descent parser that emits automaton fragments as it reads, with
// no tree in between. One method a rule of the grammar:
//   alternatives = sequence {"|" sequence}
//   sequence     = {repeated}
//   repeated     = atom ["*" | "+" | "?" | "{" m ["," [n]] "}"]
//   atom         = byte | "." | escape | "[" class "]" | "(" alternatives ")"
#include "framework/domain/regexp/pattern.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace formfuzz::regexp {
namespace {

ByteSet Range(uint8_t first, uint8_t last) {
  ByteSet set;
  for (unsigned byte = first; byte <= last; ++byte) set.set(byte);
  return set;
}

ByteSet Single(char c) {
  return Range(static_cast<uint8_t>(c), static_cast<uint8_t>(c));
}

ByteSet WordBytes() {
  return Range('0', '9') | Range('a', 'z') | Range('A', 'Z') | Single('_');
}

// What \d and its like stand for; empty for any other letter.
ByteSet ShorthandClass(char letter) {
  switch (letter) {
    case 'd':
      return Range('0', '9');
    case 'D':
      return ~Range('0', '9');
    case 'w':
      return WordBytes();
    case 'W':
      return ~WordBytes();
    case 's':
      return Range('\t', '\r') | Single(' ');
    case 'S':
      return ~(Range('\t', '\r') | Single(' '));
    default:
      return {};
  }
}

// The byte that \n and its like stand for; empty for any other letter.
ByteSet ControlByte(char letter) {
  constexpr std::string_view kLetters = "nrtfv0";
  constexpr std::string_view kBytes{"\n\r\t\f\v\0", 6};
  const size_t at = kLetters.find(letter);
  return at == std::string_view::npos ? ByteSet() : Single(kBytes[at]);
}

// The value of a hexadecimal digit; 16 for any other character.
unsigned HexDigit(char c) {
  if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return 16;
  return absl::ascii_isdigit(static_cast<unsigned char>(c))
             ? static_cast<unsigned>(c - '0')
             : static_cast<unsigned>((c | 0x20) - 'a' + 10);
}

// Reads one pattern. The first error moves to the end of the pattern, so every
// method falls through from there, and what it returns means nothing.
class Parser {
 public:
  explicit Parser(std::string_view pattern) : pattern_(pattern) {}

  absl::StatusOr<Pattern> Parse() {
    if (pattern_.size() > kPatternBytesMax) {
      Fail(kPatternBytesMax, "the end; that is the longest pattern");
    }
    Take('^');
    const Nfa::Fragment whole = Alternatives();
    if (!Done()) Fail(position_, "no ')' that closes no group");
    if (!status_.ok()) return status_;
    return Pattern{std::move(nfa_), whole};
  }

 private:
  bool Done() const { return position_ >= pattern_.size(); }
  // A NUL byte at the end: no rule of the grammar begins with one.
  char Peek(size_t ahead = 0) const {
    const size_t at = position_ + ahead;
    return at < pattern_.size() ? pattern_[at] : '\0';
  }
  bool Take(char c) {
    const bool taken = !Done() && Peek() == c;
    if (taken) ++position_;
    return taken;
  }
  void Fail(size_t position, std::string_view expected) {
    if (status_.ok()) {
      status_ = absl::InvalidArgumentError(
          absl::StrCat("regexp '", std::string(pattern_), "': at byte ",
                       position, ": expected ", std::string(expected)));
    }
    position_ = pattern_.size();
  }

  Nfa::Fragment Alternatives() {
    Nfa::Fragment all = Sequence();
    while (Take('|')) all = nfa_.Either(all, Sequence());
    return all;
  }

  Nfa::Fragment Sequence() {
    Nfa::Fragment all = nfa_.Empty();
    while (!Done() && Peek() != '|' && Peek() != ')') {
      if (Peek() == '$' && position_ + 1 == pattern_.size()) {
        ++position_;
        break;
      }
      all = nfa_.Then(all, Repeated());
    }
    return all;
  }

  Nfa::Fragment Repeated() {
    const size_t begin = position_;
    const size_t first_node = nfa_.node_count();
    Nfa::Fragment atom = Atom();
    Repetition times;
    if (Quantifier(&times)) {
      RefuseSecondQuantifier();
      atom = nfa_.Repeat(atom, first_node, times);
    }
    if (nfa_.overflown()) Fail(begin, "fewer or shorter repetitions");
    return atom;
  }

  // True if a quantifier stood here and was read.
  bool Quantifier(Repetition* times) {
    if (Take('*')) {
      *times = {.min = 0, .unbounded = true};
    } else if (Take('+')) {
      *times = {.min = 1, .unbounded = true};
    } else if (Take('?')) {
      *times = {.min = 0, .max = 1};
    } else if (Take('{')) {
      *times = Braces();
    } else {
      return false;
    }
    return true;
  }

  void RefuseSecondQuantifier() {
    switch (Peek()) {
      case '?':
        return Fail(position_, "no lazy quantifier; whole texts match");
      case '+':
        return Fail(position_, "no possessive quantifier");
      case '*':
      case '{':
        return Fail(position_, "one quantifier; group with ( ) to nest them");
      default:
        return;
    }
  }

  Repetition Braces() {
    const size_t begin = position_;
    Repetition times;
    times.min = times.max = Number();
    if (Take(',')) {
      times.unbounded = Peek() == '}';
      if (!times.unbounded) times.max = Number();
    }
    if (!Take('}')) Fail(position_, "'}' after {m, {m, or {m,n");
    if (times.max < times.min) Fail(begin, "{m,n} with m at most n");
    return times;
  }

  size_t Number() {
    const size_t begin = position_;
    size_t number = 0;
    while (Peek() >= '0' && Peek() <= '9' && number <= kRepetitionMax) {
      number = number * 10 + static_cast<size_t>(pattern_[position_++] - '0');
    }
    if (position_ == begin) Fail(begin, "a number of repetitions");
    if (number <= kRepetitionMax) return number;
    Fail(begin, absl::StrCat("at most ", kRepetitionMax, " repetitions"));
    return 0;
  }

  Nfa::Fragment Atom() {
    const size_t begin = position_;
    const char c = pattern_[position_++];
    switch (c) {
      case '(':
        return Group(begin);
      case '[':
        return nfa_.Bytes(Class(begin));
      case '\\':
        return nfa_.Bytes(Escape(begin));
      case '.':
        return nfa_.Bytes(~Single('\n'));
      case '^':
        return Refuse(begin, "'^' at the very start alone");
      case '$':
        return Refuse(begin, "'$' at the very end alone");
      case '*':
      case '+':
      case '?':
      case '{':
        return Refuse(begin, "something to repeat");
      default:
        return nfa_.Bytes(Single(c));
    }
  }

  Nfa::Fragment Refuse(size_t position, std::string_view expected) {
    Fail(position, expected);
    return nfa_.Empty();
  }

  Nfa::Fragment Group(size_t begin) {
    if (Take('?') && !Take(':')) {
      return Refuse(begin, "( ) or (?: ); no lookaround, named group or flag");
    }
    if (depth_ == kGroupDepthMax) {
      return Refuse(begin,
                    absl::StrCat("groups at most ", kGroupDepthMax, " deep"));
    }
    ++depth_;
    const Nfa::Fragment inside = Alternatives();
    --depth_;
    if (!Take(')')) Fail(begin, "a ')' that closes this group");
    return inside;
  }

  // What follows a backslash, which stood at `begin`.
  ByteSet Escape(size_t begin) {
    if (Done()) Fail(begin, "a character after the backslash");
    const char c = Peek();
    ++position_;
    if (c == 'x') return HexEscape(begin);
    const ByteSet known = ControlByte(c) | ShorthandClass(c);
    if (known.any()) return known;
    const unsigned char byte = static_cast<unsigned char>(c);
    if (absl::ascii_isdigit(byte)) {
      Fail(begin, "no backreference, which no regular language has");
    } else if (absl::ascii_isalpha(byte)) {
      Fail(begin, "\\d \\w \\s \\D \\W \\S \\n \\r \\t \\f \\v \\0 or \\xHH");
    }
    return Single(c);
  }

  ByteSet HexEscape(size_t begin) {
    const unsigned high = HexDigit(Peek());
    const unsigned low = HexDigit(Peek(1));
    if (high > 15 || low > 15) Fail(begin, "two hexadecimal digits after \\x");
    position_ += 2;
    return Single(static_cast<char>(high * 16 + low));
  }

  // What follows a '[', which stood at `begin`.
  ByteSet Class(size_t begin) {
    const bool negated = Take('^');
    ByteSet set;
    while (!Done() && Peek() != ']') set |= ClassItem();
    if (!Take(']')) Fail(begin, "a ']' that closes this class");
    if (negated) set.flip();
    if (set.none()) Fail(begin, "a class that some byte is in");
    return set;
  }

  // One byte, shorthand or range. A '-' is itself when it stands first or last.
  ByteSet ClassItem() {
    const size_t begin = position_;
    const ByteSet first = ClassAtom();
    const bool ends = Peek(1) == ']' || position_ + 1 >= pattern_.size();
    if (Peek() != '-' || ends) return first;
    ++position_;
    const ByteSet last = ClassAtom();
    if (first.count() != 1 || last.count() != 1) {
      Fail(begin, "a range between two single bytes");
      return {};
    }
    const size_t from = first._Find_first();
    const size_t to = last._Find_first();
    if (from > to) Fail(begin, "a range that runs upwards");
    return Range(static_cast<uint8_t>(from), static_cast<uint8_t>(to));
  }

  ByteSet ClassAtom() {
    const size_t begin = position_;
    const char c = pattern_[position_++];
    if (c == '[' && Peek() == ':') {
      Fail(begin, "no POSIX class name; write \\[ for the byte");
    }
    return c == '\\' ? Escape(begin) : Single(c);
  }

  std::string_view pattern_;
  size_t position_ = 0;
  size_t depth_ = 0;
  absl::Status status_;
  Nfa nfa_;
};

}  // namespace

absl::StatusOr<Pattern> ParsePattern(std::string_view pattern) {
  return Parser(pattern).Parse();
}

}  // namespace formfuzz::regexp
