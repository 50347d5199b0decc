// SPDX-License-Identifier: Apache-2.0
// What the loop knows of a program's words and bytes, and what becomes of it.
#include <gnu/libc-version.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "campaign/loop/mutate/byte_mutators.h"
#include "campaign/loop/mutate/words/dictionary.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

TEST(WordsTest, ReadsDictionariesAndNamesTheWrongLine) {
  Dictionary words;
  ASSERT_TRUE(
      words.AddText("# words\nkw=\"a\\x00\\\"b\"\n\n\"plain\"\n", "words.dict")
          .ok());
  ASSERT_EQ(words.words().size(), 2u);
  EXPECT_EQ(words.words()[0], std::string("a\0\"b", 4));
  EXPECT_EQ(words.words()[1], "plain");
  const absl::Status wrong = words.AddText("a=\"b\"\nno quotes\n", "w.dict");
  EXPECT_NE(wrong.message().find("w.dict:2:"), std::string::npos);
}

TEST(WordsTest, AreNoFormatsButMayHaveTheirSign) {
  const std::string path =
      testing::TempDir() + "/formfuzz-words-" + std::to_string(getpid());
  constexpr char kProgram[] =
      "\1%PDF-\0%%EOF\0%d items\0of %-10.3s\0%5\0plain\0";
  std::ofstream(path, std::ios::binary).write(kProgram, sizeof(kProgram));
  EXPECT_EQ(StringsOfProgram(path, 16),
            (std::vector<std::string>{"%%EOF", "%PDF-", "plain"}));
  std::remove(path.c_str());
}

extern "C" void NameOfASymbol() {}

TEST(WordsTest, AreWhatAProgramLoadsAndNotTheNamesInIt) {
  constexpr uintmax_t kReadMax = 64 << 20;
  if (std::filesystem::file_size("/proc/self/exe") > kReadMax) {
    GTEST_SKIP() << "programs of that size are not looked into";
  }
  static volatile const char kConstant[] = "text-in-the-program";
  std::string own;
  for (const volatile char& c : kConstant) own.push_back(c);
  own.pop_back();
  NameOfASymbol();
  const auto words = StringsOfProgram("/proc/self/exe", 1 << 20);
  const auto has = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  EXPECT_TRUE(has(own));
  EXPECT_FALSE(has(std::string("NameOfAS") + "ymbol"));
  ASSERT_NE(gnu_get_libc_version(), nullptr);
  EXPECT_FALSE(has(std::string("gnu_get_libc_") + "version"));
}

// Of 64 random ones hardly any would be among the two.
TEST(WordsTest, MakesHalfOfFreshBytesSuchAsTheProgramKnows) {
  Dictionary words;
  for (const uint8_t byte : {0x41, 0x52, 0x41}) words.AddByte(byte);
  EXPECT_EQ(words.bytes(), (std::vector<uint8_t>{0x41, 0x52}));
  Mutators mutators;
  AddByteMutators(&mutators);
  for (const std::string_view name : {"set-byte", "insert-random"}) {
    const auto mutator =
        std::find_if(mutators.begin(), mutators.end(),
                     [&](const auto& one) { return one->name() == name; });
    ASSERT_NE(mutator, mutators.end());
    Random random(1);
    InputBytes input(1, 0);
    size_t known = 0;
    for (int i = 0; i < 64; ++i) {
      input.assign(1, 0);
      const MutationScene scene{
          .random = random, .size_max = 64, .other = {}, .words = words};
      ASSERT_TRUE((*mutator)->Mutate(scene, input));
      const uint8_t first = input[0] != 0 ? input[0] : input.back();
      known += first == 0x41 || first == 0x52 ? 1 : 0;
    }
    EXPECT_GT(known, 16u) << name;
    EXPECT_LT(known, 48u) << name;
  }
}

TEST(WordsTest, KeepsTheLatestComparisonsOnly) {
  Dictionary words;
  for (size_t i = 0; i < 3 * Dictionary::kComparedMax; ++i) {
    words.AddCompared("a", Concat("b", i));
  }
  EXPECT_EQ(words.compared().size(), Dictionary::kComparedMax);
}

}  // namespace
}  // namespace formfuzz::campaign
