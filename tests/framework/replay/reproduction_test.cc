// SPDX-License-Identifier: Apache-2.0
// From a found scenario to the smallest one, its certificate, and the same in
// C++ that fails in the same way: of a race that breaks a rule, and of one that
// kills the process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstdlib>
#include <mutex>
#include <utility>

#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"
#include "framework/replay/minimise/minimiser.h"
#include "framework/replay/reproducer.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr uint64_t kTimeoutS = 10;

// One seat; what is looked at may change before it is taken.
class Seats {
 public:
  Outcome Reserve(int amount) {
    std::unique_lock lock(mutex_);
    if (left_ < amount) return Outcome::Refused("sold_out");
    lock.unlock();
    lock.lock();
    left_ -= amount;
    sold_ += amount;
    return Outcome::Ok();
  }
  void Look(std::string_view /*why*/) { const std::lock_guard lock(mutex_); }
  // Dies where two are in the middle of it.
  void Count() {
    if (counting_) std::abort();
    counting_ = true;
    {
      const std::lock_guard lock(mutex_);
    }
    counting_ = false;
  }
  // What is reserved between the two halves is lost.
  void Refund() {
    std::unique_lock lock(mutex_);
    const int left = left_;
    lock.unlock();
    lock.lock();
    left_ = left + 1;
    ++refunded_;
  }
  // Counts how often another than before went on.
  void Weave() {
    const int self = ++weavers_;
    for (int i = 0; i < 3; ++i) {
      if (std::exchange(last_weaver_, self) != self) ++changes_;
      const std::lock_guard lock(mutex_);
    }
  }
  bool NoneWeaveInTurns() const { return changes_ < 6; }
  bool NoSeatIsSoldTwice() const { return left_ >= 0; }
  bool NoSeatIsMade() const { return left_ <= 1 + refunded_ - sold_; }

 private:
  sync::mutex mutex_;
  int left_ = 1;
  int sold_ = 0;
  int refunded_ = 0;
  bool counting_ = false;
  int weavers_ = 0;
  int last_weaver_ = 0;
  int changes_ = 0;
};

FORMFUZZ_HARNESS(seats, Seats)
    .Step("reserve", &Seats::Reserve, Arg("amount", InRange(1, 3)))
    .Step("look", &Seats::Look,
          Arg("why", PrintableAsciiString<std::string_view>()))
    .Step("count", &Seats::Count)
    .Step("refund", &Seats::Refund)
    .Step("weave", &Seats::Weave)
    .Strategy("race", {"reserve", "look", "count", "refund", "weave"}, Tasks(3))
    .Invariant("NoneWeaveInTurns", &Seats::NoneWeaveInTurns)
    .Invariant("NoSeatIsMade", &Seats::NoSeatIsMade)
    .Invariant("NoSeatIsSoldTwice", &Seats::NoSeatIsSoldTwice);

class ReproductionTest : public testing::Test {
 protected:
  static const Recipe& Seated() {
    Recipe& recipe = *RegisteredRecipes().front();
    recipe.Finish();
    return recipe;
  }

  // `lines` follow the title.
  IsolatedResult Load(std::string_view lines) {
    const absl::Status status =
        session_.LoadText(Concat("scenario seats strategy race\n", lines));
    EXPECT_TRUE(status.ok()) << status;
    return isolation_.Play(AsBytes(session_.Encoded()), true);
  }
  Minimised Minimise(std::string_view lines) {
    IsolatedResult failure = Load(lines);
    EXPECT_TRUE(failure.failed());
    Minimised smallest =
        Minimiser(session_, isolation_, std::move(failure)).Run({});
    session_.Load(AsBytes(smallest.input));
    return smallest;
  }
  // `lines` under the first schedule that lets them fail.
  std::string DrawnToFail(std::string_view lines) {
    std::string drawn;
    for (int seed = 0; seed < 1000; ++seed) {
      drawn = Concat("schedule random ", seed, "\n", lines);
      if (Load(drawn).failed()) break;
    }
    return drawn;
  }
  std::string Text() { return PrintScenario(Seated(), session_.scenario()); }

  Session session_{Seated(), {}};
  Isolation isolation_{Seated(), kTimeoutS};
};

constexpr std::string_view kNoisyRace =
    "switch at 6 to 1\n"
    "switch at 11 to 2\n"
    "switch at 40 to 1\n"
    "wait 5\n"
    "@2 look why \"noise\"\n"
    "look why \"more\"\n"
    "reserve amount 1\n"
    "@1 reserve amount 1\n"
    "@1 look why \"yet more\"\n"
    "@2 look why \"noise\"\n";

