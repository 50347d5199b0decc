// SPDX-License-Identifier: Apache-2.0
//
// A Regexp under test: compiled or failed, and its choices as a value that two
// tests can compare.
#ifndef FORMFUZZ_TESTS_FRAMEWORK_DOMAIN_REGEXP_CHOICES_H_
#define FORMFUZZ_TESTS_FRAMEWORK_DOMAIN_REGEXP_CHOICES_H_

#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/domain/regexp/regexp.h"
#include "gtest/gtest.h"

namespace formfuzz {

inline Regexp Compiled(std::string_view pattern) {
  absl::StatusOr<Regexp> regexp = Regexp::Compile(pattern);
  EXPECT_TRUE(regexp.ok()) << regexp.status();
  return *std::move(regexp);
}

// Decisions as Generate asked for them and Explain gives them back.
using Choices = std::vector<std::pair<size_t, size_t>>;

inline std::string GenerateRandom(const Regexp& regexp, std::mt19937* random,
                                  size_t length_max, Choices* choices) {
  std::string text;
  const auto choose = [&](size_t count) {
    choices->emplace_back((*random)() % count, count);
    return choices->back().first;
  };
  regexp.Generate(choose, length_max, &text);
  return text;
}

inline std::optional<Choices> Explained(const Regexp& regexp,
                                        std::string_view text,
                                        size_t length_max) {
  Choices choices;
  const auto put = [&](size_t choice, size_t count) {
    choices.emplace_back(choice, count);
  };
  if (regexp.Explain(text, length_max, put)) return choices;
  EXPECT_TRUE(choices.empty());
  return std::nullopt;
}

inline std::string Simplest(const Regexp& regexp, size_t length_max) {
  std::string text;
  regexp.Generate([](size_t) { return size_t{0}; }, length_max, &text);
  return text;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_TESTS_FRAMEWORK_DOMAIN_REGEXP_CHOICES_H_
