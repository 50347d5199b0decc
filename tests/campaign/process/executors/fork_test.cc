// SPDX-License-Identifier: Apache-2.0
// What a forkserver does so that forks cost less, and that nobody sees it.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "tests/campaign/process/executors/programs.h"

namespace formfuzz::campaign {
namespace {

#ifdef FORMFUZZ_COUNTED_MISBEHAVING
const std::string kCounted = FORMFUZZ_COUNTED_MISBEHAVING;
#else
const std::string kCounted;
#endif

std::vector<ExecutorKind> Kinds() {
  std::vector<ExecutorKind> kinds = {ExecutorKind::kZygote};
  if (!kCounted.empty()) kinds.push_back(ExecutorKind::kRuntime);
  return kinds;
}

// Runs that a forkserver makes before it looks at one, and is done with it.
constexpr int kRunsUntilLooked = 32;

class ForkTest : public ::testing::TestWithParam<ExecutorKind> {
 protected:
  ExecutorOptions Options() const {
    return OptionsFor(
        {GetParam() == ExecutorKind::kRuntime ? kCounted : kMisbehaving},
        GetParam());
  }

  Execution Run(Executor& executor, const std::string& what,
                const std::string& how = "") {
    ProgramInput input;
    input.arguments = {what, how};
    Execution execution;
    const absl::Status done = executor.Run(input, execution);
    EXPECT_TRUE(done.ok()) << done;
    return execution;
  }

  void RunTimes(Executor& executor, int times) {
    for (int i = 0; i < times; ++i) Run(executor, "echo");
  }
};

TEST_P(ForkTest, CarriesTheCodeThatRunsTouch) {
  const auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  const int before = atoi(std::string(Run(*executor, "faults").output).c_str());
  RunTimes(*executor, kRunsUntilLooked);
  const int after = atoi(std::string(Run(*executor, "faults").output).c_str());
  EXPECT_GT(after, 0);
  EXPECT_LT(after, before);
}

TEST_P(ForkTest, RunsAsBeforeOnceItCarriesCode) {
  const auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  RunTimes(*executor, kRunsUntilLooked);
  EXPECT_EQ(Run(*executor, "traces").code, 0);
  EXPECT_EQ(Run(*executor, "none").code, 2);
  EXPECT_EQ(Run(*executor, "crash", "segv").kind, ExitKind::kSignaled);
  EXPECT_EQ(Run(*executor, "zombies").kind, ExitKind::kExited);
}

// The one that looks is no process of the run's, and goes by itself.
TEST_P(ForkTest, CountsNoProcessThatIsNotOfTheRun) {
  ExecutorOptions options = Options();
  options.limits.processes_max = 1;
  options.limits.wall_ms = 1000;
  const auto executor = Made(options);
  ASSERT_NE(executor, nullptr);
  RunTimes(*executor, kRunsUntilLooked - 1);
  EXPECT_EQ(Run(*executor, "burn").kind, ExitKind::kTimedOut);
  EXPECT_EQ(Run(*executor, "traces").code, 0);
}

TEST_P(ForkTest, LeavesNoTraceOfWhatOnlyTheServerNeeds) {
  const auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(Run(*executor, "traces").code, 0);
}

TEST_P(ForkTest, LoadsTheLocaleOnceForAll) {
  if (access("/usr/lib/locale/C.utf8/LC_CTYPE", R_OK) != 0) {
    GTEST_SKIP() << "this system has no C.utf8 in files";
  }
  const auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(Run(*executor, "locale").output, "loaded C C.UTF-8");
  ProgramInput input;
  input.arguments = {"locale"};
  input.environment = {{"LC_ALL", "C"}};
  Execution execution;
  ASSERT_TRUE(executor->Run(input, execution).ok());
  EXPECT_EQ(execution.output, "loaded C C");
}

// Else it would wait for a reader who first waits for it.
TEST_P(ForkTest, HasRoomForOutputThatIsReadAfterTheRun) {
  size_t most = 0;
  std::ifstream("/proc/sys/fs/pipe-max-size") >> most;
  if (most < 1048576) GTEST_SKIP() << "the system allows " << most;
  const auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(Run(*executor, "room").output, "1048576");
}

INSTANTIATE_TEST_SUITE_P(Kinds, ForkTest, ::testing::ValuesIn(Kinds()),
                         [](const auto& row) {
                           return std::string(NameOf(row.param));
                         });

}  // namespace
}  // namespace formfuzz::campaign
