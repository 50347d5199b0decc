// SPDX-License-Identifier: Apache-2.0
// What `run` shows, letter by letter.

#include "cli/text/run_text.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace formfuzz::cli {
namespace {

namespace fs = std::filesystem;
using campaign::Finding;
using campaign::RunNumbers;
using campaign::RunOptions;
using campaign::RunResult;

RunNumbers SomeNumbers() {
  return {.seconds = 60,
          .executions = 6'000'000,
          .edges = 1234,
          .states = 56,
          .corpus = 789,
          .findings = 0};
}

RunOptions SomeOptions() {
  RunOptions options{.target = {},
                     .work = campaign::WorkFolder("/p", "vm"),
                     .strategy = {},
                     .flags = {}};
  options.target.name = "vm";
  return options;
}

Context SomeContext() {
  Context context;
  context.command = "./formfuzz";
  return context;
}

TEST(RunTextTest, ProgressIsOneLine) {
  EXPECT_EQ(ProgressText(SomeNumbers()),
            "60s  6,000,000 runs  100,000/s  edges 1,234  states 56  "
            "corpus 789  findings 0");
}

TEST(RunTextTest, ProgressBeforeTheFirstRunDividesByNothing) {
  EXPECT_EQ(ProgressText({}),
            "0.0s  0 runs  0/s  edges 0  states 0  corpus 0  findings 0");
}

TEST(RunTextTest, SummaryOfARunWithoutFindings) {
  RunResult result;
  result.numbers = SomeNumbers();
  EXPECT_EQ(SummaryText(SomeContext(), SomeOptions(), result),
            "vm: nothing found (time is up)\n"
            "  time        60s\n"
            "  executions  6,000,000 (100,000/s)\n"
            "  edges       1,234\n"
            "  states      56\n"
            "  corpus      789 in /p/.formfuzz/vm/corpus\n"
            "  findings    0\n");
}

TEST(RunTextTest, SummaryNamesTheGoalsNeverReached) {
  RunResult result;
  result.goals = {{"a VM runs", "two offers open", "a quota is full"}, 0b001};
  EXPECT_NE(SummaryText(SomeContext(), SomeOptions(), result)
                .find("\n  goals       1 of 3 reached"
                      "\n              never reached: two offers open"
                      "\n              never reached: a quota is full\n"),
            std::string::npos);
  const auto json = nlohmann::json::parse(RunJson(SomeOptions(), result));
  EXPECT_EQ(json["goals"]["declared"], 3);
  EXPECT_EQ(json["goals"]["unreached"],
            (std::vector<std::string>{"two offers open", "a quota is full"}));
}

class StoryTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    finding_.folder = folder_;
    finding_.kind = "violated";
    finding_.validator = "OneOwnerPerVm";
    finding_.message = "two owners";
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Write(const char* name, const char* text) {
    std::ofstream(folder_ + "/" + name) << text;
  }

  // What follows the story itself.
  std::string Commands() const {
    return "\n  finding   " + folder_ + "\n  replay    ./formfuzz replay vm " +
           folder_ + "\n  minimise  ./formfuzz tmin vm " + folder_ + "\n\n";
  }

  const std::string folder_ =
      testing::TempDir() + "/run_text_test-" + std::to_string(getpid());
  Finding finding_;
};

TEST_F(StoryTest, TellsTheTraceAndTheCommands) {
  Write("scenario.txt", "scenario vm\n");
  Write("trace.txt", "1  alice  create vm-a   ok\n\n2  bob  start vm-a  ok\n");
  EXPECT_EQ(FindingText(SomeContext(), "vm", finding_),
            "violated · OneOwnerPerVm: two owners\n\n"
            "  1  alice  create vm-a   ok\n\n  2  bob  start vm-a  ok\n" +
                Commands());
}

TEST_F(StoryTest, TellsTheScenarioWhereThereIsNoTrace) {
  Write("scenario.txt", "scenario vm\n");
  EXPECT_EQ(
      FindingText(SomeContext(), "vm", finding_),
      "violated · OneOwnerPerVm: two owners\n\n  scenario vm\n" + Commands());
}

TEST_F(StoryTest, JsonHasWhatTheSummaryHas) {
  RunResult result;
  result.reason = RunResult::Reason::kFinding;
  result.numbers = SomeNumbers();
  finding_.message = "not UTF-8: \xff";
  result.findings.push_back(finding_);
  const auto json =
      nlohmann::json::parse(RunJson(SomeOptions(), result), nullptr, false);
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["target"], "vm");
  EXPECT_EQ(json["exit_reason"], "finding");
  EXPECT_EQ(json["executions"], 6'000'000);
  EXPECT_EQ(json["executions_per_second"], 100'000.0);
  EXPECT_EQ(json["edges"], 1234);
  EXPECT_EQ(json["states"], 56);
  EXPECT_EQ(json["corpus"], 789);
  EXPECT_EQ(json["finding_list"][0]["validator"], "OneOwnerPerVm");
}

TEST(RunTextTest, AnUnplannedEndShowsWhatWasSaidLast) {
  RunResult result;
  result.reason = RunResult::Reason::kEngineFailed;
  result.ending.code = 1;
  for (int line = 0; line < 100; ++line) {
    result.last_said += "line " + std::to_string(line) + "\n";
  }
  const std::string text = SummaryText(SomeContext(), SomeOptions(), result);
  EXPECT_EQ(text.find("the target ended by itself (exit code 1); it said "
                      "last:\n  line 80\n"),
            0u)
      << text;
}

}  // namespace
}  // namespace formfuzz::cli
