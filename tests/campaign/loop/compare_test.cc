// SPDX-License-Identifier: Apache-2.0
// Putting into inputs what they were compared with.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "campaign/loop/compare/colour.h"
#include "campaign/loop/compare/known_comparisons.h"
#include "campaign/loop/compare/patience.h"
#include "campaign/loop/compare/replacements.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Comparison Numbers(const std::string& constant, const std::string& seen) {
  return {.left = constant,
          .right = seen,
          .numbers = true,
          .left_is_constant = true};
}

Comparison Texts(const std::string& left, const std::string& right) {
  return {.left = left,
          .right = right,
          .numbers = false,
          .left_is_constant = false};
}

// All inputs that replacing in `input` makes.
std::vector<std::string> Made(const Comparison& comparison,
                              const std::string& input, size_t limit = 100) {
  std::vector<std::string> made;
  for (const Replacement& one :
       ReplacementsOf({comparison}, AsBytes(input), limit)) {
    InputBytes changed(input.begin(), input.end());
    Apply(one, 64, changed);
    made.emplace_back(changed.begin(), changed.end());
  }
  return made;
}

TEST(ReplacementsTest, PutNumbersInBothByteOrders) {
  const Comparison compared = Numbers("\x34\x12\xed\x7f", "AbCd");
  EXPECT_THAT(Made(compared, "xAbCdy"), Contains("x\x34\x12\xed\x7fy"));
  EXPECT_THAT(Made(compared, "xdCbAy"), Contains("x\x7f\xed\x12\x34y"));
}

TEST(ReplacementsTest, PutWhatLessAndGreaterWant) {
  const auto made = Made(Numbers("\x10\x20", "AB"), "AB");
  EXPECT_THAT(made, Contains("\x11\x20"));
  EXPECT_THAT(made, Contains("\x0f\x20"));
}

TEST(ReplacementsTest, PutNarrowerNumbersWhereTheyWereWidened) {
  const std::string wanted("\xef\xbe\0\0", 4);
  const std::string seen("AB\0\0", 4);
  EXPECT_THAT(Made(Numbers(wanted, seen), "xABy"), Contains("x\xef\xbey"));
  EXPECT_THAT(Made(Numbers(wanted, seen), "xBAy"), Contains("x\xbe\xefy"));
}

TEST(ReplacementsTest, PutNumbersAsDecimalText) {
  const std::string wanted("\x39\x05\0\0", 4);  // 1337
  const std::string seen("\x2a\0\0\0", 4);      // 42
  EXPECT_THAT(Made(Numbers(wanted, seen), "n=42;"), Contains("n=1337;"));
}

TEST(ReplacementsTest, PutTextsOfOtherSizes) {
  EXPECT_THAT(Made(Texts("GET", "POST"), "GET /"), Contains("POST /"));
  EXPECT_THAT(Made(Texts("GET", "POST"), "POST /"), Contains("GET /"));
}

TEST(ReplacementsTest, PutTextsWhereThereIsNothingYet) {
  const auto made = Made(Texts("", "key"), "{\"\":");
  EXPECT_THAT(made, Contains("{\"\":key"));
  EXPECT_THAT(made, Contains("{\"key\":"));
}

TEST(ReplacementsTest, PutTextsThatAreNotThereAsWordsOfTheirOwn) {
  EXPECT_THAT(Made(Texts("", "admin"), "USER"), Contains("USER admin"));
}

// Which line it is tells what was compared before, even if that was equal.
TEST(ReplacementsTest, PutTextsThatAreNotThereIntoTheLineOfTheLast) {
  const std::string input = "USER a\nPASS\n=1\n" + std::string(64, '\n');
  std::vector<std::string> made;
  for (const Replacement& one : ReplacementsOf(
           {Texts("PASS", "PASS"), Texts("", "key")}, AsBytes(input), 100)) {
    InputBytes changed(input.begin(), input.end());
    Apply(one, 128, changed);
    made.emplace_back(AsText(changed).substr(0, 20));
  }
  EXPECT_THAT(made, Contains("USER a\nPASS key\n=1\n\n"));
  EXPECT_THAT(made, Contains("USER a\nPASS\nkey=1\n\n\n"));
}

TEST(ReplacementsTest, PutTextsBehindTheLineThatBeginsWithAnother) {
  const auto made = Made(Texts("USER", "PASS"), "USER a\nQUIT");
  EXPECT_THAT(made, Contains("USER a\nPASS\nQUIT"));
  EXPECT_THAT(made, Contains("USER a\nQUIT\nPASS"));
  EXPECT_THAT(Made(Texts("USER", "PASS"), "USER a\n"),
              Contains("USER a\nPASS"));
}

TEST(ReplacementsTest, EndTextsThatGoOnBehindWhatIsCompared) {
  EXPECT_THAT(Made(Texts("abcdef", "key"), "xabcdefgh"),
              Contains(std::string("xkey\0efgh", 9)));
}

