// SPDX-License-Identifier: Apache-2.0
// What is judged, and when, in scenarios of several tasks.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"
#include "framework/schedule/scheduler.h"
#include "framework/schedule/search/random_policies.h"
#include "framework/schedule/sync/condition_variable.h"
#include "framework/schedule/sync/mutex.h"
#include "framework/schedule/sync/thread.h"
#include "framework/validate/judge.h"

namespace formfuzz {
namespace {

using ::testing::HasSubstr;

struct Piece {
  static constexpr std::string_view kName = "piece";
};

constexpr YieldSite kMiddle("workshop.middle");

std::string* order = nullptr;  // of the steps of the last run

// Each step has a yield point in its middle.
class Workshop {
 public:
  explicit Workshop(Run& run) : run_(run), pieces_(run) {
    helper_ = sync::thread([this] {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closing_; });
    });
  }
  ~Workshop() {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      changed_.notify_all();
    }
    helper_.join();
  }

  void Say(int name) {
    *order += static_cast<char>('a' + name);
    YieldAt(kMiddle);
    *order += static_cast<char>('A' + name);
  }
  void Tilt() {  // and back
    tilted_ = true;
    YieldAt(kMiddle);
    tilted_ = false;
  }
  bool Change(bool refuses) {
    ++changes_;
    YieldAt(kMiddle);
    return !refuses;
  }
  bool Refuse() {
    YieldAt(kMiddle);
    return false;
  }
  void Declare(bool holds) {
    run_.Expect(holds, "AsStated");
    YieldAt(kMiddle);
  }
  void Throw() {
    YieldAt(kMiddle);
    throw std::runtime_error("thrown");
  }
  void Lock() {
    leaked_.lock();
    YieldAt(kMiddle);
  }
  void Spin() {
    for (;;) YieldAt(kMiddle);
  }
  void Make(int value) {
    YieldAt(kMiddle);
    pieces_.Bind(value);
  }
  void Use(Handle<Piece> piece, int value) {
    const int* found = pieces_.Find(piece);
    run_.Expect(found != nullptr && *found == value, "PiecesKeepTheirValue");
  }
  void Sleep() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(5));
  }
  Outcome Foretell(bool right) {
    run_.Foretell(right ? Outcome::Ok() : Outcome::Refused("wrong"));
    YieldAt(kMiddle);  // another may foretell something else meanwhile
    return Outcome::Ok();
  }

  bool StandsUpright() const { return !tilted_; }
  uint64_t State() const { return changes_; }

 private:
  Run& run_;
  Handles<Piece, int> pieces_;
  bool tilted_ = false;
  uint64_t changes_ = 0;
  sync::mutex leaked_;
  sync::mutex mutex_;
  sync::condition_variable changed_;
  bool closing_ = false;
  sync::thread helper_;
};

Recipe WorkshopRecipe(bool with_state) {
  Recipe recipe;
  recipe.name = "workshop";
  HarnessBuilder<Workshop> harness(recipe);
  harness.Step("say", &Workshop::Say, InRange(0, 25))
      .Step("tilt", &Workshop::Tilt)
      .Step("change", &Workshop::Change, BoolDomain())
      .Step("refuse", &Workshop::Refuse)
      .Step("throw", &Workshop::Throw)
      .Step("lock", &Workshop::Lock)
      .Step("spin", &Workshop::Spin)
      .Step("make", &Workshop::Make, InRange(0, 99))
      .Makes<Piece>()
      .Step("use", &Workshop::Use, AnyHandle<Piece>(), InRange(0, 99))
      .Step("sleep", &Workshop::Sleep)
      .Step("foretell", &Workshop::Foretell, BoolDomain())
      .Step("declare", &Workshop::Declare, BoolDomain())
      .Strategy("all",
                {"say", "tilt", "change", "refuse", "throw", "lock", "spin",
                 "make", "use", "sleep", "foretell", "declare"},
                Tasks(3))
      .Invariant("StandsUpright", &Workshop::StandsUpright);
  if (with_state) harness.State(&Workshop::State);
  recipe.Finish();
  return recipe;
}

class JudgeTasksTest : public ::testing::Test {
 protected:
  JudgeTasksTest() { order = &order_; }

  // `steps` without the title.
  const Verdict& Play(const std::string& steps) {
    arena_.Reset();
    order_.clear();
    const absl::Status parsed = ParseScenario(
        recipe_, arena_.Copy("scenario workshop strategy all\n" + steps),
        arena_, scenario_);
    EXPECT_TRUE(parsed.ok()) << parsed;
    return judge_.Play(scenario_);
  }
  std::string Text() const {
    return PrintTrace(recipe_, scenario_, judge_.trace(), {});
  }

  Recipe recipe_ = WorkshopRecipe(true);
  StateCoverage coverage_;
  Judge judge_{recipe_, coverage_};
  Arena arena_;
  Scenario scenario_;
  std::string order_;
};

TEST_F(JudgeTasksTest, StepsBeginInTheOrderListed) {
  EXPECT_TRUE(Play("@1 say 0\nsay 1\n@2 say 2\n@1 say 3\nsay 4\n").passed());
  EXPECT_EQ(order_, "aAbBcCdDeE");
}

