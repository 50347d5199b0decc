// SPDX-License-Identifier: Apache-2.0
// Digests are written to disk: their values are part of the format.
#include "framework/base/digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace formfuzz {
namespace {

TEST(DigestTest, MixIsTheFinaliserOfSplitMix64) {
  // The first two outputs of SplitMix64 seeded with 0, as published.
  EXPECT_EQ(Mix(0x9e3779b97f4a7c15), 0xe220a8397b1dcdafu);
  EXPECT_EQ(Mix(2 * uint64_t{0x9e3779b97f4a7c15}), 0x6e789e6aa1b965f4u);
}

TEST(DigestTest, KeepsItsValuesForEver) {
  EXPECT_EQ(ToHex(DigestOf("")), "dcf6079192e113be");
  EXPECT_EQ(ToHex(DigestOf("alice")), "fc5fff5ead48712d");
  EXPECT_EQ(ToHex(DigestOf("twelve bytes")), "c4c16d866495a4ac");
  EXPECT_EQ(ToHex(Digest().Add(1).Add(2).value()), "f4e66a11e690f5d5");
}

TEST(DigestTest, DependsOnOrderAndOnWhereTextsEnd) {
  EXPECT_NE(Mix(1, 2), Mix(2, 1));
  EXPECT_NE(Digest().Add(1).Add(2).value(), Digest().Add(2).Add(1).value());
  EXPECT_NE(Digest().Add("ab").Add("c").value(),
            Digest().Add("a").Add("bc").value());
  EXPECT_NE(DigestOf(std::string_view("\0", 1)),
            DigestOf(std::string_view("\0\0", 2)));
}

TEST(DigestTest, TellsEveryOneBitChangeApart) {
  std::set<uint64_t> digests;
  const std::string zeros(21, '\0');
  for (size_t bit = 0; bit < zeros.size() * 8; ++bit) {
    std::string changed = zeros;
    changed[bit / 8] = static_cast<char>(1 << bit % 8);
    digests.insert(DigestOf(changed));
  }
  EXPECT_EQ(digests.size(), zeros.size() * 8);
}

TEST(DigestTest, PrintsSixteenLowerCaseDigits) {
  EXPECT_EQ(ToHex(0), "0000000000000000");
  EXPECT_EQ(ToHex(0xABCDEF), "0000000000abcdef");
  EXPECT_EQ(ToHex(UINT64_MAX), "ffffffffffffffff");
}

}  // namespace
}  // namespace formfuzz
