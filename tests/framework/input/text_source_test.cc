// SPDX-License-Identifier: Apache-2.0
// Text in and out: what is printed is read back, and the first error says
// where it is, what was expected and what was found.
#include "framework/input/text_source.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "framework/input/text_sink.h"

namespace formfuzz {
namespace {

struct BadText {
  const char* name;
  const char* text;
  std::function<void(TextSource&)> read;
  const char* error;
};

constexpr std::string_view kColours[] = {"red", "green"};

void ReadNumber(TextSource& in) {
  uint64_t number = 0;
  in.ParseUnsigned(1, 64, &number);
}
void ReadString(TextSource& in) {
  std::string_view text;
  in.ParseQuoted(&text);
}
void ReadColour(TextSource& in) {
  size_t index = 0;
  in.ParseOption(kColours, &index);
}

const BadText kBadTexts[] = {
    {"Punctuation", "a  ; b",
     [](TextSource& in) { in.TryWord(), in.Expect(":"); },
     "1:4: expected ':', found '; b'"},
    {"EndOfText", "", [](TextSource& in) { in.ExpectWord("a name"); },
     "1:1: expected a name, found the end of the line"},
    {"EndOfLine", "one\ntwo",
     [](TextSource& in) { in.TryWord(), in.ExpectWord("a name"); },
     "1:4: expected a name, found the end of the line"},
    {"LaterLine", "one\n\n# comment\n  3",
     [](TextSource& in) { in.NextLine(), in.ExpectWord("a name"); },
     "4:3: expected a name, found '3'"},
    {"TooLarge", "  65", ReadNumber,
     "1:3: expected a whole number from 1 to 64, found '65'"},
    {"TooSmall", "0", ReadNumber,
     "1:1: expected a whole number from 1 to 64, found '0'"},
    {"Negative", "-3", ReadNumber,
     "1:1: expected a whole number from 1 to 64, found '-3'"},
    {"NotANumber", "x3", ReadNumber,
     "1:1: expected a whole number from 1 to 64, found 'x3'"},
    {"NumberWithATail", "3x", ReadNumber,
     "1:1: expected a whole number from 1 to 64, found '3x'"},
    {"NumberOfTwentyFiveDigits", "1111111111111111111111111", ReadNumber,
     "1:1: expected a whole number from 1 to 64, found "
     "'11111111111111111111'"},
    {"Double", "1.5.5",
     [](TextSource& in) {
       double number = 0;
       in.ParseDouble(&number);
     },
     "1:1: expected a number, found '1.5.5'"},
    {"Option", "blue sky", ReadColour,
     "1:1: expected one of red green, found 'blue sky'"},
    {"NoQuote", "alice", ReadString, "1:1: expected '\"', found 'alice'"},
    {"OpenString", "\"alice", ReadString,
     "1:7: expected a closing '\"', found the end of the line"},
    {"StringOverLines", "\"ali\nce\"", ReadString,
     "1:5: expected a closing '\"', found the end of the line"},
    {"Escape", "\"a\\q\"", ReadString,
     "1:4: expected one of the escapes \\\" \\\\ \\n \\r \\t \\xHH, "
     "found 'q\"'"},
    {"HexEscape", "\"\\x4g\"", ReadString,
     "1:3: expected one of the escapes \\\" \\\\ \\n \\r \\t \\xHH, "
     "found 'x4g\"'"},
    {"OpenGroup", "{a: [1, 2}", [](TextSource& in) { in.SkipValue(); },
     "1:11: expected a closing bracket, found the end of the line"},
    {"NoValue", ", 3", [](TextSource& in) { in.SkipValue(); },
     "1:1: expected a value, found ', 3'"},
};

class TextSourceErrorTest : public testing::TestWithParam<BadText> {};

TEST_P(TextSourceErrorTest, SaysWhereAndWhat) {
  Arena arena;
  TextSource in(GetParam().text, arena);
  GetParam().read(in);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.error(), GetParam().error);
}

INSTANTIATE_TEST_SUITE_P(All, TextSourceErrorTest, testing::ValuesIn(kBadTexts),
                         [](const auto& row) {
                           return std::string(row.param.name);
                         });

TEST(TextSourceTest, KeepsTheFirstErrorAndFailsFromThenOn) {
  Arena arena;
  TextSource in("3 alice \"s\" red", arena);
  EXPECT_EQ(in.ExpectWord("a name"), "");
  const std::string first = in.error();
  uint64_t number = 0;
  double fraction = 0;
  size_t index = 0;
  std::string_view text;
  EXPECT_FALSE(in.ParseUnsigned(0, 9, &number));
  EXPECT_FALSE(in.ParseDouble(&fraction));
  EXPECT_FALSE(in.ParseOption(kColours, &index));
  EXPECT_FALSE(in.ParseQuoted(&text));
  EXPECT_FALSE(in.TryPunctuation("3"));
  EXPECT_FALSE(in.SkipValue());
  EXPECT_EQ(in.TryWord(), "");
  EXPECT_EQ(in.error(), first);
}

TEST(TextSourceTest, NamesAnOptionOnceHoweverOftenItIsThere) {
  constexpr std::string_view kOften[] = {"red", "blue", "red", "red"};
  Arena arena;
  TextSource in("green", arena);
  size_t index = 0;
  EXPECT_FALSE(in.ParseOption(kOften, &index));
  EXPECT_EQ(in.error(), "1:1: expected one of red blue, found 'green'");
}

TEST(TextSourceTest, ReadsNumbersAtTheirLimits) {
  Arena arena;
  TextSource in("18446744073709551615 -9223372036854775808 -0 7", arena);
  uint64_t whole = 0;
  int64_t number = 0;
  EXPECT_TRUE(in.ParseUnsigned(0, UINT64_MAX, &whole));
  EXPECT_EQ(whole, UINT64_MAX);
  EXPECT_TRUE(in.ParseSigned(INT64_MIN, INT64_MAX, &number));
  EXPECT_EQ(number, INT64_MIN);
  EXPECT_TRUE(in.ParseSigned(-1, 1, &number));
  EXPECT_EQ(number, 0);
  EXPECT_FALSE(in.TryNumber("77"));
  EXPECT_TRUE(in.TryNumber("7"));
}

TEST(TextSourceTest, ClampsNumbersOnlyWhenLenient) {
  Arena arena;
  TextSource in("65 -3", arena, Leniency::kMigrate);
  int64_t number = 0;
  EXPECT_TRUE(in.ParseSigned(1, 64, &number));
  EXPECT_EQ(number, 64);
  EXPECT_TRUE(in.ParseSigned(1, 64, &number));
  EXPECT_EQ(number, 1);
}

TEST(TextSourceTest, WordsEndBeforeAnArrowAndHoldInnerDashes) {
  Arena arena;
  TextSource in("vm-a ok-> x.y_2- z", arena);
  EXPECT_EQ(in.TryWord(), "vm-a");
  EXPECT_EQ(in.TryWord(), "ok");
  EXPECT_TRUE(in.TryPunctuation("->"));
  EXPECT_EQ(in.TryWord(), "x.y_2");
  EXPECT_FALSE(in.TryWord("z"));
  EXPECT_TRUE(in.TryPunctuation("-"));
  EXPECT_FALSE(in.TryWord("zz"));
  EXPECT_TRUE(in.TryWord("z"));
}

TEST(TextSourceTest, SkipsWholeValues) {
  Arena arena;
  for (const char* value :
       {"{a: [1, \"}\"], b: (x)} next", "\"a \\\" b\" next", "-12.5e+3 next",
        "word next", "named(1, 2) next", "named {a: 1} next", "[] next"}) {
    TextSource in(value, arena);
    EXPECT_TRUE(in.SkipValue()) << value << ": " << in.error();
    EXPECT_EQ(in.TryWord(), "next") << value;
  }
}

TEST(TextSourceTest, AStringOutlivesItsSource) {
  Arena arena;
  std::string_view text;
  {
    std::string written = "\"tab\\t\"";
    TextSource in(written, arena);
    ASSERT_TRUE(in.ParseQuoted(&text));
    written.assign(written.size(), 'x');
  }
  EXPECT_EQ(text, "tab\t");
}

TEST(TextSinkTest, QuotesEveryByteSoThatItIsReadBack) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  TextSink out;
  out.PutQuoted(all);
  for (const char c : out.text()) {
    ASSERT_TRUE(c >= 0x20 && c < 0x7f) << "not printable in one line";
  }
  Arena arena;
  TextSource in(out.text(), arena);
  std::string_view read;
  EXPECT_TRUE(in.ParseQuoted(&read)) << in.error();
  EXPECT_EQ(read, all);
}

TEST(TextSinkTest, PrintsDoublesThatAreReadBackExactly) {
  using Limits = std::numeric_limits<double>;
  for (const double number :
       {0.0, -0.0, 0.1, 1.0 / 3, 1e300, -1e-300, Limits::max(), Limits::min(),
        Limits::denorm_min(), Limits::infinity(), -Limits::infinity()}) {
    TextSink out;
    out.PutNumber(number);
    Arena arena;
    TextSource in(out.text(), arena);
    double read = 9;
    EXPECT_TRUE(in.ParseDouble(&read)) << out.text() << ": " << in.error();
    EXPECT_EQ(read, number) << out.text();
    EXPECT_EQ(std::signbit(read), std::signbit(number)) << out.text();
  }
  TextSink out;
  out.PutNumber(Limits::quiet_NaN());
  Arena arena;
  TextSource in(out.text(), arena);
  double read = 9;
  EXPECT_TRUE(in.ParseDouble(&read));
  EXPECT_TRUE(std::isnan(read));
}

}  // namespace
}  // namespace formfuzz
