// SPDX-License-Identifier: Apache-2.0
//
// The language of a Regexp by comparison with matchers that share nothing with
// it, and the laws of Generate and Explain, over random patterns.
#include <optional>
#include <random>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "framework/domain/regexp/regexp.h"
#include "gtest/gtest.h"
#include "tests/framework/domain/regexp_choices.h"

namespace formfuzz {
namespace {

// A pattern as a tree, which the reference matcher walks; the automaton sees
// only the text that it prints as.
struct Tree {
  enum Kind { kByte, kAny, kNotA, kThen, kEither, kRepeat };
  Kind kind = kByte;
  char byte = 'a';
  size_t min = 0;
  std::optional<size_t> max;
  std::vector<Tree> parts;
};

Tree RandomTree(std::mt19937* random, int depth) {
  const auto below = [random](size_t n) { return (*random)() % n; };
  Tree tree;
  tree.kind = static_cast<Tree::Kind>(below(depth > 0 ? 6 : 3));
  tree.byte = static_cast<char>('a' + below(3));
  if (tree.kind < Tree::kThen) return tree;
  const size_t count = tree.kind == Tree::kRepeat ? 1 : below(4);
  for (size_t i = 0; i < count; ++i) {
    tree.parts.push_back(RandomTree(random, depth - 1));
  }
  tree.min = below(3);
  if (below(3) > 0) tree.max = tree.min + below(3);
  return tree;
}

std::string Join(const std::vector<Tree>& parts, std::string_view between);

std::string Print(const Tree& tree) {
  switch (tree.kind) {
    case Tree::kByte:
      return std::string(1, tree.byte);
    case Tree::kAny:
      return ".";
    case Tree::kNotA:
      return "[^a]";
    case Tree::kThen:
      return "(" + Join(tree.parts, "") + ")";
    case Tree::kEither:
      return "(?:" + Join(tree.parts, "|") + ")";
    case Tree::kRepeat:
      break;
  }
  const std::string once = "(" + Print(tree.parts[0]) + ")";
  if (tree.max == 1 && tree.min == 0) return once + "?";
  if (tree.max == tree.min) return once + "{" + std::to_string(tree.min) + "}";
  if (!tree.max && tree.min < 2) return once + (tree.min == 0 ? "*" : "+");
  const std::string max = tree.max ? std::to_string(*tree.max) : "";
  return once + "{" + std::to_string(tree.min) + "," + max + "}";
}

std::string Join(const std::vector<Tree>& parts, std::string_view between) {
  std::string text;
  for (const Tree& part : parts) {
    if (&part != &parts.front()) text += between;
    text += Print(part);
  }
  return text;
}

// All positions where `tree` can end in `text` when it begins in `from`.
std::set<size_t> Ends(const Tree& tree, std::string_view text,
                      const std::set<size_t>& from);

std::set<size_t> RepeatEnds(const Tree& tree, std::string_view text,
                            const std::set<size_t>& from) {
  std::set<size_t> at = from;
  std::set<size_t> ends;
  // Further rounds of an unbounded repetition can only repeat themselves.
  const size_t rounds = tree.max.value_or(tree.min + text.size());
  for (size_t round = 0; round <= rounds; ++round) {
    if (round >= tree.min) ends.insert(at.begin(), at.end());
    at = Ends(tree.parts[0], text, at);
  }
  return ends;
}

std::set<size_t> Ends(const Tree& tree, std::string_view text,
                      const std::set<size_t>& from) {
  std::set<size_t> ends;
  switch (tree.kind) {
    case Tree::kRepeat:
      return RepeatEnds(tree, text, from);
    case Tree::kThen:
      ends = from;
      for (const Tree& part : tree.parts) ends = Ends(part, text, ends);
      return ends;
    case Tree::kEither:
      if (tree.parts.empty()) return from;
      for (const Tree& part : tree.parts) ends.merge(Ends(part, text, from));
      return ends;
    default:
      break;
  }
  for (const size_t at : from) {
    if (at >= text.size()) continue;
    const bool fits = tree.kind == Tree::kByte  ? text[at] == tree.byte
                      : tree.kind == Tree::kAny ? text[at] != '\n'
                                                : text[at] != 'a';
    if (fits) ends.insert(at + 1);
  }
  return ends;
}

bool TreeMatches(const Tree& tree, std::string_view text) {
  return Ends(tree, text, {0}).contains(text.size());
}

// Every text of at most `length` bytes over a small alphabet.
std::vector<std::string> AllTexts(size_t length) {
  std::vector<std::string> texts = {""};
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() == length) break;
    for (const char c : {'a', 'b', 'c', '\n'}) texts.push_back(texts[i] + c);
  }
  return texts;
}

