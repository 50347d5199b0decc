// SPDX-License-Identifier: Apache-2.0
// Starting, hearing, stopping and outliving child processes.

#include "campaign/process/child.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <fstream>
#include <string>

namespace formfuzz::campaign {
namespace {

constexpr size_t kAll = 1 << 20;

Captured Shell(const std::string& script, size_t output_max = kAll,
               uint64_t deadline_ms = kNoDeadlineMs,
               Child::Output output = Child::Output::kPiped) {
  auto run = RunToEnd({.arguments = {"/bin/sh", "-c", script},
                       .environment = {{"GIVEN", "a value"}},
                       .folder = "/"},
                      output, output_max, deadline_ms);
  EXPECT_TRUE(run.ok()) << run.status();
  return run.ok() ? *run : Captured();
}

TEST(ChildTest, GivesExitCodeAndBothStreamsInOrder) {
  const Captured run = Shell("echo one; echo two >&2; echo three; exit 7");
  EXPECT_EQ(run.output, "one\ntwo\nthree\n");
  EXPECT_EQ(run.ending.code, 7);
  EXPECT_EQ(run.ending.signal, 0);
  EXPECT_FALSE(run.ending.ok());
}

TEST(ChildTest, SaysWhichSignalKilled) {
  const Captured run = Shell("kill -SEGV $$");
  EXPECT_EQ(run.ending.signal, SIGSEGV);
  EXPECT_EQ(ToString(run.ending), "killed by signal 11 (Segmentation fault)");
}

TEST(ChildTest, RunsInTheFolderWithTheEnvironmentGiven) {
  EXPECT_EQ(Shell("pwd; echo $GIVEN").output, "/\na value\n");
}

TEST(ChildTest, IsAtTheSameAddressesEachTimeIfAsked) {
  Command command{
      .arguments = {"setarch", "-R", "true"}, .environment = {}, .folder = ""};
  auto run = RunToEnd(command, Child::Output::kPiped, kAll, kNoDeadlineMs);
  if (!run.ok() || !run->ending.ok()) GTEST_SKIP() << "not permitted here";
  command.arguments = {"cat", "/proc/self/personality"};
  command.fixed_addresses = true;
  run = RunToEnd(command, Child::Output::kPiped, kAll, kNoDeadlineMs);
  ASSERT_TRUE(run.ok()) << run.status();
  EXPECT_EQ(run->output, "00040000\n");
}

TEST(ChildTest, HasNothingOnStandardInput) {
  EXPECT_EQ(Shell("cat; echo end").output, "end\n");
}

TEST(ChildTest, KeepsTheEndOfMuchOutput) {
  const Captured run = Shell("seq 1 50000; echo last", 64);
  EXPECT_EQ(run.output.size(), 64u);
  EXPECT_EQ(run.output.substr(run.output.size() - 5), "last\n");
}

TEST(ChildTest, ResultLeavesOutErrors) {
  const Captured run = Shell("echo no >&2; echo yes", kAll, kNoDeadlineMs,
                             Child::Output::kResult);
  EXPECT_EQ(run.output, "yes\n");
}

TEST(ChildTest, ErrorsLeavesOutTheResult) {
  const Captured run = Shell("echo no >&2; echo yes", kAll, kNoDeadlineMs,
                             Child::Output::kErrors);
  EXPECT_EQ(run.output, "no\n");
}

TEST(ChildTest, KillsTheWholeGroupAtTheDeadline) {
  // The grandchild holds the pipe: were it alive, its word would follow.
  const Captured run = Shell("(tail -f /dev/null; echo late) & wait", kAll, 50);
  EXPECT_TRUE(run.ending.deadline_passed);
  EXPECT_EQ(run.ending.signal, SIGKILL);
  EXPECT_EQ(run.output, "");
}

TEST(ChildTest, DoesNotWaitForGrandchildrenThatKeepThePipe) {
  const Captured run = Shell("tail -f /dev/null & echo $!");
  EXPECT_TRUE(run.ending.ok());
  // It goes with the group; what nobody waits for has no words any more.
  const std::string file =
      "/proc/" + std::to_string(std::stoi(run.output)) + "/cmdline";
  std::string words = "tail";
  for (int tries = 0; !words.empty() && tries < 1000; ++tries) {
    if (tries > 0) poll(nullptr, 0, 10);
    words.clear();
    std::getline(std::ifstream(file), words);
  }
  EXPECT_EQ(words, "");
}

TEST(ChildTest, ReportsAProgramThatDoesNotExist) {
  auto run = RunToEnd(
      {.arguments = {"/no/such/program"}, .environment = {}, .folder = ""},
      Child::Output::kPiped, kAll);
  ASSERT_TRUE(run.ok());
  EXPECT_EQ(run->ending.code, 127);
  EXPECT_EQ(run->output,
            "cannot run /no/such/program: No such file or directory\n");
}

TEST(ChildTest, DiesWithItsObject) {
  pid_t pid = 0;
  {
    auto child = Child::Start({.arguments = {"tail", "-f", "/dev/null"},
                               .environment = {},
                               .folder = ""},
                              Child::Output::kPiped);
    ASSERT_TRUE(child.ok());
    pid = (*child)->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

struct QuotedCase {
  const char* name;
  const char* word;
  const char* quoted;
};

class ShellWordsTest : public testing::TestWithParam<QuotedCase> {};

TEST_P(ShellWordsTest, AreReadBackByTheShell) {
  const QuotedCase& row = GetParam();
  EXPECT_EQ(ShellWords({row.word}), row.quoted);
  EXPECT_EQ(Shell("printf %s " + ShellWords({row.word})).output, row.word);
}

INSTANTIATE_TEST_SUITE_P(
    Words, ShellWordsTest,
    testing::Values(QuotedCase{"Plain", "a/b-c_d.e=f", "a/b-c_d.e=f"},
                    QuotedCase{"Blank", "a b", "'a b'"},
                    QuotedCase{"Quote", "it's", "'it'\\''s'"},
                    QuotedCase{"Dollar", "$HOME", "'$HOME'"},
                    QuotedCase{"Semicolon", "a;b", "'a;b'"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace formfuzz::campaign
