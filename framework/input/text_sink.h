// SPDX-License-Identifier: Apache-2.0
// Where a domain prints to: one line of text that TextSource reads back.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_TEXT_SINK_H_
#define FORMFUZZ_FRAMEWORK_INPUT_TEXT_SINK_H_

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace formfuzz {

// Whether a word is printed without quotes where words are wanted: letters,
// digits and '_', and no digit first.
bool IsName(std::string_view word);

class TextSink {
 public:
  TextSink& Put(std::string_view text) {
    text_.append(text);
    return *this;
  }

  template <std::integral Number>
  TextSink& PutNumber(Number number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    return Put({digits, static_cast<size_t>(end - digits)});
  }

  // The shortest form that reads back to the same number; inf, -inf, nan.
  TextSink& PutNumber(double number);

  // In double quotes; \" \\ \n \r \t, and \xHH for the rest that is not
  // printable ASCII.
  TextSink& PutQuoted(std::string_view text);

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_TEXT_SINK_H_