TEST(RegexpLanguageTest, AgreesWithAReferenceMatcherOnRandomPatterns) {
  const std::vector<std::string> texts = AllTexts(4);
  std::mt19937 random(1);
  for (int i = 0; i < 400; ++i) {
    const Tree tree = RandomTree(&random, 3);
    const std::string pattern = Print(tree);
    const Regexp regexp = Compiled(pattern);
    for (const std::string& text : texts) {
      ASSERT_EQ(regexp.Matches(text), TreeMatches(tree, text))
          << pattern << " on '" << text << "'";
    }
  }
}

TEST(RegexpLanguageTest, AgreesWithTheStandardLibraryOnEveryByte) {
  for (const char* pattern :
       {R"(\d)", R"(\D)", R"(\w)", R"(\s)", R"([^\w.-])", R"([a-f\d])",
        R"([!-/:-@])", R"(\x2a|\t|a)", "[^a-z]", R"([\s\d])"}) {
    const Regexp regexp = Compiled(pattern);
    const std::regex standard(pattern);
    // ASCII: beyond it the standard library asks the locale.
    for (char c = 0; c < 127; ++c) {
      const std::string text(1, c);
      EXPECT_EQ(regexp.Matches(text), std::regex_match(text, standard))
          << pattern << " on byte " << int{c};
    }
  }
}

TEST(RegexpLanguageTest, ExplainsExactlyWhatItGenerates) {
  std::mt19937 random(2);
  for (int i = 0; i < 2000; ++i) {
    const std::string pattern = Print(RandomTree(&random, 3));
    const Regexp regexp = Compiled(pattern);
    const size_t length_max = random() % 12;
    Choices choices;
    const std::string text =
        GenerateRandom(regexp, &random, length_max, &choices);
    ASSERT_TRUE(regexp.Matches(text)) << pattern;
    ASSERT_LE(text.size(), std::max(length_max, regexp.shortest_length()));
    ASSERT_EQ(Explained(regexp, text, length_max), choices) << pattern;
  }
}

TEST(RegexpLanguageTest, ExplainsEveryMatchThatFitsTheLength) {
  const std::vector<std::string> texts = AllTexts(4);
  std::mt19937 random(4);
  for (int i = 0; i < 200; ++i) {
    const std::string pattern = Print(RandomTree(&random, 3));
    const Regexp regexp = Compiled(pattern);
    const size_t length_max = random() % 5;
    const size_t limit = std::max(length_max, regexp.shortest_length());
    for (const std::string& text : texts) {
      ASSERT_EQ(Explained(regexp, text, length_max).has_value(),
                regexp.Matches(text) && text.size() <= limit)
          << pattern << " on '" << text << "'";
    }
  }
}

TEST(RegexpLanguageTest, ChoosingZeroThroughoutGivesAShortestMatch) {
  const std::vector<std::string> texts = AllTexts(4);
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    const Tree tree = RandomTree(&random, 3);
    const Regexp regexp = Compiled(Print(tree));
    const std::string simplest = Simplest(regexp, random() % 9);
    ASSERT_EQ(simplest.size(), regexp.shortest_length()) << Print(tree);
    for (const std::string& text : texts) {
      ASSERT_FALSE(text.size() < simplest.size() && TreeMatches(tree, text))
          << Print(tree) << " has the shorter '" << text << "'";
    }
  }
}

}  // namespace
}  // namespace formfuzz
