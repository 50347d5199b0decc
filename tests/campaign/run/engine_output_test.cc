// SPDX-License-Identifier: Apache-2.0
// libFuzzer's output as numbers, however it arrives.

#include "campaign/run/engine_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace formfuzz::campaign {
namespace {

using testing::ElementsAre;

constexpr std::string_view kRun =
    "INFO: Seed: 1\n"
    "#2\tINITED cov: 3 ft: 4 corp: 1/1b exec/s: 0 rss: 27Mb\n"
    "#77\tNEW    cov: 12 ft: 14 corp: 5/60b lim: 4 exec/s: 0 rss: 27Mb L: 4\n"
    "#1024\tpulse  cov: 12 ft: 14 corp: 4/50b lim: 4 exec/s: 512 rss: 27Mb\n"
    "stat::number_of_executed_units: 1500\n"
    "==1== ERROR: libFuzzer: deadly signal\n"
    "    #0 0x55 in __sanitizer_print_stack_trace\n"
    "#9999 a line of the target's own\n"
    "artifact_prefix='/a/'; Test unit written to /a/crash-00\n";

void ExpectRun(const EngineOutput& output) {
  EXPECT_EQ(output.executions(), 1500u);
  EXPECT_EQ(output.edges(), 12u);
  EXPECT_EQ(output.corpus(), 4u);
  EXPECT_TRUE(output.initialised());
  EXPECT_FALSE(output.done());
  EXPECT_THAT(output.artifacts(), ElementsAre("/a/crash-00"));
  EXPECT_EQ(output.tail(), kRun);
}

TEST(EngineOutputTest, ReadsStatusLinesAndNoOthers) {
  EngineOutput output;
  output.Add(kRun);
  ExpectRun(output);
}

TEST(EngineOutputTest, DoesNotMindWhereThePiecesAreCut) {
  for (size_t size = 1; size < 40; ++size) {
    EngineOutput output;
    for (size_t at = 0; at < kRun.size(); at += size) {
      output.Add(kRun.substr(at, size));
    }
    ExpectRun(output);
  }
}

TEST(EngineOutputTest, KeepsWhatIsKnownOfTheCorpusWhenItStartsOver) {
  EngineOutput output;
  output.Add(kRun);
  output.StartOver();
  EXPECT_EQ(output.edges(), 12u);
  EXPECT_EQ(output.corpus(), 4u);
  EXPECT_EQ(output.executions(), 0u);
  EXPECT_FALSE(output.initialised());
  EXPECT_THAT(output.artifacts(), testing::IsEmpty());
  EXPECT_EQ(output.tail(), "");
}

TEST(EngineOutputTest, KnowsAnEndThatWasPlanned) {
  EngineOutput output;
  output.Add("Done with something else\n");
  EXPECT_FALSE(output.done());
  output.Add("Done 100 runs in 0 second(s)\n");
  EXPECT_TRUE(output.done());
}

TEST(EngineOutputTest, KeepsABoundedTail) {
  EngineOutput output;
  const std::string much(EngineOutput::kTailMax, 'x');
  output.Add(much);
  output.Add("the end");
  EXPECT_EQ(output.tail().size(), EngineOutput::kTailMax);
  EXPECT_EQ(output.tail().substr(output.tail().size() - 8), "xthe end");
}

TEST(EngineOutputTest, SurvivesNumbersThatAreNone) {
  EngineOutput output;
  output.Add("#\tNEW cov: x corp: /\n#99999999999999999999999 cov: 1\n\n");
  EXPECT_EQ(output.executions(), 0u);
  EXPECT_EQ(output.corpus(), 0u);
}

}  // namespace
}  // namespace formfuzz::campaign
