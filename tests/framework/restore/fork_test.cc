// SPDX-License-Identifier: Apache-2.0
// A run in a child leaves nothing but what is known of it: that is all there,
// and a death is a death of the caller's as well.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "framework/engine/random_play.h"
#include "framework/formfuzz.h"
#include "framework/replay/isolate.h"

namespace formfuzz {
namespace {

int tickets = 0;                      // what no constructor brings back
std::array<uint8_t, 8> edges_passed;  // as if counted by a compiler

// A machine for tickets, a C library of old: its state is the program's.
class TicketMachine {
 public:
  explicit TicketMachine(Run& run)
      : run_(run), print_(run.faults(), "machine.print") {}

  void Reset(Run&) { tickets = 0; }

  void Draw(uint8_t count) {
    ++edges_passed[count % 8];
    if (print_.Hit() != nullptr) return;
    tickets += count;
    run_.SetDeadline(ScenarioClock::kStartMs + 1000u + count);
  }
  void End(uint8_t how) {
    if (how == 1) std::abort();
    if (how == 2) _exit(7);
    if (how == 3) kill(getpid(), SIGKILL);
  }
  uint64_t State() const { return static_cast<uint64_t>(tickets); }
  bool HasDrawnMany() const { return tickets > 200; }
  bool RollLasts() const { return tickets < 700; }

