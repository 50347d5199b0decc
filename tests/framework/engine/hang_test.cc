// SPDX-License-Identifier: Apache-2.0
// A run is called hung when the engine ends it for its time, not before: an
// engine that waits longer may see it pass.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "framework/engine/death.h"
#include "tests/framework/bank.h"

namespace formfuzz {
namespace {

constexpr int kEngineExit = 70;
constexpr int kTicksOfRun = 24;  // of 16 in the limit: it is over by then

// What children tell their parent.
struct Told {
  int findings;
  VerdictKind kind;
};
Told* told = nullptr;

class TellingSink final : public FindingSink {
 public:
  bool Record(const Finding& finding) override {
    ++told->findings;
    told->kind = finding.verdict.kind;
    return true;
  }
};

volatile int ticks = 0;
volatile bool engine_stops = false;

// The engine's handler, in front of which ours is put.
void OnEngineTick(int) {
  ticks = ticks + 1;
  if (engine_stops && ticks >= kTicksOfRun) _exit(kEngineExit);
}

void Spin() {
  while (ticks < kTicksOfRun) {
  }
}

void PlayOneThatTakesLong() {
  std::signal(SIGALRM, OnEngineTick);
  const std::unique_ptr<Recipe> recipe = BankRecipe();
  Session session(*recipe, {});
  TellingSink sink;
  WatchForDeath(session, sink, 1);
  BeginWatchedRun();
  Spin();
  EndWatchedRun();
  BeginWatchedRun();
  std::abort();
}

class HangTest : public testing::Test {
 protected:
  HangTest() {
    void* shared = mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    told = static_cast<Told*>(shared);
  }
  ~HangTest() override { munmap(told, sizeof(Told)); }

  static int PlayInChild() {
    const pid_t child = fork();
    if (child == 0) {
      PlayOneThatTakesLong();
      std::abort();
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
  }
};

TEST_F(HangTest, ARunThatTheEngineLetsPassIsNoFindingAndHidesNone) {
  const int status = PlayInChild();
  ASSERT_TRUE(WIFSIGNALED(status)) << status;
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
  EXPECT_EQ(told->findings, 1);
  EXPECT_EQ(told->kind, VerdictKind::kCrashed);
}

TEST_F(HangTest, ARunThatTheEngineStopsIsOne) {
  engine_stops = true;
  const int status = PlayInChild();
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), kEngineExit);
  EXPECT_EQ(told->findings, 1);
  EXPECT_EQ(told->kind, VerdictKind::kHung);
  engine_stops = false;
}

}  // namespace
}  // namespace formfuzz
