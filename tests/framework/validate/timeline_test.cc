// SPDX-License-Identifier: Apache-2.0
// Columns of a run of several tasks, letter by letter.
#include <gmock/gmock.h>

#include <algorithm>

#include "framework/validate/story/timeline.h"
#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

using ::testing::EndsWith;

class TimelineTest : public BankScenarios {
 protected:
  static TraceStep Played(uint32_t began, uint32_t ended, uint32_t began_yield,
                          uint32_t ended_yield) {
    TraceStep step;
    step.began = began;
    step.ended = ended;
    step.began_yield = began_yield;
    step.ended_yield = ended_yield;
    step.returned = ended > 0;
    return step;
  }
  static Passage Leave(uint32_t yield, uint8_t from, uint8_t to,
                       bool preempted) {
    return {.yield = yield,
            .from = from,
            .to = to,
            .chosen = preempted,
            .preempted = preempted,
            .left = "mutex.lock",
            .gone = nullptr,
            .pair = 0};
  }

  Scenario scenario_ = Parse(
      "open credit 9\n"
      "take from account1 amount 1\n"
      "@2 move account1 to account1 amount 77\n",
      "tellers");
  Trace trace_;
  Verdict passed_;
};

TEST_F(TimelineTest, OneTaskHasNone) {
  trace_.steps = {Played(1, 2, 0, 1), Played(3, 4, 2, 3)};
  EXPECT_EQ(PrintTimeline(recipe_, scenario_, trace_, passed_), "");
  EXPECT_EQ(PrintTimeline(recipe_, scenario_, Trace(), passed_), "");
}

TEST_F(TimelineTest, TasksThatTookPartHaveAColumnEach) {
  trace_.steps = {Played(1, 2, 1, 2), Played(3, 6, 3, 7), Played(4, 5, 5, 6)};
  trace_.passages = {Leave(4, 0, 2, true), Leave(6, 2, 0, false)};
  const Verdict violated{VerdictKind::kViolated, "NeverNegative", "", 1};
  EXPECT_EQ(PrintTimeline(recipe_, scenario_, trace_, violated),
            "# task 0                                        | task 2\n"
            "# 1 account1 = open credit 9                    |\n"
            "#   -> ok                                       |\n"
            "# 2 take from account1 amount 1                 |\n"
            "#   leaves at mutex.lock, yield 4               |\n"
            "#                                               | "
            "3 move account1 to account1 amount 77\n"
            "#                                               |   -> ok\n"
            "#   goes on                                     |\n"
            "#   -> ok                                       |\n"
            "#   <- NeverNegative                            |\n");
}

TEST_F(TimelineTest, WhoWaitsAndDoesNotReturnIsSeen) {
  trace_.steps = {Played(1, 0, 1, 0), Played(0, 0, 0, 0), Played(2, 0, 3, 0)};
  trace_.passages = {Leave(2, 0, 2, false), Leave(4, 2, 0, false)};
  EXPECT_THAT(PrintTimeline(recipe_, scenario_, trace_, passed_),
              EndsWith("#   waits at mutex.lock                         |\n"
                       "#                                               | "
                       "3 move account1 to account1 amount 77\n"
                       "#                                               |   "
                       "waits at mutex.lock\n"
                       "#   goes on                                     |\n"));
}

TEST_F(TimelineTest, ARunThatGoesRoundAndRoundIsCut) {
  trace_.steps = {Played(1, 0, 1, 0), Played(0, 0, 0, 0), Played(2, 0, 1, 0)};
  for (uint32_t yield = 1; yield < 400; ++yield) {
    trace_.passages.push_back(
        Leave(yield, yield % 2 == 0 ? 0 : 2, yield % 2 == 0 ? 2 : 0, true));
  }
  const std::string text = PrintTimeline(recipe_, scenario_, trace_, passed_);
  EXPECT_THAT(text, EndsWith("# 681 more lines\n"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 121);
}

}  // namespace
}  // namespace formfuzz
