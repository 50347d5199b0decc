// SPDX-License-Identifier: Apache-2.0
// Signatures group what is one defect and part what is not; the JSON holds
// every field that is documented.
#include "framework/finding/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "framework/base/digest.h"

namespace formfuzz {
namespace {

Finding Violation() {
  Finding finding;
  finding.target = "bank";
  finding.verdict = {VerdictKind::kViolated, "NeverNegative", "-68", 1};
  finding.step_name = "take";
  finding.outcome = "ok";
  finding.input = "\x01input";
  finding.scenario = "scenario bank\n";
  finding.trace = "scenario bank\n1  take  -> ok\n";
  finding.report = "-68";
  finding.schema_digest = 0xabc;
  return finding;
}

Finding Crash() {
  Finding finding = Violation();
  finding.verdict = {VerdictKind::kCrashed, "heap-use-after-free", "", 1};
  finding.frames = {"vm::A(int) at a.cc:1:2", "vm::B() at b.cc:3:4",
                    "vm::C() at c.cc:5:6", "vm::D() at d.cc:7:8"};
  return finding;
}

using Change = std::function<void(Finding&)>;

void ExpectSame(const Finding& finding, const Change& change) {
  Finding changed = finding;
  change(changed);
  EXPECT_EQ(SignatureOf(changed), SignatureOf(finding));
}
void ExpectDifferent(const Finding& finding, const Change& change) {
  Finding changed = finding;
  change(changed);
  EXPECT_NE(SignatureOf(changed), SignatureOf(finding));
}

TEST(SignatureTest, OfARuleIgnoresTheWayThere) {
  const Finding finding = Violation();
  ExpectSame(finding, [](Finding& f) { f.verdict.step = 7; });
  ExpectSame(finding, [](Finding& f) { f.verdict.message = "-69"; });
  ExpectSame(finding, [](Finding& f) { f.input = "other"; });
  ExpectSame(finding, [](Finding& f) { f.scenario += "2  open\n"; });
  ExpectSame(finding, [](Finding& f) { f.schema_digest = 0xdef; });
}

TEST(SignatureTest, OfARuleTellsRuleStepAndOutcomeApart) {
  const Finding finding = Violation();
  ExpectDifferent(finding, [](Finding& f) { f.verdict.validator = "X"; });
  ExpectDifferent(finding, [](Finding& f) { f.step_name = "move"; });
  ExpectDifferent(finding, [](Finding& f) { f.outcome = "poor"; });
  ExpectDifferent(finding,
                  [](Finding& f) { f.verdict.kind = VerdictKind::kDiverged; });
}

TEST(SignatureTest, OfACrashIsItsInnermostThreeFunctions) {
  const Finding finding = Crash();
  ExpectSame(finding, [](Finding& f) { f.frames[0] = "vm::A(int) at x:9"; });
  ExpectSame(finding, [](Finding& f) { f.frames[3] = "vm::E()"; });
  ExpectSame(finding, [](Finding& f) { f.step_name = "move"; });
  ExpectDifferent(finding, [](Finding& f) { f.frames[0] = "vm::Z()"; });
  ExpectDifferent(finding, [](Finding& f) { f.frames[2] = "vm::Z()"; });
  ExpectDifferent(finding,
                  [](Finding& f) { std::swap(f.frames[0], f.frames[1]); });
  ExpectDifferent(finding, [](Finding& f) { f.verdict.validator = "SEGV"; });
}

TEST(SignatureTest, OfACrashWithoutFramesIsItsStep) {
  Finding finding = Crash();
  finding.frames.clear();
  ExpectDifferent(finding, [](Finding& f) { f.step_name = "move"; });
  ExpectSame(finding, [](Finding& f) { f.verdict.step = 9; });
}

TEST(SignatureTest, NamesTheFolder) {
  EXPECT_EQ(SignatureOf(Violation()).size(), 16u);
  EXPECT_EQ(FolderNameOf(Violation()), "violated-" + SignatureOf(Violation()));
  EXPECT_EQ(FolderNameOf(Crash()), "crashed-" + SignatureOf(Crash()));
}

TEST(FindingToJsonTest, HoldsEveryField) {
  const auto json = nlohmann::json::parse(FindingToJson(Crash()));
  EXPECT_EQ(json["schema_version"], kFindingSchemaVersion);
  EXPECT_EQ(json["target"], "bank");
  EXPECT_EQ(json["kind"], "crashed");
  EXPECT_EQ(json["validator"], "heap-use-after-free");
  EXPECT_EQ(json["signature"], SignatureOf(Crash()));
  EXPECT_EQ(json["message"], "");
  EXPECT_EQ(json["step"], 2) << "steps are counted from 1, as in the text";
  EXPECT_EQ(json["step_name"], "take");
  EXPECT_EQ(json["outcome"], "ok");
  EXPECT_EQ(json["frames"], Crash().frames);
  EXPECT_EQ(json["input_bytes"], 6);
  EXPECT_EQ(json["input_digest"], ToHex(DigestOf("\x01input")));
  EXPECT_EQ(json["schema_digest"], "0000000000000abc");
  // Later than this test was written, earlier than the year 3000.
  EXPECT_GT(json["found_at_ms"], 1'700'000'000'000);
  EXPECT_LT(json["found_at_ms"], 32'503'680'000'000);
}

TEST(FindingToJsonTest, SurvivesTextThatIsNotUtf8) {
  Finding finding = Violation();
  finding.verdict.message = "\xff\xfe\"\n";
  const auto json = nlohmann::json::parse(FindingToJson(finding));
  EXPECT_TRUE(json["message"].get<std::string>().ends_with("\"\n"));
}

TEST(VerdictTest, EveryKindHasItsOwnName) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(VerdictKind::kEnvironmentFailed);
       ++kind) {
    names.insert(NameOf(static_cast<VerdictKind>(kind)));
  }
  EXPECT_THAT(names,
              testing::UnorderedElementsAre(
                  "passed", "crashed", "hung", "leaked", "violated", "diverged",
                  "not_linearizable", "deadlocked", "slow", "nondeterministic",
                  "harness_broken", "environment_failed"));
}

}  // namespace
}  // namespace formfuzz
