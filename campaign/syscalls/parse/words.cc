// SPDX-License-Identifier: Apache-2.0
// Words and signs.

#include "campaign/syscalls/parse/words.h"

#include <algorithm>
#include <cctype>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

bool IsWordByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         c == '@';
}

// How many bytes at the beginning are no word: white space, comments.
size_t SkippedBytes(std::string_view text) {
  if (std::isspace(static_cast<unsigned char>(text[0])) != 0) return 1;
  if (text.substr(0, 2) == "//") {
    return std::min(text.find('\n'), text.size());
  }
  if (text.substr(0, 2) == "/*") {
    const size_t end = text.find("*/", 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  return 0;
}

size_t WordBytes(std::string_view text) {
  size_t size = 0;
  while (size < text.size() && IsWordByte(text[size])) ++size;
  if (size != 0) return size;
  for (const std::string_view sign : {"==", "!=", "<=", ">=", "||", "&&"}) {
    if (text.substr(0, 2) == sign) return 2;
  }
  return 1;
}

}  // namespace

std::vector<Word> WordsOf(std::string_view text) {
  std::vector<Word> words;
  int line = 1;
  while (!text.empty()) {
    const size_t skipped = SkippedBytes(text);
    const size_t size = skipped != 0 ? skipped : WordBytes(text);
    if (skipped == 0)
      words.push_back({std::string(text.substr(0, size)), line});
    line += static_cast<int>(
        std::count(text.begin(), text.begin() + static_cast<long>(size), '\n'));
    text.remove_prefix(size);
  }
  return words;
}

const std::string& WordReader::Peek(size_t ahead) const {
  static const auto* const kNone = new std::string;
  const size_t place = place_ + ahead;
  return place < words_.size() ? words_[place].text : *kNone;
}

std::string WordReader::Next() {
  std::string word = Peek();
  ++place_;
  return word;
}

bool WordReader::Take(std::string_view word) {
  if (AtEnd() || Peek() != word) return false;
  ++place_;
  return true;
}

absl::Status WordReader::Unexpected(std::string_view wanted) const {
  const bool end = AtEnd();
  const int line =
      words_.empty() ? 1 : words_[std::min(place_, words_.size() - 1)].line;
  return absl::InvalidArgumentError(
      Concat("line ", line, ": want ", wanted, ", not ",
             end ? "the end" : "\"" + Peek() + "\""));
}

absl::Status WordReader::Expect(std::string_view word) {
  return Take(word) ? absl::OkStatus() : Unexpected(word);
}

}  // namespace formfuzz::campaign
