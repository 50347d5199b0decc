// SPDX-License-Identifier: Apache-2.0
// No byte of a text is left out, whatever its length.
#include "framework/base/same_text.h"

#include <gtest/gtest.h>

#include <string>

namespace formfuzz {
namespace {

TEST(SameTextTest, EveryByteOfEveryLengthCounts) {
  for (size_t size = 0; size < 40; ++size) {
    std::string text;
    for (size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    EXPECT_TRUE(IsSameText(text, std::string(text)));
    EXPECT_FALSE(IsSameText(text, text + "a"));
    for (size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = static_cast<char>(other[i] ^ 0x80);
      EXPECT_FALSE(IsSameText(text, other)) << i << " of " << size;
    }
  }
}

}  // namespace
}  // namespace formfuzz