TEST_F(JudgeTasksTest, ASwitchInterruptsAStep) {
  // Yield 0: the first step begins; 1: it is in its middle.
  EXPECT_TRUE(Play("switch at 1 to 1\nsay 0\n@1 say 1\n@2 say 2\n").passed());
  EXPECT_EQ(order_, "abBcCA");
  EXPECT_THAT(Text(), HasSubstr("leaves task 0 at workshop.middle"));
  EXPECT_THAT(Text(), HasSubstr("1  say 0  -> ok   | during 2, 3\n"));
  EXPECT_THAT(Text(), HasSubstr("2  @1 say 1  -> ok   | during 1\n"));
}

TEST_F(JudgeTasksTest, InvariantsAreJudgedWhenNoStepIsUnderWay) {
  EXPECT_TRUE(Play("switch at 1 to 1\ntilt\n@1 say 1\n").passed());
  EXPECT_EQ(order_, "bB");
}

TEST_F(JudgeTasksTest, ARefusalMayOverlapAChange) {
  EXPECT_TRUE(Play("switch at 1 to 1\nrefuse\n@1 change false\n").passed());
}

TEST_F(JudgeTasksTest, ForetoldOutcomesAreOfTheirOwnStep) {
  EXPECT_TRUE(
      Play("switch at 1 to 1\nforetell true\n@1 foretell true\n").passed());
  const Verdict& verdict =
      Play("switch at 1 to 1\nforetell true\n@1 foretell false\n");
  EXPECT_EQ(NameOf(verdict.kind), "diverged");
  EXPECT_EQ(verdict.step, 1u);
}

TEST_F(JudgeTasksTest, BrokenRulesAreOfTheirOwnStep) {
  const Verdict& verdict = Play("switch at 1 to 1\ndeclare false\n@1 say 1\n");
  EXPECT_EQ(order_, "bB") << "the other step ended first";
  EXPECT_EQ(verdict.validator, "AsStated");
  EXPECT_EQ(verdict.step, 0u);
  EXPECT_TRUE(Play("switch at 1 to 1\ndeclare true\n@1 say 1\n").passed());
}

TEST_F(JudgeTasksTest, ProductsAreOfTheirOwnStep) {
  EXPECT_TRUE(Play("switch at 1 to 1\nmake 10\n@1 make 20\n"
                   "use piece1 10\nuse piece2 20\n")
                  .passed());
}

TEST_F(JudgeTasksTest, AnExceptionIsACrashOfItsStep) {
  const Verdict& verdict =
      Play("switch at 2 to 2\nsay 0\n@1 throw\n@2 say 2\n");
  EXPECT_EQ(NameOf(verdict.kind), "crashed");
  EXPECT_EQ(verdict.step, 1u);
  EXPECT_EQ(verdict.message, "thrown");
  EXPECT_TRUE(Play("say 0\n").passed());
}

TEST_F(JudgeTasksTest, ADeadlockIsToldAndLeavesTheNextRunAlone) {
  for (int times = 0; times < 3; ++times) {
    const Verdict& verdict = Play("lock\n@1 lock\n@2 say 1\n");
    EXPECT_EQ(NameOf(verdict.kind), "deadlocked");
    EXPECT_EQ(verdict.validator, "NoDeadlock");
    EXPECT_THAT(verdict.message, HasSubstr("held by task 0"));
    EXPECT_EQ(verdict.step, 1u);
    EXPECT_THAT(PrintTrace(recipe_, scenario_, judge_.trace(), verdict),
                HasSubstr("2  @1 lock  -> did not return   <- NoDeadlock"));
    EXPECT_TRUE(Play("lock\n@2 say 1\n").passed());
  }
}

TEST_F(JudgeTasksTest, ALivelockIsToldApart) {
  const Verdict& verdict = Play("say 0\n@1 spin\n");
  EXPECT_EQ(NameOf(verdict.kind), "hung");
  EXPECT_EQ(verdict.validator, "NoLivelock");
}

TEST_F(JudgeTasksTest, SleepingMovesTheTimeOfTheScenario) {
  EXPECT_TRUE(Play("sleep\n@1 say 1\n").passed());
  EXPECT_EQ(judge_.trace().steps[0].now_ms, ScenarioClock::kStartMs + 5000);
  EXPECT_EQ(judge_.trace().steps[1].now_ms, ScenarioClock::kStartMs);
}

TEST_F(JudgeTasksTest, EqualSchedulesMakeEqualTraces) {
  std::vector<uint64_t> digests;
  for (const uint64_t seed : {5u, 5u, 6u}) {
    RandomWalk walk(seed);
    judge_.UsePolicy(&walk);
    EXPECT_TRUE(Play("say 0\n@1 say 1\n@2 say 2\nsay 3\n@1 say 4\n@2 say 5\n")
                    .passed());
    digests.push_back(DigestOf(judge_.trace()));
  }
  EXPECT_EQ(digests[0], digests[1]);
  EXPECT_NE(digests[0], digests[2]);
}

TEST(JudgeThreadsTest, TasksMayBeThreads) {
  Recipe recipe = WorkshopRecipe(false);
  recipe.on_threads = true;
  StateCoverage coverage;
  Judge judge(recipe, coverage);
  Arena arena;
  Scenario scenario;
  std::string said;
  order = &said;
  ASSERT_TRUE(ParseScenario(recipe,
                            "scenario workshop strategy all\n"
                            "switch at 1 to 1\nsay 0\n@1 say 1\n@2 say 2\n",
                            arena, scenario)
                  .ok());
  EXPECT_TRUE(judge.Play(scenario).passed());
  EXPECT_EQ(said, "abBcCA");
}

}  // namespace
}  // namespace formfuzz
