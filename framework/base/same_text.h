// SPDX-License-Identifier: Apache-2.0
// Whether texts are the same, compared in place: for short ones that are
// compared again and again.
#ifndef FORMFUZZ_FRAMEWORK_BASE_SAME_TEXT_H_
#define FORMFUZZ_FRAMEWORK_BASE_SAME_TEXT_H_

#include <cstdint>
#include <cstring>
#include <string_view>

namespace formfuzz {

template <class Word>
Word WordAt(const char* at) {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// All bytes of a text of less than eight, some of them twice.
inline uint64_t ShortWord(const char* at, size_t size) {
  if (size >= 4) {
    return uint64_t{WordAt<uint32_t>(at)} << 32 |
           WordAt<uint32_t>(at + size - 4);
  }
  if (size == 0) return 0;
  return uint64_t{WordAt<uint8_t>(at)} << 16 |
         uint64_t{WordAt<uint8_t>(at + size / 2)} << 8 |
         WordAt<uint8_t>(at + size - 1);
}

// Nearly always they are, and short: a call, which coverage intercepts, would
// take several times as long as the comparison.
inline bool IsSameText(std::string_view a, std::string_view b) {
  constexpr size_t kWord = sizeof(uint64_t);
  const size_t size = a.size();
  if (size != b.size()) return false;
  if (size < kWord) {
    return ShortWord(a.data(), size) == ShortWord(b.data(), size);
  }
  const size_t last = size - kWord;  // overlaps the word before it
  for (size_t at = 0; at < last; at += kWord) {
    if (WordAt<uint64_t>(a.data() + at) != WordAt<uint64_t>(b.data() + at)) {
      return false;
    }
  }
  return WordAt<uint64_t>(a.data() + last) == WordAt<uint64_t>(b.data() + last);
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_SAME_TEXT_H_
