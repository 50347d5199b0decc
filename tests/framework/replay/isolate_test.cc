// SPDX-License-Identifier: Apache-2.0
// A child's death is an answer: the caller lives, and learns kind, signature
// and story.
#include "framework/replay/isolate.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"

namespace formfuzz {
namespace {

constexpr uint64_t kTimeoutS = 1;

enum class End {
  kReturn,
  kExit,
  kKill,
  kAbort,
  kSpin,
  kThrow,
  kBreak,
  kSecond
};

volatile bool for_ever = true;
int subjects = 0;  // made in this process

class Mortal {
 public:
  Mortal() { ++subjects; }
  Outcome Do(End end) {
    switch (end) {
      case End::kExit:
        std::exit(3);
      case End::kKill:
        kill(getpid(), SIGKILL);
        break;
      case End::kAbort:
        std::abort();
      case End::kSpin:
        while (for_ever) {
        }
        break;
      case End::kThrow:
        throw 1;
      case End::kBreak:
        HarnessBroken("mortal.cc", 1, "on purpose");
      case End::kSecond:
        return subjects > 1 ? Outcome::Refused("second") : Outcome::Ok();
      default:
        break;
    }
    return Outcome::Ok();
  }
};

class IsolationTest : public testing::Test {
 protected:
  IsolationTest() {
    recipe_.name = "mortal";
    HarnessBuilder<Mortal>(recipe_).Step("do", &Mortal::Do, Arbitrary<End>());
    recipe_.Finish();
    subjects = 0;
  }
  static std::string Text(std::string_view end) {
    return Concat("scenario mortal\ndo return\ndo ", end, "\n");
  }
  IsolatedResult Play(std::string_view end) {
    Isolation isolation(recipe_, kTimeoutS);
    const std::string text = Text(end);
    return isolation.Play(AsBytes(text), true);
  }
  void ExpectFails(std::string_view end, std::string_view kind,
                   std::string_view story) {
    const IsolatedResult result = Play(end);
    EXPECT_TRUE(result.failed());
    EXPECT_EQ(result.kind, kind) << end;
    EXPECT_NE(result.story.find(story), std::string::npos) << result.story;
    EXPECT_FALSE(result.signature.empty());
    EXPECT_EQ(Play(end).signature, result.signature) << end;
  }

  Recipe recipe_;
};

TEST_F(IsolationTest, PassesWhatReturns) {
  const IsolatedResult result = Play("return");
  EXPECT_FALSE(result.failed());
  EXPECT_EQ(result.signature, "");
  EXPECT_EQ(subjects, 0) << "it was played in this process";
}

TEST_F(IsolationTest, ReportsEveryDeathWithItsStep) {
  ExpectFails("abort", "crashed",
              "2  do abort  -> did not return   <- SIGABRT");
  ExpectFails("exit", "crashed", "2  do exit  -> did not return   <- exit");
  ExpectFails("throw", "crashed", "<- uncaught int");
  ExpectFails("spin", "hung", "2  do spin  -> did not return   <- timeout");
}

TEST_F(IsolationTest, ReportsADeathThatNobodyCanHandle) {
  ExpectFails("kill", "crashed", "killed by signal 9");
}

TEST_F(IsolationTest, TellsABrokenHarnessApart) {
  const IsolatedResult result = Play("break");
  EXPECT_TRUE(result.harness_broken());
}

TEST_F(IsolationTest, OneDeathLeavesNothingForTheNextInput) {
  Isolation isolation(recipe_, kTimeoutS);
  const std::string dies = Text("abort");
  const std::string lives = Text("return");
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(isolation.Play(AsBytes(dies), true).failed());
    EXPECT_FALSE(isolation.Play(AsBytes(lives), true).failed());
  }
}

TEST_F(IsolationTest, APassGivesADigestPerInputInItsOrder) {
  Isolation isolation(recipe_, kTimeoutS);
  const std::vector<std::string> inputs = {
      "scenario mortal\n", Text("return"),
      "scenario mortal\ndo return\ndo return\ndo return\n"};
  const auto forwards = isolation.PlayAll(inputs, {0, 1, 2});
  const auto backwards = isolation.PlayAll(inputs, {2, 1, 0});
  ASSERT_EQ(forwards.digests.size(), 3u);
  ASSERT_EQ(backwards.digests.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(forwards.digests[i], backwards.digests[2 - i]);
  }
  EXPECT_NE(forwards.digests[0], forwards.digests[2]);
}

TEST_F(IsolationTest, APassSaysWhichInputDied) {
  Isolation isolation(recipe_, kTimeoutS);
  testing::internal::CaptureStderr();
  const auto pass = isolation.PlayAll(
      {Text("return"), Text("throw"), Text("return")}, {0, 1, 2});
  testing::internal::GetCapturedStderr();
  EXPECT_TRUE(pass.result.failed());
  EXPECT_EQ(pass.failed_at, 1u);
  EXPECT_EQ(pass.digests.size(), 1u);
}

TEST_F(IsolationTest, TwoOrdersShowWhatDependsOnTheRunBefore) {
  Isolation isolation(recipe_, kTimeoutS);
  const std::vector<std::string> inputs = {Text("second"), Text("return")};
  const auto forwards = isolation.PlayAll(inputs, {0, 1});
  const auto backwards = isolation.PlayAll(inputs, {1, 0});
  EXPECT_NE(forwards.digests[0], backwards.digests[1]);
  EXPECT_EQ(forwards.digests[1], backwards.digests[0]);
}

class FullSink final : public FindingSink {
 public:
  bool Record(const Finding&) override { return false; }
};

TEST_F(IsolationTest, AFailureThatCannotBeSavedIsAFailureYet) {
  Isolation isolation(recipe_, kTimeoutS);
  FullSink full;
  for (const char* end : {"throw", "abort"}) {
    testing::internal::CaptureStderr();
    const std::string text = Text(end);
    const IsolatedResult result = isolation.PlayInto(AsBytes(text), full);
    testing::internal::GetCapturedStderr();
    EXPECT_TRUE(result.failed()) << end;
    EXPECT_FALSE(result.saved) << end;
  }
}

}  // namespace
}  // namespace formfuzz
