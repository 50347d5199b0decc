// SPDX-License-Identifier: Apache-2.0
// Where a domain parses from: text written by people, with one clear error.
//
// The first failure is kept with its line and column and every later read
// fails too, so a parser need not look after each token. A `#` starts a
// comment that ends with the line. Strings and other results live in the
// arena.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_TEXT_SOURCE_H_
#define FORMFUZZ_FRAMEWORK_INPUT_TEXT_SOURCE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "framework/base/arena.h"
#include "framework/input/handle_counts.h"

namespace formfuzz {

// What to do with text that an older or newer schema wrote.
enum class Leniency : uint8_t {
  kStrict,  // an unknown name or a number out of range is an error
  kMigrate  // unknown fields are skipped, numbers clamped
};

class TextSource {
 public:
  TextSource(std::string_view text, Arena& arena,
             Leniency leniency = Leniency::kStrict)
      : text_(text), arena_(&arena), leniency_(leniency) {}

  // Each skips white space (not line ends) and comments first.
  bool TryPunctuation(std::string_view mark);  // consumes it if it is next
  bool Expect(std::string_view mark);          // or fails
  std::string_view TryWord();                  // [A-Za-z_][A-Za-z0-9_.-]*
  bool TryWord(std::string_view word);         // just this one
  std::string_view ExpectWord(std::string_view what);
  bool TryNumber(std::string_view number);  // just this one, whole
  bool ParseSigned(int64_t lowest, int64_t highest, int64_t* number);
  bool ParseUnsigned(uint64_t lowest, uint64_t highest, uint64_t* number);
  bool ParseDouble(double* number);
  bool ParseQuoted(std::string_view* text);
  // One of `options`; fails with all of them named.
  bool ParseOption(std::span<const std::string_view> options, size_t* index);

  bool AtLineEnd();  // nothing but white space and comment left in the line
  bool NextLine();   // goes to the next line that holds something
  void SkipLine();
  // After a failed parse of a value that began where `before` stands: passes
  // it, so that the rest can be read. Only when lenient.
  bool PassInstead(const TextSource& before);
  // Passes one whole value: a bracketed group, a string, a number or words.
  bool SkipValue();

  // Records `expected` at the current place; always returns false.
  bool Fail(std::string_view expected);
  bool ok() const { return error_.empty(); }
  // "3:17: expected …, found …"; empty while ok.
  const std::string& error() const { return error_; }

  bool lenient() const { return leniency_ == Leniency::kMigrate; }
  Arena& arena() { return *arena_; }
  const HandleCounts* handles() const { return handles_; }
  void set_handles(const HandleCounts* handles) { handles_ = handles; }

 private:
  void SkipBlanks();
  std::string_view NumberToken();
  template <class Number>
  bool ParseWhole(Number lowest, Number highest, Number* number);
  bool ReadEscape(std::string* out);
  bool SkipGroup();
  char Peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  size_t at_ = 0;
  Arena* arena_;
  Leniency leniency_;
  const HandleCounts* handles_ = nullptr;
  std::string error_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_TEXT_SOURCE_H_
