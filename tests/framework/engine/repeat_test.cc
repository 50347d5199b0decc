// SPDX-License-Identifier: Apache-2.0
// A session repeats a run now and then: same bytes, same run, or a finding.
#include <gtest/gtest.h>

#include "framework/engine/session.h"
#include "framework/formfuzz.h"

namespace formfuzz {
namespace {

bool remembers = false;  // across runs, which a component must not
int visits = 0;

class Doorbell {
 public:
  bool Ring() { return !remembers || ++visits % 2 == 0; }
};

// How many of `runs` runs pass before one that does not, and that one.
std::pair<int, Verdict> RunUntilFound(int runs) {
  Recipe recipe;
  recipe.name = "doorbell";
  HarnessBuilder<Doorbell>(recipe).Step("ring", &Doorbell::Ring);
  recipe.Finish();
  Session session(recipe, {});
  EXPECT_TRUE(session.LoadText("scenario doorbell\nring\n").ok());
  for (int i = 0; i < runs; ++i) {
    const Verdict verdict = session.PlayLoaded();
    if (!verdict.passed()) return {i, verdict};
  }
  return {runs, {}};
}

TEST(RepeatTest, WhatRemembersIsFoundOut) {
  remembers = true;
  visits = 0;
  const auto [passed, verdict] = RunUntilFound(5000);
  EXPECT_LT(passed, 5000);
  EXPECT_GT(passed, 500);  // it is not repeated so often that it costs speed
  EXPECT_EQ(NameOf(verdict.kind), "nondeterministic");
  EXPECT_EQ(verdict.validator, "SameBytesSameRun");
  EXPECT_EQ(verdict.step, 0u);
  EXPECT_NE(verdict.message.find("and the second time to"), std::string::npos);
}

TEST(RepeatTest, WhatForgetsIsNot) {
  remembers = false;
  EXPECT_EQ(RunUntilFound(5000).first, 5000);
}

}  // namespace
}  // namespace formfuzz
