// SPDX-License-Identifier: Apache-2.0
// Plays scenarios given as text against a recipe, as an engine would.
#ifndef FORMFUZZ_TESTS_FRAMEWORK_VALIDATE_PLAYED_H_
#define FORMFUZZ_TESTS_FRAMEWORK_VALIDATE_PLAYED_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "framework/engine/harness.h"
#include "framework/form/scenario_text.h"
#include "framework/validate/rerun/examiner.h"

namespace formfuzz {

class Played {
 public:
  explicit Played(std::unique_ptr<Recipe> recipe) : recipe_(std::move(recipe)) {
    recipe_->Finish();
  }

  // `lines`: one step a line, with or without its number.
  const Verdict& Play(std::string_view lines) {
    arena_.Reset();
    const std::string_view text =
        arena_.Copy(Concat("scenario ", recipe_->name, "\n", lines));
    const absl::Status parsed =
        ParseScenario(*recipe_, text, arena_, scenario_);
    EXPECT_TRUE(parsed.ok()) << parsed.message();
    return examiner_.Play(scenario_);
  }
  // `line` so many times, numbered.
  const Verdict& PlayTimes(std::string_view line, int times) {
    std::string lines;
    for (int i = 1; i <= times; ++i) lines += Concat(i, " ", line, "\n");
    return Play(lines);
  }
  void WithoutFaults() { examiner_.UseFaults(false); }
  const Judge& judge() const { return judge_; }

 private:
  std::unique_ptr<Recipe> recipe_;
  StateCoverage coverage_;
  Judge judge_{*recipe_, coverage_};
  Examiner examiner_{*recipe_, judge_};
  Arena arena_;
  Scenario scenario_;
};

inline std::unique_ptr<Recipe> NewRecipe(std::string name) {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = std::move(name);
  return recipe;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_TESTS_FRAMEWORK_VALIDATE_PLAYED_H_
