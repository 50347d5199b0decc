// SPDX-License-Identifier: Apache-2.0
// What names in programs and scripts are made of.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_WORD_CHAR_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_WORD_CHAR_H_

#include <cctype>

namespace formfuzz::campaign {

inline bool IsWordChar(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WRITINGS_WORD_CHAR_H_
