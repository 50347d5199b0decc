// SPDX-License-Identifier: Apache-2.0
// The curated seeds reach every goal: fuzzing starts from all of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "framework/base/file.h"
#include "framework/engine/harness.h"
#include "framework/engine/session.h"

namespace formfuzz {
namespace {

std::vector<std::string> Unreached(const Recipe& recipe, uint64_t reached) {
  std::vector<std::string> names;
  for (size_t i = 0; i < recipe.goals.size(); ++i) {
    if ((reached >> i & 1) == 0) names.push_back(recipe.goals[i].name);
  }
  return names;
}

TEST(GoalsTest, SeedsReachEveryGoal) {
  Recipe& recipe = *RegisteredRecipes().front();
  recipe.Finish();
  ASSERT_GE(recipe.goals.size(), 10u);
  Session session(recipe, {});
  EXPECT_EQ(session.goals_reached(), 0u);
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(FORMFUZZ_CORPORA) + "/vm_management/seed")) {
    const auto text = ReadFile(entry.path().string(), 1 << 16);
    ASSERT_TRUE(text.ok()) << text.status();
    ASSERT_TRUE(session.LoadText(*text).ok()) << entry.path();
    EXPECT_TRUE(session.PlayLoaded().passed()) << entry.path();
  }
  EXPECT_THAT(Unreached(recipe, session.goals_reached()), testing::IsEmpty());
}

}  // namespace
}  // namespace formfuzz