TEST(ReplacementsTest, PutTextsThatAreComparedAsNumbers) {
  const Comparison compared = Numbers("priority", std::string("name\0val", 8));
  EXPECT_THAT(Made(compared, "name=value"), Contains("priority=value"));
}

TEST(ReplacementsTest, WriteNumbersThatAreNotThereYet) {
  const std::string wanted("\x39\x05\0\0", 4);  // 1337
  EXPECT_THAT(Made(Numbers(wanted, std::string(4, '\0')), "{\"n\":"),
              Contains("{\"n\":1337"));
}

TEST(ReplacementsTest, GoOnWhereTheInputEnds) {
  const std::string wanted(":\0\0\0", 4);
  EXPECT_THAT(Made(Numbers(wanted, "\xff\xff\xff\xff"), "{\"a\""),
              Contains("{\"a\":"));
  EXPECT_THAT(Made(Numbers(":", std::string(1, '\0')), "{\"a\""),
              Contains("{\"a\":"));
}

TEST(ReplacementsTest, LengthenInputsByWhatANumberLacks) {
  const std::string wanted("\x0c\0\0\0", 4);
  const std::string seen("\x0a\0\0\0", 4);
  EXPECT_THAT(Made(Numbers(wanted, seen), "0123456789"),
              Contains(std::string("0123456789\0\0", 12)));
}

TEST(ReplacementsTest, UndoWhatAnInversionWasMergedInto) {
  // ~0x12345678 against "ABCD", which lies at the end.
  const uint32_t sum = 0x12345678;
  uint32_t read = 0;
  memcpy(&read, "ABCD", 4);
  const uint32_t differs = sum ^ read;
  const std::string seen(reinterpret_cast<const char*>(&differs), 4);
  const uint32_t wanted = ~sum;
  const std::string bytes(reinterpret_cast<const char*>(&wanted), 4);
  EXPECT_THAT(Made(Numbers("\xff\xff\xff\xff", seen), "xyABCD"),
              Contains("xy" + bytes));
}

TEST(ReplacementsTest, NeverReplaceTheProgramsOwnConstants) {
  EXPECT_THAT(Made(Numbers("\x34\x12", "AB"), "\x34\x12"), IsEmpty());
}

TEST(ReplacementsTest, AreBounded) {
  const std::string input(1000, 'A');
  EXPECT_THAT(Made(Numbers("\x34\x12", "AA"), input, 3), SizeIs(3));
}

TEST(ReplacementsTest, StayWithinTheSizeOfInputs) {
  const std::string input(64, 'A');
  for (const std::string& made : Made(Texts("A", "BBBB"), input)) {
    EXPECT_LE(made.size(), 64u);
  }
}

TEST(ReplacementsTest, ApplyTogetherFirstTheLikeliestThatDoNotOverlap) {
  const std::vector<Replacement> all = {{.at = 0, .size = 2, .bytes = "AB"},
                                        {.at = 1, .size = 2, .bytes = "xx"},
                                        {.at = 4, .size = 2, .bytes = "CD"},
                                        {.at = 6, .size = 0, .bytes = "longer"},
                                        {.at = 2, .size = 1, .bytes = "E"}};
  InputBytes input(6, '.');
  EXPECT_EQ(ApplySome(all, nullptr, input), 3u);
  EXPECT_EQ(AsText(input), "ABE.CD");
}

TEST(ReplacementsTest, ApplyTogetherInAnyOrderByChance) {
  const std::vector<Replacement> all = {{.at = 0, .size = 2, .bytes = "AB"},
                                        {.at = 1, .size = 2, .bytes = "xx"},
                                        {.at = 4, .size = 2, .bytes = "CD"}};
  Random random(1);
  std::set<std::string> made;
  for (int i = 0; i < 64; ++i) {
    InputBytes input(6, '.');
    EXPECT_EQ(ApplySome(all, &random, input), 2u);
    made.emplace(AsText(input));
  }
  EXPECT_EQ(made, (std::set<std::string>{"AB..CD", ".xx.CD"}));
}

TEST(ReplacementsTest, WriteNumbersNearToWhatWasComparedBefore) {
  const std::string zero(1, '\0');
  const std::string nine(4, '9');
  std::string input(200, '\0');
  input.replace(150, 4, nine);
  std::vector<size_t> places;
  for (const Replacement& one :
       ReplacementsOf({Numbers("8888", nine), Numbers("\x07", zero)},
                      AsBytes(input), 64)) {
    if (one.of == 1 && one.bytes == "\x07" && one.size == 1) {
      places.push_back(one.at);
    }
  }
  EXPECT_THAT(places, SizeIs(16));
  for (const size_t at : places) {
    EXPECT_GE(at, 140u);
    EXPECT_LE(at, 164u);
  }
}

