// SPDX-License-Identifier: Apache-2.0
// Programs that speak with their executor: our runtime's, AFL++'s, servers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/campaign/process/executors/programs.h"

namespace formfuzz::campaign {
namespace {

Execution RunOne(Executor& executor, std::string_view bytes) {
  Execution execution;
  const absl::Status done = executor.Run(InputOf(bytes), execution);
  EXPECT_TRUE(done.ok()) << done;
  return execution;
}

#ifdef FORMFUZZ_LOOPING

size_t CountEdges(const Execution& execution) {
  return static_cast<size_t>(
      std::count_if(execution.coverage.begin(), execution.coverage.end(),
                    [](uint8_t hits) { return hits != 0; }));
}

class LoopExecutorTest : public ::testing::Test {
 protected:
  LoopExecutorTest() {
    ExecutorOptions options =
        OptionsFor({FORMFUZZ_LOOPING}, ExecutorKind::kAuto);
    options.limits.wall_ms = 2000;
    options.persistent_runs_max = 50;
    executor_ = Made(options);
  }

  std::unique_ptr<Executor> executor_;
};

TEST_F(LoopExecutorTest, SeesWhichEdgesARunTook) {
  ASSERT_TRUE(executor_->capabilities().persistent);
  const size_t nothing = CountEdges(RunOne(*executor_, ""));
  const size_t some = CountEdges(RunOne(*executor_, "l123"));
  EXPECT_GT(nothing, 0u);
  EXPECT_GT(some, nothing);
  EXPECT_EQ(CountEdges(RunOne(*executor_, "")), nothing) << "none is left over";
}

// The program looks at its first byte by a switch.
TEST_F(LoopExecutorTest, TellsWhatATracedRunCompared) {
  ASSERT_TRUE(executor_->capabilities().comparisons);
  const auto is_wanted = [&](const Comparison& one) {
    return one.numbers && one.left[0] == 'a' && one.right[0] == 'z' &&
           one.left_is_constant;
  };
  Execution execution;
  std::vector<Comparison> comparisons;
  ASSERT_TRUE(executor_->RunTraced(InputOf("zz"), execution, comparisons).ok());
  EXPECT_TRUE(std::any_of(comparisons.begin(), comparisons.end(), is_wanted));
  RunOne(*executor_, "y");  // notes nothing
  comparisons.clear();
  ASSERT_TRUE(executor_->RunTraced(InputOf("xx"), execution, comparisons).ok());
  EXPECT_FALSE(std::any_of(comparisons.begin(), comparisons.end(), is_wanted));
}

TEST_F(LoopExecutorTest, CountsHits) {
  const auto most = [&](std::string_view bytes) {
    const Execution execution = RunOne(*executor_, bytes);
    return *std::max_element(execution.coverage.begin(),
                             execution.coverage.end());
  };
  EXPECT_GE(most("l12345678"), 7);
  EXPECT_LT(most("l1"), 7);
}

TEST_F(LoopExecutorTest, GoesOnAfterEveryEnd) {
  for (int i = 0; i < 3; ++i) {
    const Execution aborted = RunOne(*executor_, "a");
    EXPECT_EQ(aborted.signal, SIGABRT);
    EXPECT_TRUE(aborted.crashed);
    EXPECT_GT(CountEdges(aborted), 0u) << "edges outlive the process";
    EXPECT_THAT(std::string(aborted.errors), testing::HasSubstr("about to"));
    EXPECT_EQ(RunOne(*executor_, "e").code, 3);
    EXPECT_TRUE(RunOne(*executor_, "h").hung());
    EXPECT_EQ(RunOne(*executor_, "fine").kind, ExitKind::kExited);
  }
}

TEST_F(LoopExecutorTest, DoesNotBelieveAProgramThatItHasEnded) {
  EXPECT_TRUE(RunOne(*executor_, "w").hung());
  EXPECT_EQ(RunOne(*executor_, "fine").kind, ExitKind::kExited);
}

TEST_F(LoopExecutorTest, OutlivesItsForkserversMurder) {
  RunOne(*executor_, "k");
  RunOne(*executor_, "a");
  EXPECT_FALSE(RunOne(*executor_, "fine").crashed);
}

TEST_F(LoopExecutorTest, ReplacesTheProcessAfterSoManyRuns) {
  for (int i = 0; i < 200; ++i) {
    ASSERT_EQ(RunOne(*executor_, "l1").kind, ExitKind::kExited);
  }
}

TEST_F(LoopExecutorTest, TellsTheInputsOfABatchApart) {
  const std::array<Bytes, 4> inputs = {AsBytes(""), AsBytes("l123456789"),
                                       AsBytes("x"), AsBytes("")};
  std::array<Execution, 4> executions;
  const auto ran = executor_->RunBatch(inputs, executions);
  ASSERT_TRUE(ran.ok()) << ran.status();
  ASSERT_EQ(*ran, 4u);
  std::vector<std::vector<uint8_t>> together;
  for (const Execution& execution : executions) {
    together.emplace_back(execution.coverage.begin(), execution.coverage.end());
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    const Execution alone = RunOne(*executor_, AsText(inputs[i]));
    EXPECT_EQ(together[i], std::vector<uint8_t>(alone.coverage.begin(),
                                                alone.coverage.end()))
        << "input " << i;
  }
}

TEST_F(LoopExecutorTest, EndsABatchWithTheInputThatCrashed) {
  const std::array<Bytes, 4> inputs = {AsBytes("x"), AsBytes("a"), AsBytes("x"),
                                       AsBytes("x")};
  std::array<Execution, 4> executions;
  const auto ran = executor_->RunBatch(inputs, executions);
  ASSERT_TRUE(ran.ok()) << ran.status();
  ASSERT_EQ(*ran, 2u);
  EXPECT_FALSE(executions[0].crashed);
  EXPECT_TRUE(executions[1].crashed);
}

TEST(RuntimeTest, ForksAProgramThatWasCompiledForIt) {
  auto executor =
      Made(OptionsFor({FORMFUZZ_COUNTED_MISBEHAVING}, ExecutorKind::kAuto));
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(executor->capabilities().kind, ExecutorKind::kRuntime);
  EXPECT_FALSE(executor->capabilities().persistent);
  ProgramInput input = InputOf("text");
  input.arguments = {"echo"};
  Execution execution;
  ASSERT_TRUE(executor->Run(input, execution).ok());
  EXPECT_EQ(execution.output, "text");
  const size_t echo = CountEdges(execution);
  input.arguments = {"crash", "abort"};
  ASSERT_TRUE(executor->Run(input, execution).ok());
  EXPECT_TRUE(execution.crashed);
  EXPECT_GT(echo, 0u);
  EXPECT_GT(CountEdges(execution), 0u);
}

TEST(RuntimeTest, TellsWhatAForkedProgramCompared) {
  auto executor =
      Made(OptionsFor({FORMFUZZ_COUNTED_MISBEHAVING}, ExecutorKind::kAuto));
  ASSERT_NE(executor, nullptr);
  ProgramInput input = InputOf("text");
  input.arguments = {"echo"};
  Execution execution;
  std::vector<Comparison> comparisons;
  ASSERT_TRUE(executor->RunTraced(input, execution, comparisons).ok());
  EXPECT_EQ(execution.output, "text");
  EXPECT_THAT(comparisons, testing::Not(testing::IsEmpty()));
}

#endif  // FORMFUZZ_LOOPING

class AflHandshakes : public ::testing::TestWithParam<std::string> {};

TEST_P(AflHandshakes, RunsAndMeasures) {
  ExecutorOptions options =
      OptionsFor({FORMFUZZ_AFL_DOUBLE, GetParam()}, ExecutorKind::kAuto);
  options.limits.wall_ms = 2000;
  auto executor = Made(options);
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(executor->capabilities().kind, ExecutorKind::kAfl);
  EXPECT_EQ(executor->capabilities().coverage_size, 256u);
  for (int i = 0; i < 3; ++i) {
    const Execution execution = RunOne(*executor, "xyy");
    EXPECT_EQ(execution.coverage['x'], 1);
    EXPECT_EQ(execution.coverage['y'], 2);
    EXPECT_EQ(RunOne(*executor, "w").errors, "words");
    const Execution aborted = RunOne(*executor, "a");
    EXPECT_TRUE(aborted.crashed);
    EXPECT_EQ(aborted.errors, "") << "an earlier run's";
    EXPECT_TRUE(RunOne(*executor, "h").hung());
  }
}

INSTANTIATE_TEST_SUITE_P(Both, AflHandshakes, ::testing::Values("old", "new"),
                         [](const auto& row) { return row.param; });

TEST(AflExecutorTest, RefusesAProgramThatDoesNotShakeHands) {
  const auto executor =
      MakeExecutor(OptionsFor({FORMFUZZ_AFL_DOUBLE}, ExecutorKind::kAuto));
  EXPECT_TRUE(absl::IsInvalidArgument(executor.status()));
}

struct ServerCase {
  std::string name;
  ServerAddress::Kind kind;
  std::string where;
};

class Servers : public ::testing::TestWithParam<ServerCase> {
 protected:
  ExecutorOptions Options() const {
    ExecutorOptions options =
        OptionsFor({FORMFUZZ_ECHO_SERVER, GetParam().name, GetParam().where},
                   ExecutorKind::kAuto);
    options.server.emplace();
    options.server->kind = GetParam().kind;
    options.server->runs_max = 3;
    // On a busy machine an answer takes its time; streams are ended by it.
    const bool datagrams = GetParam().kind == ServerAddress::Kind::kUdp;
    options.server->quiet_ms = datagrams ? 1000 : 5000;
    if (GetParam().kind == ServerAddress::Kind::kUnix) {
      options.server->path = GetParam().where;
    } else {
      options.server->port =
          static_cast<uint16_t>(atoi(GetParam().where.c_str()));
    }
    return options;
  }
};

TEST_P(Servers, AnswersAndIsStartedAfresh) {
  auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  for (int i = 0; i < 8; ++i) {
    const Execution execution = RunOne(*executor, "hello");
    EXPECT_EQ(execution.output, "hello") << "run " << i;
    EXPECT_EQ(execution.kind, ExitKind::kExited);
  }
}

TEST_P(Servers, IsSeenToDie) {
  auto executor = Made(Options());
  ASSERT_NE(executor, nullptr);
  for (int i = 0; i < 2; ++i) {
    const Execution execution = RunOne(*executor, "die");
    EXPECT_EQ(execution.signal, SIGABRT);
    EXPECT_TRUE(execution.crashed);
    EXPECT_EQ(RunOne(*executor, "hello").output, "hello");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Servers,
    ::testing::Values(ServerCase{"tcp", ServerAddress::Kind::kTcp, "7001"},
                      ServerCase{"udp", ServerAddress::Kind::kUdp, "7002"},
                      ServerCase{"unix", ServerAddress::Kind::kUnix,
                                 "/fuzz/work/socket"}),
    [](const auto& row) { return row.param.name; });

TEST(ServerExecutorTest, SaysThatAServerNeverBecameReady) {
  ExecutorOptions options = OptionsFor({"/bin/true"}, ExecutorKind::kAuto);
  options.server.emplace();
  options.server->port = 7003;
  options.server->ready_ms = 300;
  const auto executor = MakeExecutor(options);
  EXPECT_TRUE(absl::IsInvalidArgument(executor.status()));
}

}  // namespace
}  // namespace formfuzz::campaign
