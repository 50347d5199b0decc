// SPDX-License-Identifier: Apache-2.0
//
// The syntax of a Regexp by tables of matches and of errors, its bounds, and
// the choices that it offers.
#include "framework/domain/regexp/regexp.h"

#include <initializer_list>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/framework/domain/regexp_choices.h"

namespace formfuzz {
namespace {

using ::testing::HasSubstr;

std::string Bytes(std::initializer_list<int> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

// ------------------------------------------------------------------- syntax

struct MatchCase {
  std::string_view name;
  std::string_view pattern;
  std::vector<std::string> in;
  std::vector<std::string> out;
};

const std::vector<MatchCase>& MatchCases() {
  static const auto& cases = *new std::vector<MatchCase>{
      {"Empty", "", {""}, {"a"}},
      {"Literal", "vm-1", {"vm-1"}, {"", "vm-", "vm-12", "VM-1"}},
      {"Dot", "a.c", {"abc", "a c", Bytes({'a', 255, 'c'})}, {"a\nc", "ac"}},
      {"Class", "[a-cx]", {"a", "b", "c", "x"}, {"d", "-", "", "ab"}},
      {"ClassDashes", "[-a][a-]", {"--", "aa"}, {"b-"}},
      {"ClassEscapes", R"([\]\\\-^])", {"]", "\\", "-", "^"}, {"a"}},
      {"ClassShorthand", R"([\d_])", {"7", "_"}, {"a"}},
      {"ClassHexRange", R"([\x00-\x02])", {Bytes({0}), Bytes({2})}, {"\x03"}},
      {"Negated", "[^a-z]", {"A", "\n", Bytes({255})}, {"a", ""}},
      {"Digit", R"(\d)", {"0", "9"}, {"a", "/", ":"}},
      {"NotDigit", R"(\D)", {"a", "\n"}, {"5"}},
      {"Word", R"(\w)", {"a", "Z", "0", "_"}, {"-", "@", "["}},
      {"NotWord", R"(\W)", {"-", " "}, {"a", "_"}},
      {"Space", R"(\s)", {" ", "\t", "\n", "\r", "\f", "\v"}, {"a", "\b"}},
      {"NotSpace", R"(\S)", {"a", Bytes({0})}, {" ", "\v"}},
      {"Controls", R"(\n\r\t\f\v\0)", {Bytes({10, 13, 9, 12, 11, 0})}, {"n"}},
      {"Hex", R"(\x41\xfF)", {Bytes({'A', 255})}, {"A"}},
      {"Punctuation", R"(\.\*\{\(\|\/)", {".*{(|/"}, {"a*{(|/"}},
      {"LooseClosers", "]}", {"]}"}, {"]"}},
      {"RawNul", std::string_view("a\0b", 3), {Bytes({'a', 0, 'b'})}, {"a"}},
      {"Either", "ab|c|", {"ab", "c", ""}, {"abc", "a"}},
      {"Groups", "(a|b)(?:c|d)()", {"ac", "bd"}, {"ab", "cd"}},
      {"Star", "(ab)*", {"", "ab", "abab"}, {"a", "aba"}},
      {"Plus", "a+", {"a", "aaa"}, {"", "b"}},
      {"Optional", "a?b", {"b", "ab"}, {"aab"}},
      {"Exactly", "a{2}", {"aa"}, {"a", "aaa"}},
      {"AtLeast", "a{2,}", {"aa", "aaaaa"}, {"a"}},
      {"AnyCount", "a{0,}", {"", "aaa"}, {"b"}},
      {"Between", "a{1,3}", {"a", "aa", "aaa"}, {"", "aaaa"}},
      {"Never", "a{0}b{0,0}c", {"c"}, {"ac", "bc"}},
      {"NestedStars", "((a*)*|b+)*", {"", "ab", "bba"}, {"c"}},
      {"Anchors", "^ab$", {"ab"}, {"^ab$", "a"}},
      {"EscapedAnchors", R"(\^a\$)", {"^a$"}, {"a"}},
      {"AnchorAfterEither", "^a|b$", {"a", "b"}, {"ab"}},
      {"WidestRepetition", "a{256}", {std::string(256, 'a')}, {"a"}},
  };
  return cases;
}

class RegexpMatchTest : public ::testing::TestWithParam<MatchCase> {};

TEST_P(RegexpMatchTest, MatchesWholeTextsOnly) {
  const Regexp regexp = Compiled(GetParam().pattern);
  for (const std::string& text : GetParam().in) {
    EXPECT_TRUE(regexp.Matches(text)) << text;
    EXPECT_TRUE(Explained(regexp, text, 256).has_value()) << text;
  }
  for (const std::string& text : GetParam().out) {
    EXPECT_FALSE(regexp.Matches(text)) << text;
    EXPECT_FALSE(Explained(regexp, text, 256).has_value()) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Syntax, RegexpMatchTest,
                         ::testing::ValuesIn(MatchCases()),
                         [](const auto& row) {
                           return std::string(row.param.name);
                         });

struct ErrorCase {
  std::string_view name;
  std::string_view pattern;
  std::string_view message;
};

constexpr ErrorCase kErrorCases[] = {
    {"OpenGroup", "a(b", "at byte 1: expected a ')' that closes this group"},
    {"StrayCloser", "a)b", "at byte 1: expected no ')'"},
    {"OpenClass", "ab[c", "at byte 2: expected a ']'"},
    {"OpenClassAtDash", "[a-", "at byte 0: expected a ']'"},
    {"EmptyClass", "[]", "at byte 0: expected a class that some byte is in"},
    {"ImpossibleClass", R"(x[^\d\D])", "at byte 1: expected a class"},
    {"RangeDownwards", "[z-a]", "at byte 1: expected a range that runs"},
    {"RangeOfShorthand", R"([\d-z])", "at byte 1: expected a range between"},
    {"PosixName", "[[:alpha:]]", "at byte 1: expected no POSIX class name"},
    {"LoneStar", "*a", "at byte 0: expected something to repeat"},
    {"LonePlusInGroup", "(+)", "at byte 1: expected something to repeat"},
    {"LoneBrace", "{2}", "at byte 0: expected something to repeat"},
    {"StarAfterAnchor", "^*", "at byte 1: expected something to repeat"},
    {"Lazy", "a*?", "at byte 2: expected no lazy quantifier"},
    {"Possessive", "a++", "at byte 2: expected no possessive quantifier"},
    {"TwoQuantifiers", "a{2}{3}", "at byte 4: expected one quantifier"},
    {"BraceWord", "a{x}", "at byte 2: expected a number of repetitions"},
    {"BraceOpen", "a{2", "at byte 3: expected '}'"},
    {"BraceBackwards", "a{3,2}", "at byte 2: expected {m,n} with m at most n"},
    {"TooOften", "a{257}", "at byte 2: expected at most 256 repetitions"},
    {"HugeNumber", "a{99999999999999999999}", "at byte 2: expected at most"},
    {"Grown", "((a{256}){256}){256}", "expected fewer or shorter repetitions"},
    {"ManyStates", "(a|b)*a(a|b){16}", "expected a smaller automaton"},
    {"CostlySubsets", "(.{0,99}a){0,40}b", "expected a smaller automaton"},
    {"Backreference", R"((a)\1)", "at byte 3: expected no backreference"},
    {"Lookahead", "a(?=b)", "at byte 1: expected ( ) or (?: )"},
    {"NamedGroup", "(?P<n>a)", "at byte 0: expected ( ) or (?: )"},
    {"WordBoundary", R"(\bword)", R"(at byte 0: expected \d \w)"},
    {"TrailingBackslash", "ab\\", "at byte 2: expected a character after"},
    {"ShortHex", R"(\x4)", "at byte 0: expected two hexadecimal digits"},
    {"CaretInside", "a^b", "at byte 1: expected '^' at the very start"},
    {"DollarInside", "a$b", "at byte 1: expected '$' at the very end"},
    {"DollarInGroup", "(a$)", "at byte 2: expected '$' at the very end"},
};

class RegexpErrorTest : public ::testing::TestWithParam<ErrorCase> {};

TEST_P(RegexpErrorTest, SaysWhereAndWhatWasExpected) {
  const absl::StatusOr<Regexp> regexp = Regexp::Compile(GetParam().pattern);
  ASSERT_FALSE(regexp.ok());
  EXPECT_EQ(regexp.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(regexp.status().message()),
              HasSubstr(std::string(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(Errors, RegexpErrorTest,
                         ::testing::ValuesIn(kErrorCases), [](const auto& row) {
                           return std::string(row.param.name);
                         });

TEST(RegexpTest, HoldsItsBoundsOfLengthAndDepthExactly) {
  EXPECT_TRUE(Regexp::Compile(std::string(1024, 'a')).ok());
  EXPECT_FALSE(Regexp::Compile(std::string(1025, 'a')).ok());
  const auto nested = [](size_t depth) {
    return std::string(depth, '(') + "a" + std::string(depth, ')');
  };
  EXPECT_TRUE(Regexp::Compile(nested(64)).ok());
  EXPECT_FALSE(Regexp::Compile(nested(65)).ok());
  EXPECT_FALSE(Regexp::Compile(std::string(1024, '(')).ok());
}

TEST(RegexpTest, CompilesAnyBytesOrSaysWhyNot) {
  constexpr std::string_view kAlphabet = "ab01-^$.|?*+()[]{},\\xdwn:";
  std::mt19937 random(7);
  size_t compiled_count = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string pattern;
    for (size_t length = random() % 12; length > 0; --length) {
      pattern += kAlphabet[random() % kAlphabet.size()];
    }
    const absl::StatusOr<Regexp> regexp = Regexp::Compile(pattern);
    if (regexp.ok()) {
      ++compiled_count;
      EXPECT_TRUE(regexp->Matches(Simplest(*regexp, 0))) << pattern;
    } else {
      EXPECT_THAT(std::string(regexp.status().message()),
                  HasSubstr("expected"));
    }
  }
  EXPECT_GT(compiled_count, 1000);
}

// --------------------------------------------------------------- the choices

TEST(RegexpTest, OffersStoppingFirstThenTheSimplestByte) {
  EXPECT_EQ(Simplest(Compiled("[a-z]*"), 9), "");
  EXPECT_EQ(Simplest(Compiled("[!-~]+"), 9), "0");
  EXPECT_EQ(Simplest(Compiled(R"([\x00-/]+)"), 9), " ");
  EXPECT_EQ(Simplest(Compiled("abc|zz|q{3}"), 9), "zz");
}

TEST(RegexpTest, AsksNothingWhereOneWayIsOpen) {
  const auto never = [](size_t) -> size_t {
    ADD_FAILURE();
    return 0;
  };
  std::string text = "<";
  Compiled("abc").Generate(never, 9, &text);
  Compiled("a*").Generate(never, 0, &text);
  EXPECT_EQ(text, "<abc");
}

TEST(RegexpTest, StaysWithinTheLengthOrTheShortestText) {
  const auto last = [](size_t count) { return count - 1; };
  std::string text;
  Compiled("[ab]*").Generate(last, 5, &text);
  EXPECT_EQ(text, "bbbbb");
  text.clear();
  Compiled("(abc)*").Generate(last, 5, &text);
  EXPECT_EQ(text, "abc");
  text.clear();
  Compiled("(ab)+|c{9}").Generate(last, 1, &text);
  EXPECT_EQ(text, "ab");
  EXPECT_FALSE(Explained(Compiled("(ab)+|c{9}"), "ccccccccc", 8).has_value());
  EXPECT_TRUE(Explained(Compiled("(ab)+|c{9}"), "ccccccccc", 9).has_value());
}

TEST(RegexpTest, ReachesEveryShortTextOfTheLanguage) {
  std::mt19937 random(3);
  const Regexp regexp = Compiled("[ab]{0,2}c?");
  std::set<std::string> reached;
  for (int i = 0; i < 2000; ++i) {
    Choices choices;
    reached.insert(GenerateRandom(regexp, &random, 3, &choices));
  }
  EXPECT_EQ(reached.size(), 14u);
}

TEST(RegexpTest, CountsItsStates) {
  EXPECT_EQ(Compiled("abc").state_count(), 4u);
  EXPECT_EQ(Compiled("a{2,4}").shortest_length(), 2u);
}

}  // namespace
}  // namespace formfuzz
