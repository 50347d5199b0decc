// SPDX-License-Identifier: Apache-2.0
// A defect that only a fault shows is found; its correct twin, and the defect
// where nothing fails, pass whatever is played.
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "examples/faults/composed_message.h"
#include "examples/faults/retried_commit.h"
#include "framework/engine/random_play.h"
#include "framework/engine/session.h"
#include "framework/replay/exhaustive_faults.h"

namespace formfuzz::examples {
namespace {

constexpr uint64_t kRunsMax = 20'000;

template <class Harness>
Recipe RecipeOf() {
  Recipe recipe;
  recipe.name = "example";
  Harness::Describe(HarnessBuilder<Harness>(recipe));
  recipe.Finish();
  return recipe;
}

TEST(RetriedCommitTest, TheDefectIsFoundFromNothing) {
  const Recipe recipe = RecipeOf<RetriedCommit<true>>();
  for (const uint64_t seed : {1, 2, 3, 4, 5}) {
    Session session(recipe, {});
    const RandomPlayResult result =
        PlayRandomScenarios(session, kRunsMax, seed);
    EXPECT_EQ(NameOf(result.verdict.kind), "violated");
    EXPECT_EQ(result.verdict.validator, "MoneyIsKept");
    std::printf("found after %" PRIu64 " scenarios\n", result.runs);
  }
}

TEST(RetriedCommitTest, WithoutFaultsItIsNotFound) {
  const Recipe recipe = RecipeOf<RetriedCommit<true>>();
  setenv("FORMFUZZ_FAULTS", "off", 1);
  Session session(recipe, {});
  unsetenv("FORMFUZZ_FAULTS");
  EXPECT_TRUE(PlayRandomScenarios(session, kRunsMax, 1).verdict.passed());
}

TEST(RetriedCommitTest, TheCorrectTwinPasses) {
  const Recipe recipe = RecipeOf<RetriedCommit<false>>();
  Session session(recipe, {});
  const Verdict verdict = PlayRandomScenarios(session, kRunsMax, 1).verdict;
  EXPECT_TRUE(verdict.passed()) << verdict.validator << ": " << verdict.message;
}

class NoSink final : public FindingSink {
 public:
  bool Record(const Finding&) override { return true; }
};

// Every allocation of one scenario fails in turn.
template <bool kDefective>
ExhaustiveCounts FailEachAllocation() {
  const Recipe recipe = RecipeOf<ComposedMessage<kDefective>>();
  Session session(recipe, {});
  EXPECT_TRUE(
      session.LoadText("scenario example\ncompose 8\ncompose 200\n").ok());
  EXPECT_TRUE(session.PlayLoaded().passed());
  Isolation isolation(recipe, 0);
  NoSink sink;
  ExhaustiveFaults faults(session, isolation, sink);
  return faults.Play({session.Encoded()}, {});
}

TEST(ComposedMessageTest, TheDefectIsFoundByFailingEachAllocation) {
  const ExhaustiveCounts counts = FailEachAllocation<true>();
  EXPECT_GE(counts.calls, 4u);
  EXPECT_EQ(counts.findings, 1u);
}

TEST(ComposedMessageTest, TheCorrectTwinPassesWithoutMemory) {
  const ExhaustiveCounts counts = FailEachAllocation<false>();
  EXPECT_GE(counts.calls, 4u);
  EXPECT_EQ(counts.findings, 0u);
}

TEST(ComposedMessageTest, TheDefectIsADoubleFree) {
  const Recipe recipe = RecipeOf<ComposedMessage<true>>();
  Session session(recipe, {});
  ASSERT_TRUE(session
                  .LoadText("scenario example\nfault alloc error at 1\n"
                            "compose 8\n")
                  .ok());
  Isolation isolation(recipe, 0);
  const IsolatedResult result =
      isolation.Play(AsBytes(session.Encoded()), true);
  EXPECT_EQ(result.kind, "crashed") << result.story;
}

}  // namespace
}  // namespace formfuzz::examples