TEST_F(ReproductionTest, ARaceIsMadeAsSmallAsItGets) {
  const Minimised smallest = Minimise(kNoisyRace);
  EXPECT_EQ(Text(),
            "scenario seats strategy race\n"
            "switch at 2 to 1\n"
            "1  reserve amount 1\n"
            "2  @1 reserve amount 1\n");
  EXPECT_EQ(smallest.certificate,
            "fails with 1 preemption: at yield 2 (mutex.lock) from task 0 to "
            "task 1; with 0 preemptions all 2 schedules pass");
}

// More switches than are looked for anew: they move with the steps that go.
TEST_F(ReproductionTest, ManySwitchesMoveWithTheStepsBeforeThem) {
  const Minimised smallest =
      Minimise(DrawnToFail("look why \"noise\"\n@1 look why \"noise\"\n"
                           "@2 look why \"noise\"\nweave\n@1 weave\n"));
  EXPECT_EQ(smallest.steps, 2u) << Text();
}

// In whatever order the switches are listed.
TEST_F(ReproductionTest, SwitchesMoveInAnyOrder) {
  constexpr std::string_view kSteps = "weave\n@1 weave\n";
  Minimise(DrawnToFail(kSteps));
  const std::vector<Switch> switches = session_.scenario().switches;
  std::string text;
  for (int shift = 1; shift < 16; ++shift) {
    text = Concat("look why \"noise\"\n", kSteps);
    for (const Switch& each : switches) {
      text = Concat("switch at ", each.yield + shift, " to ", each.task, "\n",
                    text);
    }
    if (Load(text).failed()) break;
  }
  EXPECT_EQ(Minimise(text).steps, 2u) << Text();
}

// Whatever draws the schedule, what is left lists its switches.
TEST_F(ReproductionTest, ADrawnScheduleIsMadeAList) {
  for (const std::string_view drawn :
       {"schedule random ", "schedule priorities "}) {
    const std::string_view rest =
        drawn.find("random") < drawn.size() ? "\n" : " depth 3 of 32\n";
    const std::string_view steps =
        "look why \"more\"\nreserve amount 1\n@1 reserve amount 1\n"
        "@2 look why \"noise\"\n";
    int seed = 0;
    while (seed < 1000 && !Load(Concat(drawn, seed, rest, steps)).failed()) {
      ++seed;
    }
    const Minimised smallest = Minimise(Concat(drawn, seed, rest, steps));
    EXPECT_EQ(smallest.steps, 2u);
    EXPECT_THAT(Text(), HasSubstr("switch at "));
    EXPECT_THAT(Text(), Not(HasSubstr("schedule")));
    EXPECT_THAT(smallest.certificate, StartsWith("fails with 1 preemption"));
  }
}

TEST_F(ReproductionTest, ARaceThatKillsTheProcessHasACertificateToo) {
  const Minimised smallest = Minimise(
      "switch at 3 to 2\n"
      "look why \"noise\"\n"
      "@1 count\n"
      "@2 count\n"
      "@1 look why \"noise\"\n");
  EXPECT_EQ(smallest.failure.kind, "crashed");
  EXPECT_EQ(Text(),
            "scenario seats strategy race\n"
            "switch at 1 to 1\n"
            "1  count\n"
            "2  @1 count\n");
  EXPECT_THAT(smallest.certificate, StartsWith("fails with 1 preemption: at"));
  EXPECT_THAT(smallest.certificate, HasSubstr("with 0 preemptions all"));
}

TEST_F(ReproductionTest, StepsAreListedAsTheyBegin) {
  const Minimised smallest = Minimise(
      "switch at 0 to 1\n"
      "switch at 2 to 0\n"
      "reserve amount 1\n"
      "@1 refund\n");
  EXPECT_EQ(Text(),
            "scenario seats strategy race\n"
            "switch at 2 to 1\n"
            "1  refund\n"
            "2  @1 reserve amount 1\n");
  EXPECT_THAT(smallest.certificate,
              StartsWith("fails with 1 preemption: at yield 2 (mutex.lock) "
                         "from task 0 to task 1; with 0"));
}

TEST_F(ReproductionTest, WhatNeedsNoOtherTaskHasNoCertificate) {
  const Minimised smallest = Minimise(
      "@1 count\n@2 reserve amount 1\nreserve amount 1\nswitch at 4 to 0\n");
  EXPECT_NE(smallest.certificate, "");
  EXPECT_THAT(Text(), Not(HasSubstr("count")));
}