Comparison At(uint32_t place, Comparison comparison) {
  comparison.place = place;
  return comparison;
}

TEST(KnownComparisonsTest, TakesBackWhatWasAdded) {
  const Comparison one = At(1, Numbers("x", "a"));
  const Comparison other = At(1, Numbers("x", "b"));
  KnownComparisons known;
  known.Add({one, one});
  known.Add({one, other});
  EXPECT_TRUE(known.Has(other));
  known.TakeBack({one, other});
  EXPECT_TRUE(known.Has(one));
  EXPECT_FALSE(known.Has(other));
  EXPECT_TRUE(known.HasPlaceOf(other));
  known.TakeBack({one, one});
  EXPECT_FALSE(known.Has(one));
  EXPECT_FALSE(known.HasPlaceOf(one));
}

TEST(PatienceTest, EndsWithTrialsInVain) {
  Patience patience;
  const Comparison compared = At(1, Numbers("x", "a"));
  int trials = 0;
  for (; !patience.IsOver(compared) && trials < 1000; ++trials) {
    patience.Note({compared}, {});
  }
  EXPECT_GT(trials, 1);
  EXPECT_LT(trials, 1000);
  // Whatever the input held, it is the same comparison.
  EXPECT_TRUE(patience.IsOver(At(1, Numbers("x", "b"))));
  EXPECT_FALSE(patience.IsOver(At(1, Numbers("y", "a"))));
  EXPECT_FALSE(patience.IsOver(At(2, Numbers("x", "a"))));
  patience.Note({}, {compared});
  EXPECT_FALSE(patience.IsOver(compared));
}

TEST(PatienceTest, KnowsATextOnEitherSide) {
  Patience patience;
  for (int i = 0; i < 1000; ++i) {
    patience.Note({At(1, Texts(std::to_string(i), "key"))}, {});
  }
  EXPECT_TRUE(patience.IsOver(At(1, Texts("other", "key"))));
  EXPECT_FALSE(patience.IsOver(At(1, Texts("other", "lock"))));
}

TEST(PatienceTest, CountsAnInputOnce) {
  std::vector<Comparison> keywords;
  for (int i = 0; i < 1000; ++i) {
    keywords.push_back(At(1, Texts("token", std::to_string(i))));
  }
  Patience patience;
  patience.Note(keywords, {});
  EXPECT_FALSE(patience.IsFresh(At(1, Texts("token", "other"))));
  EXPECT_FALSE(patience.IsOver(At(1, Texts("token", "other"))));
}

// Those of `input` that `same` does not hold on to.
InputBytes Coloured(const std::string& input, const DoesTheSame& same,
                    size_t tries = 1000) {
  Random random(1);
  InputBytes bytes(input.begin(), input.end());
  Colour(random, tries, same, bytes);
  return bytes;
}

TEST(ColourTest, ChangesAllThatDoesNotMatter) {
  const std::string input = "ab12CD--MAGIC--xy";
  const auto same = [](Bytes changed) {
    return AsText(changed).substr(8, 5) == "MAGIC";
  };
  const InputBytes changed = Coloured(input, same);
  ASSERT_EQ(changed.size(), input.size());
  for (size_t i = 0; i < input.size(); ++i) {
    const bool matters = i >= 8 && i < 13;
    EXPECT_EQ(changed[i] == static_cast<uint8_t>(input[i]), matters) << i;
  }
}

TEST(ColourTest, LeavesLettersAndDigitsWhatTheyAre) {
  const InputBytes changed = Coloured("aZ5", [](Bytes) { return true; });
  EXPECT_TRUE(changed[0] >= 'a' && changed[0] <= 'z');
  EXPECT_TRUE(changed[1] >= 'A' && changed[1] <= 'Z');
  EXPECT_TRUE(changed[2] >= '0' && changed[2] <= '9');
}

TEST(ColourTest, AsksNoMoreOftenThanItMay) {
  size_t asked = 0;
  const auto never = [&asked](Bytes) {
    ++asked;
    return false;
  };
  const std::string input(100, 'x');
  EXPECT_EQ(Coloured(input, never, 10), InputBytes(input.begin(), input.end()));
  EXPECT_EQ(asked, 10u);
}

TEST(ReplacementsTest, TeachTheDictionaryWhatTells) {
  Dictionary words;
  LearnWords({Numbers("\x34\x12\xed\x7f", "AbCd"), Numbers("\x01", "A")},
             words);
  EXPECT_THAT(words.words(), Contains("\x34\x12\xed\x7f"));
  EXPECT_THAT(words.words(), Contains("\x7f\xed\x12\x34"));
  EXPECT_THAT(words.words(), Contains("2146243124"));  // a number as text
  EXPECT_THAT(words.words(), SizeIs(3));
}

}  // namespace
}  // namespace formfuzz::campaign
