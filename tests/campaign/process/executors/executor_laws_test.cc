// SPDX-License-Identifier: Apache-2.0
// What holds for every executor that starts a process for each run.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>

#include "tests/campaign/process/executors/programs.h"

namespace formfuzz::campaign {
namespace {

using ::testing::HasSubstr;

class ExecutorLaws : public ::testing::TestWithParam<ExecutorKind> {
 protected:
  ExecutorOptions Options(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program_.path());
    return OptionsFor(std::move(arguments), GetParam());
  }

  // One run of a program that is then made to go.
  Execution RunOnce(const ExecutorOptions& options,
                    const ProgramInput& input = {}) {
    executor_ = Made(options);
    Execution execution;
    if (executor_ == nullptr) return execution;
    const absl::Status done = executor_->Run(input, execution);
    EXPECT_TRUE(done.ok()) << done;
    return execution;
  }

  // A forkserver lives on between runs; a spawned program does not.
  int between_runs() const {
    return GetParam() == ExecutorKind::kSpawn ? 0 : 1;
  }

  OwnProgram program_;
  std::unique_ptr<Executor> executor_;
};

TEST_P(ExecutorLaws, GivesStdinAndTakesStdout) {
  const Execution execution = RunOnce(Options({"echo"}), InputOf("a line"));
  EXPECT_EQ(execution.kind, ExitKind::kExited);
  EXPECT_EQ(execution.code, 0);
  EXPECT_EQ(execution.output, "a line");
  EXPECT_FALSE(execution.crashed);
}

TEST_P(ExecutorLaws, GivesEachRunItsOwnInput) {
  executor_ = Made(Options({"echo"}));
  ASSERT_NE(executor_, nullptr);
  for (const std::string text : {"long input first", "short", "", "again"}) {
    Execution execution;
    ASSERT_TRUE(executor_->Run(InputOf(text), execution).ok());
    EXPECT_EQ(execution.output, text);
  }
}

TEST_P(ExecutorLaws, WritesTheFileThatTheCommandNames) {
  EXPECT_EQ(RunOnce(Options({"print-file", "@@"}), InputOf("content")).output,
            "content");
}

TEST_P(ExecutorLaws, ObeysArgumentsFilesAndEnvironment) {
  ProgramInput input;
  input.arguments = {"one", "two words"};
  input.environment = {{"GIVEN", "value"}};
  EXPECT_EQ(RunOnce(Options({"tell"}), input).output,
            "argument one\nargument two words\nGIVEN value\n");
  ProgramInput file;
  file.arguments = {"sub/name"};
  file.files = {{"sub/name", "of a file"}};
  EXPECT_EQ(RunOnce(Options({"print-file"}), file).output, "of a file");
}

TEST_P(ExecutorLaws, RefusesFilesOutsideOfTheFolder) {
  executor_ = Made(Options({"echo"}));
  ASSERT_NE(executor_, nullptr);
  for (const std::string path : {"/etc/outside", "../../outside", ""}) {
    ProgramInput input;
    input.files = {{path, "x"}};
    Execution execution;
    EXPECT_FALSE(executor_->Run(input, execution).ok()) << path;
  }
}

TEST_P(ExecutorLaws, GivesEveryKindOfStdinAndStdout) {
  executor_ = Made(Options({"tell"}));
  ASSERT_NE(executor_, nullptr);
  const std::pair<StdinKind, std::string> inputs[] = {
      {StdinKind::kFile, "0 file"},         {StdinKind::kPipe, "0 pipe"},
      {StdinKind::kTerminal, "0 terminal"}, {StdinKind::kClosed, "0 closed"},
      {StdinKind::kNothing, "0 other"},     {StdinKind::kSocket, "0 socket"}};
  for (const auto& [kind, says] : inputs) {
    ProgramInput input = InputOf("bytes");
    input.stdin_kind = kind;
    Execution execution;
    ASSERT_TRUE(executor_->Run(input, execution).ok());
    EXPECT_THAT(std::string(execution.errors), HasSubstr(says));
  }
  const std::pair<StdoutKind, std::string> outputs[] = {
      {StdoutKind::kFile, "1 file"},
      {StdoutKind::kPipe, "1 pipe"},
      {StdoutKind::kTerminal, "1 terminal"},
      {StdoutKind::kClosed, "1 closed"},
      {StdoutKind::kNothing, "1 other"}};
  for (const auto& [kind, says] : outputs) {
    ProgramInput input = InputOf("bytes");
    input.stdout_kind = kind;
    Execution execution;
    ASSERT_TRUE(executor_->Run(input, execution).ok());
    EXPECT_THAT(std::string(execution.errors), HasSubstr(says));
  }
  ProgramInput input = InputOf("bytes");
  input.stdout_kind = StdoutKind::kTerminalForBoth;
  Execution execution;
  ASSERT_TRUE(executor_->Run(input, execution).ok());
  EXPECT_THAT(std::string(execution.output), HasSubstr("2 terminal"));
  EXPECT_EQ(execution.errors, "");
}

TEST_P(ExecutorLaws, LetsWritingFail) {
  ProgramInput input = InputOf("bytes");
  input.stdout_kind = StdoutKind::kUnread;
  EXPECT_EQ(RunOnce(Options({"echo"}), input).signal, SIGPIPE);
  constexpr int kCannotWrite = 9;
  input.stdout_kind = StdoutKind::kFull;
  EXPECT_EQ(RunOnce(Options({"echo"}), input).code, kCannotWrite);
}

TEST_P(ExecutorLaws, FeedsMoreThanAPipeHolds) {
  const std::string large(3'000'000, 'y');
  ExecutorOptions options = Options({"echo"});
  options.limits.output_bytes = large.size();
  for (const StdinKind kind : {StdinKind::kPipe, StdinKind::kSocket}) {
    ProgramInput input = InputOf(large);
    input.stdin_kind = kind;
    EXPECT_EQ(RunOnce(options, input).output.size(), large.size());
  }
}

TEST_P(ExecutorLaws, OutlivesProgramsThatDoNotReadTheirInput) {
  const std::string large(3'000'000, 'y');
  for (const StdinKind kind : {StdinKind::kPipe, StdinKind::kSocket}) {
    ProgramInput input = InputOf(large);
    input.stdin_kind = kind;
    EXPECT_EQ(RunOnce(Options({"crash", "no"}), input).code, 3);
  }
}

TEST_P(ExecutorLaws, TellsHowAProgramEnded) {
  const auto ends = [&](const std::string& how) {
    return RunOnce(Options({"crash", how}));
  };
  const Execution segv = ends("segv");
  EXPECT_EQ(segv.signal, SIGSEGV);
  EXPECT_TRUE(segv.crashed);
  EXPECT_TRUE(ends("abort").crashed);
  const Execution term = ends("term");
  EXPECT_EQ(term.kind, ExitKind::kSignaled);
  EXPECT_FALSE(term.crashed);
  const Execution code = ends("code");
  EXPECT_EQ(code.code, 3);
  EXPECT_FALSE(code.crashed);
  EXPECT_EQ(ends("report").kind, ExitKind::kSanitizer);
}

TEST_P(ExecutorLaws, ObeysRulesOfWhatACrashIs) {
  ExecutorOptions options = Options({"crash", "code"});
  options.crash_rules.exit_codes = {3};
  EXPECT_TRUE(RunOnce(options).crashed);
  options = Options({"crash", "segv"});
  options.crash_rules.fatal_signals = false;
  EXPECT_FALSE(RunOnce(options).crashed);
}

TEST_P(ExecutorLaws, LetsACrashOutrankAHang) {
  ExecutorOptions options = Options({"crash", "report-then-hang"});
  options.limits.wall_ms = 2000;
  const Execution execution = RunOnce(options);
  EXPECT_EQ(execution.kind, ExitKind::kSanitizer);
  EXPECT_TRUE(execution.crashed);
}

TEST_P(ExecutorLaws, EndsWhatIgnoresSignals) {
  ExecutorOptions options = Options({"ignore-signals"});
  options.limits.wall_ms = 100;
  EXPECT_TRUE(RunOnce(options).hung());
  EXPECT_EQ(program_.Count(), between_runs());
}

TEST_P(ExecutorLaws, EndsWhatBurnsItsCpuTime) {
  ExecutorOptions options = Options({"burn"});
  options.limits.cpu_ms = 1000;
  EXPECT_TRUE(RunOnce(options).hung());
}

TEST_P(ExecutorLaws, EndsDaemons) {
  EXPECT_EQ(RunOnce(Options({"daemonize"})).kind, ExitKind::kExited);
  EXPECT_EQ(program_.Count(), between_runs());
}

TEST_P(ExecutorLaws, EndsForkBombs) {
  ExecutorOptions options = Options({"fork-bomb"});
  options.limits.processes_max = 32;
  EXPECT_EQ(RunOnce(options).kind, ExitKind::kTooMany);
  EXPECT_EQ(program_.Count(), between_runs());
}

TEST_P(ExecutorLaws, EndsWhatTakesTooMuchMemory) {
  for (const char* how : {"allocate", "share"}) {
    const Execution execution = RunOnce(Options({how}));
    EXPECT_EQ(execution.kind, ExitKind::kOutOfMemory) << how;
    EXPECT_TRUE(execution.crashed) << how;
  }
}

TEST_P(ExecutorLaws, KeepsTheBeginningOfEndlessOutput) {
  ExecutorOptions options = Options({"write"});
  options.limits.wall_ms = 2000;
  options.limits.output_bytes = 1000;
  const Execution execution = RunOnce(options);
  EXPECT_EQ(execution.output, std::string(1000, 'x'));
  EXPECT_TRUE(execution.output_cut);
}

TEST_P(ExecutorLaws, BoundsWhatIsWrittenToFiles) {
  const Execution execution = RunOnce(Options({"write", "large"}));
  EXPECT_EQ(execution.signal, SIGXFSZ);
  EXPECT_FALSE(execution.crashed);
}

TEST_P(ExecutorLaws, BearsClosedDescriptors) {
  executor_ = Made(Options({"close-everything"}));
  ASSERT_NE(executor_, nullptr);
  for (int i = 0; i < 3; ++i) {
    Execution execution;
    ASSERT_TRUE(executor_->Run({}, execution).ok());
    EXPECT_EQ(execution.code, 6);
  }
}

TEST_P(ExecutorLaws, OutlivesItsParentsMurder) {
  executor_ = Made(Options({"kill-parents"}));
  ASSERT_NE(executor_, nullptr);
  for (int i = 0; i < 3; ++i) {
    Execution execution;
    ASSERT_TRUE(executor_->Run({}, execution).ok());
  }
}

TEST_P(ExecutorLaws, ReapsZombies) {
  executor_ = Made(Options({"zombies"}));
  ASSERT_NE(executor_, nullptr);
  for (int i = 0; i < 3; ++i) {
    Execution execution;
    ASSERT_TRUE(executor_->Run({}, execution).ok());
    EXPECT_EQ(execution.code, 8);
  }
  EXPECT_EQ(program_.Count(), between_runs());
}

TEST_P(ExecutorLaws, LetsNobodyRaiseLimits) {
  EXPECT_EQ(RunOnce(Options({"raise-limits"})).code, 0);
}

TEST_P(ExecutorLaws, EmptiesTheFolderBetweenRuns) {
  executor_ = Made(Options({"count-folder"}));
  ASSERT_NE(executor_, nullptr);
  for (int i = 0; i < 3; ++i) {
    Execution execution;
    ASSERT_TRUE(executor_->Run({}, execution).ok());
    EXPECT_EQ(execution.code, 0) << "run " << i;
  }
}

TEST_P(ExecutorLaws, ForgetsModesAndAttributesBetweenRuns) {
  executor_ = Made(Options({"spoil", "@@"}));
  ASSERT_NE(executor_, nullptr);
  for (int i = 0; i < 3; ++i) {
    Execution execution;
    ASSERT_TRUE(executor_->Run(InputOf("x"), execution).ok());
    EXPECT_EQ(execution.code, 0) << "run " << i;
  }
}

// The canary: a file of the host, which root may write, survives; and the next
// run sees it whole again.
TEST_P(ExecutorLaws, NeverTouchesTheHost) {
  const std::string canary =
      ::testing::TempDir() + "/formfuzz-canary-" + std::to_string(getpid());
  std::ofstream(canary) << "alive";
  executor_ = Made(Options({"destroy"}));
  ASSERT_NE(executor_, nullptr);
  for (int i = 0; i < 2; ++i) {
    ProgramInput input;
    input.arguments = {canary};
    Execution execution;
    ASSERT_EQ(executor_->Run(input, execution), absl::OkStatus());
    EXPECT_EQ(execution.code, 0) << "the program believes that it did it";
    std::string content;
    std::ifstream(canary) >> content;
    EXPECT_EQ(content, "alive");
  }
  unlink(canary.c_str());
}

// A device is the host's own: it may be written to, and no more.
TEST_P(ExecutorLaws, LeavesTheHostsDevicesAsTheyAre) {
  constexpr const char* kDevice = "/dev/full";
  struct stat before{};
  ASSERT_EQ(stat(kDevice, &before), 0);
  RunOnce(Options({"spoil", kDevice}));
  struct stat after{};
  ASSERT_EQ(stat(kDevice, &after), 0);
  EXPECT_EQ(after.st_mode, before.st_mode);
  EXPECT_EQ(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
  if (after.st_mode != before.st_mode) chmod(kDevice, before.st_mode & 07777);
}

TEST_P(ExecutorLaws, KeepsAwayFromTheUsersTerminal) {
  EXPECT_EQ(RunOnce(Options({"open", "/dev/tty"})).code, ENOENT);
  EXPECT_EQ(RunOnce(Options({"session"})).code, 0);
}

TEST_P(ExecutorLaws, KeepsAwayFromKeyrings) {
  EXPECT_EQ(RunOnce(Options({"add-key"})).code, ENOSYS);
}

INSTANTIATE_TEST_SUITE_P(Kinds, ExecutorLaws,
                         ::testing::Values(ExecutorKind::kSpawn,
                                           ExecutorKind::kZygote),
                         [](const auto& kind) {
                           return std::string(NameOf(kind.param));
                         });

}  // namespace
}  // namespace formfuzz::campaign