TEST_F(ReproductionTest, TheTestInCppSaysWhatHappened) {
  Minimise(kNoisyRace);
  const IsolatedResult failure =
      isolation_.Play(AsBytes(session_.Encoded()), true);
  EXPECT_EQ(
      failure.reproducer,
      "// seats: violated NoSeatIsSoldTwice\n"
      "//   does not hold\n"
      "//\n"
      "// Fails while the defect is there, and passes once it is gone. Linked "
      "with the\n"
      "// objects of the harness: seats_harness.\n"
      "//\n"
      "// task 0                                        | task 1\n"
      "// 1 reserve amount 1                            |\n"
      "//   leaves at mutex.lock, yield 2               |\n"
      "//                                               | 2 reserve amount 1\n"
      "//                                               |   -> ok\n"
      "//   goes on                                     |\n"
      "//   -> ok                                       |\n"
      "//   <- NoSeatIsSoldTwice                        |\n"
      "#include <gtest/gtest.h>\n"
      "\n"
      "#include \"framework/replay/reproducer.h\"\n"
      "\n"
      "TEST(seats, NoSeatIsSoldTwice) {\n"
      "  formfuzz::Reproducer scenario(\"seats\", \"race\");\n"
      "  scenario.SwitchAt(2, 1);  // leaves task 0 at mutex.lock\n"
      "  scenario.Step(\"reserve amount 1\");  // ok  <- NoSeatIsSoldTwice\n"
      "  scenario.StepOf(1, \"reserve amount 1\");  // ok\n"
      "  EXPECT_EQ(scenario.Play(), \"passed\") << scenario.story();\n"
      "}\n");
}

TEST_F(ReproductionTest, TheTestInCppPlaysTheScenario) {
  const IsolatedResult failure =
      Load("switch at 2 to 1\nreserve amount 1\n@1 reserve amount 1\n");
  Reproducer scenario("seats", "race");
  scenario.SwitchAt(2, 1);
  scenario.Step("reserve amount 1");
  scenario.StepOf(1, "reserve amount 1");
  EXPECT_EQ(scenario.Play(),
            Concat("violated-", std::string_view(failure.signature)));
  EXPECT_EQ(scenario.story(), failure.story);

  Reproducer serial("seats", "race");
  serial.Wait(5);
  serial.Off("count");
  serial.Step("reserve amount 1");
  serial.StepOf(1, "reserve amount 1");
  EXPECT_EQ(serial.Play(), "passed") << serial.story();
}

TEST_F(ReproductionTest, WhatIsNoScenarioIsInvalid) {
  Reproducer gone("seats", "race");
  gone.Step("recline");
  EXPECT_EQ(gone.Play(), "invalid");
  EXPECT_THAT(gone.story(), HasSubstr("2:1: expected one of the steps"));
  Reproducer nobody("nobody", "race");
  EXPECT_EQ(nobody.Play(), "invalid");
}

TEST_F(ReproductionTest, TextsBecomeLiterals) {
  const IsolatedResult failure = Load(
      "@2 look why \"a\\\"b)\"\n"
      "look why \"plain\"\n"
      "switch at 6 to 1\nreserve amount 1\n@1 reserve amount 1\n");
  ASSERT_TRUE(failure.failed());
  EXPECT_THAT(failure.reproducer,
              HasSubstr("StepOf(2, \"look why \\\"a\\\\\\\"b)\\\"\")"));
  EXPECT_THAT(failure.reproducer, HasSubstr("Step(R\"(look why \"plain\")\")"));
}

// Fails as often as a file is left to count down.
class Flaky {
 public:
  void Do(uint8_t) {}
  bool HoldsAgain() const { return times_left == nullptr || --*times_left < 0; }
  static inline int* times_left = nullptr;  // shared with the children
};

TEST(FlakyFailureTest, LeavesTheInputAsItWas) {
  Flaky::times_left =
      static_cast<int*>(mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  *Flaky::times_left = 4;
  Recipe recipe;
  recipe.name = "flaky";
  HarnessBuilder<Flaky>(recipe)
      .Step("do", &Flaky::Do, Arbitrary<uint8_t>())
      .Invariant("HoldsAgain", &Flaky::HoldsAgain);
  recipe.Finish();
  Session session(recipe, {});
  Isolation isolation(recipe, kTimeoutS);
  ASSERT_TRUE(session.LoadText("scenario flaky\ndo 1\ndo 2\ndo 3\n").ok());
  const std::string input = session.Encoded();
  const IsolatedResult failure = isolation.Play(AsBytes(input), true);
  ASSERT_TRUE(failure.failed());
  const Minimised result = Minimiser(session, isolation, failure).Run({});
  EXPECT_FALSE(result.fails_each_time);
  EXPECT_EQ(result.input, input);
  EXPECT_EQ(result.steps, 3u);
  EXPECT_TRUE(result.failure.IsSameFailureAs(failure));
  munmap(Flaky::times_left, sizeof(int));
  Flaky::times_left = nullptr;
}

}  // namespace
}  // namespace formfuzz
