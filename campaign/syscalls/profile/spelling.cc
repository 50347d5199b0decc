// SPDX-License-Identifier: Apache-2.0
// Spelling of bytes, words, numbers and errors.

#include "campaign/syscalls/profile/spelling.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr int kErrnoMax = 4095;  // the kernel's own limit
constexpr int kErrnoNamedMax = 133;
constexpr char kDigits[] = "0123456789abcdef";

bool IsPlain(const std::string& word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 ||
                  absl::string_view("-_./=:,+@%").find(static_cast<char>(c)) !=
                      absl::string_view::npos;
         });
}

void AppendEscaped(unsigned char c, std::string* text) {
  if (c == '\'' || c == '\\') {
    absl::StrAppend(text, "\\", std::string(1, static_cast<char>(c)));
  } else if (c >= ' ' && c < 127) {
    text->push_back(static_cast<char>(c));
  } else {
    absl::StrAppend(text, "\\x", std::string(1, kDigits[c >> 4]),
                    std::string(1, kDigits[c & 15]));
  }
}

// How many bytes the UTF-8 character that begins here has; 0: it is none.
size_t CharacterBytes(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Longer than need be, a surrogate, or beyond Unicode.
  const unsigned second = byte(1);
  if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
      (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f)) {
    return 0;
  }
  return bytes;
}

// UTF-8 without control characters.
bool IsPrintable(std::string_view text) {
  while (!text.empty()) {
    const size_t size = CharacterBytes(text);
    const auto c = static_cast<unsigned char>(text[0]);
    if (size == 0 || c < ' ' || c == 127) return false;
    text.remove_prefix(size);
  }
  return true;
}

int DigitOf(char c) {
  const char* found = std::strchr(kDigits, c);
  return c == 0 || found == nullptr ? -1 : static_cast<int>(found - kDigits);
}

}  // namespace

std::string ShellQuoted(const std::string& word) {
  if (IsPlain(word)) return word;
  std::string text = IsPrintable(word) ? "'" : "$'";
  for (const char c : word) {
    if (text[0] == '$') {
      AppendEscaped(static_cast<unsigned char>(c), &text);
    } else {
      text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
  }
  return text + "'";
}

std::string EscapeBytes(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const auto c = static_cast<unsigned char>(bytes[0]);
    const size_t size = CharacterBytes(bytes);
    if (c == '\\') {
      text += "\\\\";
    } else if (size == 0 || c < ' ' || c == 127) {
      absl::StrAppend(&text, "\\x", std::string(1, kDigits[c >> 4]),
                      std::string(1, kDigits[c & 15]));
    } else {
      text += bytes.substr(0, size);
    }
    bytes.remove_prefix(std::max<size_t>(size, 1));
  }
  return text;
}

std::string UnescapeBytes(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool hex = text.size() - i > 3 && text[i + 1] == 'x' &&
                     DigitOf(text[i + 2]) >= 0 && DigitOf(text[i + 3]) >= 0;
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes.push_back(text[i]);
    } else if (hex) {
      bytes.push_back(
          static_cast<char>(DigitOf(text[i + 2]) * 16 + DigitOf(text[i + 3])));
      i += 3;
    } else {
      bytes.push_back(text[++i]);
    }
  }
  return bytes;
}

std::string NameOfErrno(int code) {
  const char* name = code == 0 ? nullptr : strerrorname_np(code);
  return name == nullptr ? absl::StrCat(code) : name;
}

std::optional<int> ErrnoOfName(std::string_view name) {
  for (int code = 1; code <= kErrnoNamedMax; ++code) {
    const char* known = strerrorname_np(code);
    if (known != nullptr && name == known) return code;
  }
  int code = 0;
  if (absl::SimpleAtoi(ToAbsl(name), &code) && code >= 0 && code <= kErrnoMax) {
    return code;
  }
  return std::nullopt;
}

std::string HexOf(uint64_t value) {
  return absl::StrCat("0x", absl::Hex(value));
}

std::optional<uint64_t> NumberOf(std::string_view text) {
  const bool hex =
      text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  const bool octal = !hex && text.size() > 1 && text[0] == '0';
  const std::string_view digits = text.substr(hex ? 2 : 0);
  const unsigned base = hex ? 16 : octal ? 8 : 10;
  uint64_t value = 0;
  for (const char c : digits) {
    const int digit = DigitOf(static_cast<char>(std::tolower(c)));
    if (digit < 0 || static_cast<unsigned>(digit) >= base) return std::nullopt;
    const auto added = static_cast<uint64_t>(digit);
    if (value > (~uint64_t{0} - added) / base) return std::nullopt;
    value = value * base + added;
  }
  if (digits.empty()) return std::nullopt;
  return value;
}

}  // namespace formfuzz::campaign
