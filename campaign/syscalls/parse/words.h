// SPDX-License-Identifier: Apache-2.0
// Takes the text of a policy apart into words and signs, for minijail's and
// kafel's languages.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_WORDS_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace formfuzz::campaign {

struct Word {
  std::string text;
  int line = 0;
};

// Identifiers and numbers ([A-Za-z0-9_@]+) and signs, of which == != <= >= ||
// and && are one each. // and /* */ are comments.
std::vector<Word> WordsOf(std::string_view text);

// Goes through them; past the end there are empty words.
class WordReader {
 public:
  explicit WordReader(std::vector<Word> words) : words_(std::move(words)) {}

  const std::string& Peek(size_t ahead = 0) const;
  std::string Next();
  bool Take(std::string_view word);  // if it is the next one
  bool AtEnd() const { return place_ >= words_.size(); }
  size_t place() const { return place_; }
  void GoTo(size_t place) { place_ = place; }

  // "line 3: want a number, not ..."
  absl::Status Unexpected(std::string_view wanted) const;
  absl::Status Expect(std::string_view word);

 private:
  std::vector<Word> words_;
  size_t place_ = 0;
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_PARSE_WORDS_H_
