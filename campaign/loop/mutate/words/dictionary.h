// SPDX-License-Identifier: Apache-2.0
// Words that the program looks for: given in a file, found in its binary, or
// seen where it compared its input with something.
//
// Bounded: at most kWordsMax words of at most kWordBytesMax bytes; compared
// operands replace the oldest ones.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_MUTATE_WORDS_DICTIONARY_H_
#define FORMFUZZ_CAMPAIGN_LOOP_MUTATE_WORDS_DICTIONARY_H_

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "campaign/loop/mutate/mutator.h"

namespace formfuzz::campaign {

class Dictionary {
 public:
  static constexpr size_t kWordsMax = 4096;
  static constexpr size_t kWordBytesMax = 128;
  static constexpr size_t kComparedMax = 1024;

  // False if it is there already, empty, too long, or one too many.
  bool Add(std::string_view word);

  // The format of AFL and libFuzzer: `name="value"`, `"value"`, `#` comments,
  // \\ \" and \xHH. InvalidArgument as path:line: what is wrong.
  absl::Status AddText(std::string_view text, const std::string& path);

  // The program compared `seen`, likely of its input, with `wanted`.
  void AddCompared(std::string_view seen, std::string_view wanted);

  // The program has it in its code for something that it compares.
  void AddByte(uint8_t byte);

  const std::vector<std::string>& words() const { return words_; }
  // No byte twice: marks of a text, kinds of a record, codes of a machine.
  const std::vector<uint8_t>& bytes() const { return bytes_; }
  const std::vector<std::pair<std::string, std::string>>& compared() const {
    return compared_;
  }
  bool empty() const { return words_.empty() && compared_.empty(); }

 private:
  std::vector<std::string> words_;
  std::vector<uint8_t> bytes_;
  std::unordered_set<std::string> known_;
  std::vector<std::pair<std::string, std::string>> compared_;
  size_t next_compared_ = 0;
};

// Writing a word over bytes, inserting one, and putting in place of what was
// seen what it was compared with.
void AddWordMutators(Mutators* mutators);

// Printable runs and such of the binary that look like what input is compared
// with: `limit` at most, shortest first. Empty where it cannot be read.
std::vector<std::string> StringsOfProgram(const std::string& path,
                                          size_t limit);

// Numbers that its code compares with, as bytes in both orders. Empty where it
// is no program for x86-64.
std::vector<std::string> ConstantsOfProgram(const std::string& path,
                                            size_t limit);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_MUTATE_WORDS_DICTIONARY_H_
