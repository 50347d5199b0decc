// SPDX-License-Identifier: Apache-2.0
// What a forkserver does so that forks cost less, and that nobody sees it.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "campaign/process/sandbox/unique_fd.h"
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

// The program's first argument is a keyword, or none.
TEST_P(ForkTest, TellsWhichTextsATracedRunCompared) {
  const auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  ASSERT_TRUE(executor->capabilities().comparisons);
  const auto is_wanted = [](const Comparison& one) {
    return !one.numbers && one.left == "zzzz" && one.right == "keyword";
  };
  ProgramInput input;
  input.arguments = {"zzzz"};
  Execution execution;
  std::vector<Comparison> comparisons;
  ASSERT_TRUE(executor->RunTraced(input, execution, comparisons).ok());
  EXPECT_EQ(execution.code, 2);
  EXPECT_TRUE(std::any_of(comparisons.begin(), comparisons.end(), is_wanted));
  Run(*executor, "yyyy");  // notes nothing
  comparisons.clear();
  input.arguments = {"xxxx"};
  ASSERT_TRUE(executor->RunTraced(input, execution, comparisons).ok());
  EXPECT_FALSE(std::any_of(comparisons.begin(), comparisons.end(), is_wanted));
}

// Takes from this thread what lets root have as many large pipes as it likes.
class OrdinaryUser {
 public:
  OrdinaryUser() {
    syscall(SYS_capget, &header_, before_);
    __user_cap_data_struct now[2] = {before_[0], before_[1]};
    for (const unsigned power : {CAP_SYS_RESOURCE, CAP_SYS_ADMIN}) {
      now[0].effective &= ~(1U << power);
    }
    syscall(SYS_capset, &header_, now);
  }
  ~OrdinaryUser() { syscall(SYS_capset, &header_, before_); }

 private:
  __user_cap_header_struct header_{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct before_[2] = {};
};

TEST_P(ForkTest, ATracedRunEndsAsOthersDo) {
  const auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  for (const char* way : {"threads", "longjmp", "vfork", "raise", "int3"}) {
    const Execution plain = Run(*executor, "disturb-traps", way);
    for (int i = 0; i < 8; ++i) {
      ProgramInput input;
      input.arguments = {"disturb-traps", way};
      Execution traced;
      std::vector<Comparison> comparisons;
      ASSERT_TRUE(executor->RunTraced(input, traced, comparisons).ok()) << way;
      EXPECT_EQ(traced.kind, plain.kind) << way;
      EXPECT_EQ(traced.code, plain.code) << way;
      EXPECT_EQ(traced.signal, plain.signal) << way;
    }
  }
}

TEST_P(ForkTest, RunsWithSmallPipesWhereAUserMayHaveNoMoreLargeOnes) {
  constexpr int kLarge = 1 << 20;
  const OrdinaryUser here;
  std::vector<UniqueFd> pipes;
  // False where there is no limit.
  const auto use_up = [&] {
    for (int i = 0; i < 200; ++i) {
      int ends[2];
      if (pipe2(ends, O_CLOEXEC) != 0) return false;
      pipes.emplace_back(ends[0]);
      pipes.emplace_back(ends[1]);
      if (fcntl(ends[0], F_SETPIPE_SZ, kLarge) < 0) return errno == EPERM;
    }
    return false;
  };
  if (!use_up()) GTEST_SKIP() << "pipes have no limit here";
  ExecutorOptions options = Options();
  options.isolation.unsafe_host = true;  // a sandbox takes root
  options.limits.output_bytes = kLarge;
  auto executor = Made(options);
  ASSERT_NE(executor, nullptr);
  const auto room = [&] {
    return atoi(std::string(Run(*executor, "room").output).c_str());
  };
  // The limit is the user's: what others close meanwhile is to be had.
  for (int i = 0; i < 20 && room() == kLarge && use_up(); ++i) {
    executor = Made(options);
    ASSERT_NE(executor, nullptr);
  }
  EXPECT_LT(room(), kLarge);
  const std::string said(300'000, 'x');
  ProgramInput input = InputOf(said);
  input.arguments = {"echo"};
  Execution execution;
  ASSERT_TRUE(executor->Run(input, execution).ok());
  EXPECT_TRUE(execution.output == said) << execution.output.size();
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
