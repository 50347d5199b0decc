// SPDX-License-Identifier: Apache-2.0
// A fixture that plays texts against the one harness that the test links.
#ifndef FORMFUZZ_TESTS_HARNESSES_PLAYING_TEST_H_
#define FORMFUZZ_TESTS_HARNESSES_PLAYING_TEST_H_

#include <string>
#include <vector>

#include "framework/engine/harness.h"
#include "framework/form/scenario_text.h"
#include "framework/validate/judge.h"
#include "gtest/gtest.h"

namespace formfuzz {

inline const Recipe& Harness() {
  static const Recipe& recipe = []() -> const Recipe& {
    Recipe& only = *RegisteredRecipes().front();
    only.Finish();
    return only;
  }();
  return recipe;
}

class PlayingTest : public testing::Test {
 protected:
  // Plays a text; the words that its steps came to.
  std::vector<std::string> Play(const std::string& text) {
    Scenario scenario;
    const absl::Status parsed =
        ParseScenario(Harness(), text, arena_, scenario);
    EXPECT_TRUE(parsed.ok()) << parsed << "\n" << text;
    const Verdict& verdict = judge_.Play(scenario);
    EXPECT_TRUE(verdict.passed())
        << PrintTrace(Harness(), scenario, judge_.trace(), verdict);
    std::vector<std::string> words;
    for (const TraceStep& step : judge_.trace().steps) {
      words.emplace_back(step.outcome.label());
    }
    return words;
  }

  StateCoverage coverage_;
  Judge judge_{Harness(), coverage_};
  Arena arena_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_TESTS_HARNESSES_PLAYING_TEST_H_