 private:
  Run& run_;
  FaultPoint print_;
};

std::unique_ptr<Recipe> MachineRecipe(Restoring restoring) {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "machine";
  HarnessBuilder<TicketMachine>(*recipe)
      .Faults({"machine.print"})
      .Step("draw", &TicketMachine::Draw, Arbitrary<uint8_t>())
      .Step("end", &TicketMachine::End, InRange<uint8_t>(0, 0))
      .State(&TicketMachine::State)
      .Goal("many tickets", &TicketMachine::HasDrawnMany)
      .Invariant("RollLasts", &TicketMachine::RollLasts)
      .Restore(restoring);
  recipe->Finish();
  return recipe;
}

// The same with ends that are not for random scenarios.
std::unique_ptr<Recipe> MortalRecipe(Restoring restoring) {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "machine";
  HarnessBuilder<TicketMachine>(*recipe)
      .Faults({"machine.print"})
      .Step("end", &TicketMachine::End, Arbitrary<uint8_t>())
      .Restore(restoring);
  recipe->Finish();
  return recipe;
}

const Verdict& Play(Session& session, std::string_view lines) {
  EXPECT_TRUE(session.LoadText(Concat("scenario machine\n", lines)).ok());
  return session.PlayLoaded();
}

TEST(ForkTest, StaticsAreAsTheyWereForEveryRun) {
  tickets = 0;
  const auto forked = MachineRecipe(Restoring::kFork);
  Session session(*forked, {});
  for (int run = 0; run < 5; ++run) {
    EXPECT_TRUE(Play(session, "draw 200\n").passed());
    EXPECT_EQ(session.trace().steps.at(0).state, 200u);
  }
  EXPECT_EQ(tickets, 0);

  const auto rebuilt = MachineRecipe(Restoring::kRebuild);
  Session dirty(*rebuilt, {});
  for (int run = 0; run < 3; ++run) Play(dirty, "draw 200\n");
  EXPECT_FALSE(Play(dirty, "draw 200\n").passed());
  tickets = 0;
}

TEST(ForkTest, WhatIsKnownOfARunComesBack) {
  const auto recipe = MachineRecipe(Restoring::kFork);
  std::array<uint8_t, 512> counters{};
  edges_passed.fill(0);
  Session session(*recipe, counters, edges_passed);
  const Verdict& verdict = Play(session,
                                "fault machine.print error at 1\n"
                                "draw 255\ndraw 3\ndraw 250\ndraw 249\n");
  EXPECT_EQ(NameOf(verdict.kind), "violated");
  EXPECT_EQ(verdict.validator, "RollLasts");
  EXPECT_EQ(verdict.step, 3u);
  EXPECT_EQ(session.goals_reached(), 1u);
  EXPECT_EQ(session.faults().hits(0), 4u);
  EXPECT_EQ(session.faults().fired(), 1u);
  EXPECT_EQ(session.trace().faults_fired, 1u);
  ASSERT_EQ(session.trace().steps.size(), 4u);
  EXPECT_EQ(session.trace().steps[3].state, 754u);
  EXPECT_THAT(edges_passed, testing::ElementsAre(0, 1, 1, 1, 0, 0, 0, 1));
  EXPECT_GT(session.states(), 0u);
  EXPECT_THAT(counters, testing::Contains(testing::Ne(0)));
}

// Whatever guides mutation is known: the same seed makes the same scenarios
// as where the run is one of this process. The roll must last, or the play
// would end: a defect ends both at the same scenario.
TEST(ForkTest, MutationIsGuidedAsEver) {
  RandomPlayResult results[2];
  for (const bool forks : {false, true}) {
    const auto recipe =
        MachineRecipe(forks ? Restoring::kFork : Restoring::kReset);
    Session session(*recipe, {});
    results[forks] = PlayRandomScenarios(session, 300, 11);
    tickets = 0;
  }
  EXPECT_EQ(results[0].runs, results[1].runs);
  EXPECT_EQ(results[0].steps, results[1].steps);
  EXPECT_EQ(results[0].verdict.step, results[1].verdict.step);
}

TEST(ForkDeathTest, TheCallerEndsAsTheChildDid) {
  const auto recipe = MortalRecipe(Restoring::kFork);
  Session session(*recipe, {});
  EXPECT_EXIT(Play(session, "end 3\n"), testing::KilledBySignal(SIGKILL), "");
  EXPECT_EXIT(Play(session, "end 1\n"), testing::KilledBySignal(SIGABRT), "");
  EXPECT_EXIT(Play(session, "end 2\n"), testing::ExitedWithCode(7), "");
}

// A namespace of processes whose first one has ended takes no more of them.
TEST(ForkDeathTest, WithoutAProcessTheEnvironmentIsToBlame) {
  const auto recipe = MachineRecipe(Restoring::kFork);
  const auto play = [&] {
    if (unshare(CLONE_NEWUSER | CLONE_NEWPID) != 0) _exit(2);
    const pid_t first = fork();
    if (first == 0) _exit(0);
    waitpid(first, nullptr, 0);
    Session session(*recipe, {});
    const Verdict& verdict = Play(session, "draw 1\n");
    std::fputs(verdict.message.c_str(), stderr);
    _exit(verdict.kind == VerdictKind::kEnvironmentFailed ? 0 : 1);
  };
  const auto ended_well = [](int status) {
    return WIFEXITED(status) && WEXITSTATUS(status) != 1;
  };
  EXPECT_EXIT(play(), ended_well, "^$|no child to play in");
}

TEST(ForkTest, ADeathIsTheSameFindingAsWithoutAFork) {
  const auto play = [](const char* line, Restoring restoring) {
    const auto recipe = MortalRecipe(restoring);
    Session session(*recipe, {});
    EXPECT_TRUE(session.LoadText(Concat("scenario machine\n", line)).ok());
    Isolation isolation(*recipe, 0);
    return isolation.Play(AsBytes(session.Encoded()), true);
  };
  for (const char* line : {"end 1\n", "end 2\n", "end 3\n"}) {
    const IsolatedResult forked = play(line, Restoring::kFork);
    const IsolatedResult plain = play(line, Restoring::kRebuild);
    EXPECT_EQ(forked.kind, "crashed");
    EXPECT_EQ(forked.kind, plain.kind) << line;
    EXPECT_EQ(forked.signature, plain.signature) << line;
    EXPECT_EQ(forked.ending, plain.ending) << line;
  }
}

}  // namespace
}  // namespace formfuzz
