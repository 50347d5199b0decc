// SPDX-License-Identifier: Apache-2.0
// Several invariants judged by one function: it says which one is broken.
#include <optional>

#include "framework/validate/judge.h"
#include "tests/framework/scenarios.h"

namespace formfuzz {
namespace {

// What each function answers next.
std::optional<BrokenInvariant> after_a_step;
std::optional<BrokenInvariant> at_the_end;

class Several {
 public:
  explicit Several(Run&) {}
  void Rest() {}
  std::optional<BrokenInvariant> JudgeStep() const { return after_a_step; }
  std::optional<BrokenInvariant> JudgeEnd() const { return at_the_end; }
};

class SeveralRulesTest : public testing::Test {
 protected:
  SeveralRulesTest() {
    after_a_step = at_the_end = std::nullopt;
    recipe_.name = "several";
    HarnessBuilder<Several>(recipe_)
        .Step("rest", &Several::Rest)
        .Invariants({"Stands", "Lies"}, &Several::JudgeStep)
        .AtEnd({"Stood", "Lay"}, &Several::JudgeEnd);
    recipe_.Finish();
    EXPECT_TRUE(
        ParseScenario(recipe_, "scenario several\nrest\n", arena_, scenario_)
            .ok());
  }

  void ExpectVerdict(VerdictKind kind, std::string_view validator) {
    Judge judge(recipe_, coverage_);
    const Verdict& verdict = judge.Play(scenario_);
    EXPECT_EQ(NameOf(verdict.kind), NameOf(kind));
    EXPECT_EQ(verdict.validator, validator);
  }

  Recipe recipe_;
  StateCoverage coverage_;
  Arena arena_;
  Scenario scenario_;
};

TEST_F(SeveralRulesTest, TheBrokenOneIsNamed) {
  ExpectVerdict(VerdictKind::kPassed, "");
  at_the_end = BrokenInvariant{1, ""};
  ExpectVerdict(VerdictKind::kViolated, "Lay");
  at_the_end = BrokenInvariant{0, ""};
  ExpectVerdict(VerdictKind::kViolated, "Stood");
  after_a_step = BrokenInvariant{1, ""};
  ExpectVerdict(VerdictKind::kViolated, "Lies");
  after_a_step = BrokenInvariant{0, ""};
  ExpectVerdict(VerdictKind::kViolated, "Stands");
}

TEST_F(SeveralRulesTest, ANumberWithoutANameIsTheHarnesssOwnMistake) {
  at_the_end = BrokenInvariant{2, ""};
  ExpectVerdict(VerdictKind::kHarnessBroken, "Stood");
}

}  // namespace
}  // namespace formfuzz
