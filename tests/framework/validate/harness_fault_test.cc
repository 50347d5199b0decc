// SPDX-License-Identifier: Apache-2.0
// What a harness's own rules and models throw is never the component's fault.
#include <stdexcept>
#include <string>

#include "framework/engine/harness.h"
#include "framework/form/scenario_text.h"
#include "framework/validate/judge.h"
#include "gtest/gtest.h"

namespace formfuzz {
namespace {

// Done by the component; the first argument says what throws afterwards.
class Clerk {
 public:
  void File(bool rule_throws, bool /*model_throws*/) { throws_ = rule_throws; }
  bool Filed() const {
    if (throws_) throw std::logic_error("no such drawer");
    return true;
  }

 private:
  bool throws_ = false;
};

class ClerkModel {
 public:
  Outcome File(bool /*rule_throws*/, bool model_throws) {
    if (model_throws) throw 42;
    return Outcome::Ok();
  }
};

class HarnessFaultTest : public testing::Test {
 protected:
  HarnessFaultTest() {
    recipe_.name = "clerk";
    HarnessBuilder<Clerk>(recipe_)
        .Model<ClerkModel>()
        .Step("file", &Clerk::File, &ClerkModel::File,
              Arg("rule", BoolDomain()), Arg("model", BoolDomain()))
        .Invariant("Filed", &Clerk::Filed)
        .Strategy("all", {"file"})
        .Strategy("clerks", {"file"}, Tasks(2));
    recipe_.Finish();
  }

  Verdict Play(const std::string& step, const std::string& strategy = "all") {
    Arena arena;
    Scenario scenario;
    EXPECT_TRUE(ParseScenario(recipe_,
                              "scenario clerk strategy " + strategy +
                                  "\nfile rule false model false\n" + step +
                                  "\nfile rule false model false\n",
                              arena, scenario)
                    .ok());
    StateCoverage coverage;
    Judge judge(recipe_, coverage);
    return judge.Play(scenario);
  }

  Recipe recipe_;
};

TEST_F(HarnessFaultTest, ARuleThatThrowsIsABrokenHarness) {
  const Verdict verdict = Play("file rule true model false");
  EXPECT_EQ(NameOf(verdict.kind), "harness_broken");
  EXPECT_EQ(verdict.validator, "Filed");
  EXPECT_EQ(verdict.message, "threw std::logic_error");
  EXPECT_EQ(verdict.step, 1u);
}

TEST_F(HarnessFaultTest, AModelThatThrowsIsABrokenHarness) {
  const Verdict verdict = Play("file rule false model true");
  EXPECT_EQ(NameOf(verdict.kind), "harness_broken");
  EXPECT_EQ(verdict.validator, "Model");
  EXPECT_EQ(verdict.message, "threw int");
  EXPECT_EQ(verdict.step, 1u);
}

// Asked step by step while none overlap, and for an order at the end.
TEST_F(HarnessFaultTest, TheSameUnderTasks) {
  for (const std::string step :
       {"@1 file rule false model true",
        "@1 file rule false model true\nswitch at 1 to 1"}) {
    const Verdict verdict = Play(step, "clerks");
    EXPECT_EQ(NameOf(verdict.kind), "harness_broken") << step;
    EXPECT_EQ(verdict.validator, "Model");
    EXPECT_EQ(verdict.message, "threw int");
  }
  EXPECT_TRUE(Play("@1 file rule false model false", "clerks").passed());
}

TEST_F(HarnessFaultTest, OneThatDoesNotThrowPasses) {
  EXPECT_TRUE(Play("file rule false model false").passed());
}

}  // namespace
}  // namespace formfuzz
