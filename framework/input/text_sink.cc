// SPDX-License-Identifier: Apache-2.0
// Numbers and quoting.
#include "framework/input/text_sink.h"

#include <algorithm>
#include <cmath>

namespace formfuzz {

bool IsName(std::string_view word) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto ok = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           is_digit(c);
  };
  return !word.empty() && !is_digit(word[0]) &&
         std::all_of(word.begin(), word.end(), ok);
}

TextSink& TextSink::PutNumber(double number) {
  if (std::isnan(number)) return Put("nan");
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return Put({digits, static_cast<size_t>(end - digits)});
}

TextSink& TextSink::PutQuoted(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  text_.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '"':
        Put("\\\"");
        continue;
      case '\\':
        Put("\\\\");
        continue;
      case '\n':
        Put("\\n");
        continue;
      case '\r':
        Put("\\r");
        continue;
      case '\t':
        Put("\\t");
        continue;
      default:
        break;
    }
    if (byte >= 0x20 && byte < 0x7f) {
      text_.push_back(c);
    } else {
      Put("\\x");
      text_.push_back(kDigits[byte >> 4]);
      text_.push_back(kDigits[byte & 15]);
    }
  }
  text_.push_back('"');
  return *this;
}

}  // namespace formfuzz
