// SPDX-License-Identifier: Apache-2.0
// Learning as a whole, and whether what was learnt holds.

#include "campaign/syscalls/learn/learner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "campaign/process/wire/fork_messages.h"
#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/verify.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/watch/call_stack.h"
#include "tests/campaign/syscalls/learning.h"

namespace formfuzz::campaign {
namespace {

TEST(LearnerTest, ReadsScripts) {
  const std::vector<std::string> commands[] = {{FORMFUZZ_SCRIPT},
                                               {"/bin/sh", FORMFUZZ_SCRIPT}};
  for (const auto& command : commands) {
    LearnOptions options = OptionsFor("");
    options.command = command;
    options.runs_max = 2'000;
    auto learner = Learner::Make(options);
    ASSERT_TRUE(learner.ok()) << learner.status();
    const auto found = [&] { return HasFound(**learner, SYS_umask); };
    ASSERT_TRUE(
        (*learner)->Learn([&](const LearnProgress&) { return !found(); }).ok());
    EXPECT_TRUE(found()) << command[0];
  }
}

// The library that is preloaded has a name that may be another file's here.
TEST(LearnerTest, LooksAtCodeWhateverElseIsOpen) {
  auto learner = Learner::Make(OptionsFor("/bin/true"));
  ASSERT_TRUE(learner.ok()) << learner.status();
  const int event = eventfd(0, EFD_CLOEXEC);  // refuses to be read as a file
  const bool free = fcntl(kLibraryFd, F_GETFD) < 0;
  if (free) dup3(event, kLibraryFd, O_CLOEXEC);
  EXPECT_GE(fcntl(kLibraryFd, F_GETFD), 0);
  const auto reached = (*learner)->LookAtCode();
  if (free) close(kLibraryFd);
  close(event);
  EXPECT_TRUE(reached.ok()) << reached.status();
}

TEST(LearnerTest, TellsWhoMadeACall) {
  if (!CanLookAtStacks()) GTEST_SKIP() << "built without libdw";
  auto learner = Learner::Make(OptionsFor(std::string(FORMFUZZ_NEEDLES) + "1"));
  ASSERT_TRUE(learner.ok()) << learner.status();
  ASSERT_TRUE((*learner)
                  ->Learn([&](const LearnProgress&) {
                    return !HasFound(**learner, SYS_getsid);
                  })
                  .ok());
  (*learner)->LookAtStacks(kForeverMs);
  const auto& stack = (*learner)->StackAt(AuditArch(NativeArch()), SYS_getsid);
  EXPECT_TRUE(std::ranges::any_of(stack, [](const std::string& frame) {
    return frame.starts_with("main+") && frame.ends_with(" needle_1");
  })) << testing::PrintToString(stack);
}

TEST(VerifyTest, HoldsAndNoticesEachEntryThatIsRemoved) {
  const std::string program = std::string(FORMFUZZ_NEEDLES) + "1";
  auto learner = Learner::Make(OptionsFor(program));
  ASSERT_TRUE(learner.ok()) << learner.status();
  ASSERT_TRUE(
      (*learner)
          ->Learn([](const LearnProgress& now) { return now.runs < 600; })
          .ok());
  const Profile profile = ProfileOf(**learner, {}, {program});
  VerifyOptions options;
  options.rounds = 2;
  options.held_out = 20;
  options.by_arguments = true;
  const auto verdict = Verify(profile, (*learner)->trials(), options);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_TRUE(verdict->denials.empty())
      << verdict->denials[0].name << " "
      << CommandText(verdict->denials[0].evidence);
  options.held_out = 0;
  options.rounds = 1;
  for (const ProfileEntry& entry : profile.entries) {
    // What is implied is so because runs do not show it.
    if (entry.presence != Presence::kSeen) continue;
    Profile without = profile;
    std::erase_if(without.entries, [&](const ProfileEntry& other) {
      return other.number == entry.number;
    });
    const auto noticed = Verify(without, (*learner)->trials(), options);
    ASSERT_TRUE(noticed.ok()) << noticed.status();
    EXPECT_TRUE(std::ranges::any_of(
        noticed->denials,
        [&](const Denial& denial) { return denial.number == entry.number; }))
        << entry.name;
  }
}

TEST(VerifyTest, NoticesWhatASignalShows) {
  const std::string program = std::string(FORMFUZZ_NEEDLES) + "8";
  auto learner = Learner::Make(OptionsFor(program));
  ASSERT_TRUE(learner.ok()) << learner.status();
  ASSERT_TRUE((*learner)
                  ->Learn([&](const LearnProgress&) {
                    return !HasFound(**learner, SYS_getsid);
                  })
                  .ok());
  (*learner)->MoveSignals(kForeverMs);
  Profile profile = ProfileOf(**learner, {}, {program});
  const auto removed = std::erase_if(
      profile.entries,
      [](const ProfileEntry& entry) { return entry.number == SYS_getsid; });
  ASSERT_EQ(removed, 1U);
  // Signals come by the clock; of so many, not all come late.
  const VerifyOptions options{.rounds = 20, .held_out = 0, .stops = false};
  const auto noticed = Verify(profile, (*learner)->trials(), options);
  ASSERT_TRUE(noticed.ok()) << noticed.status();
  EXPECT_TRUE(std::ranges::any_of(noticed->denials, [](const Denial& denial) {
    return denial.number == SYS_getsid;
  }));
}

TEST(LearnerTest, BoundsWhatComesAfterDrivingByItsTime) {
  LearnOptions options;
  const auto after = [&options](uint64_t time_ms) {
    options.time_ms = time_ms;
    return AfterMs(options);
  };
  EXPECT_EQ(after(1'000), 10'000U);
  EXPECT_EQ(after(30'000), 15'000U);
  EXPECT_EQ(after(300'000), 35'000U);
  EXPECT_EQ(after(0), 35'000U);
  options.service.at = "80";
  EXPECT_EQ(after(300'000), 150'000U);
}

TEST(LearnerTest, SaysWhatThereWasNoTimeFor) {
  auto learner = Learner::Make(OptionsFor(std::string(FORMFUZZ_NEEDLES) + "1"));
  ASSERT_TRUE(learner.ok()) << learner.status();
  ASSERT_TRUE(
      (*learner)
          ->Learn([](const LearnProgress& now) { return now.runs < 20; })
          .ok());
  const Learner& learnt = **learner;
  const auto notes_with = [&learnt](const std::string& text) {
    return std::ranges::count_if(learnt.notes(),
                                 [&text](const std::string& note) {
                                   return note.find(text) != note.npos;
                                 });
  };
  ASSERT_TRUE((*learner)->Minimise(kForeverMs).ok());
  (*learner)->MoveSignals(kForeverMs);
  ASSERT_TRUE((*learner)->TryWithout(kForeverMs).ok());
  EXPECT_EQ(notes_with("no time"), 0);
  ASSERT_TRUE((*learner)->Minimise(0).ok());
  EXPECT_EQ(notes_with("calls smaller"), 1);
  const auto needs = (*learner)->TryWithout(0);
  ASSERT_TRUE(needs.ok()) << needs.status();
  EXPECT_TRUE(needs->empty());
  EXPECT_EQ(notes_with("calls fail"), 1);
}

TEST(VerifyTest, NoticesWhatIsOnlyCalledWhereAnotherCallFails) {
  const std::string program = std::string(FORMFUZZ_NEEDLES) + "19";
  auto learner = Learner::Make(OptionsFor(program));
  ASSERT_TRUE(learner.ok()) << learner.status();
  ASSERT_TRUE(
      (*learner)
          ->Learn([](const LearnProgress& now) { return now.runs < 100; })
          .ok());
  ASSERT_TRUE((*learner)->TryWithout(kForeverMs).ok());
  Profile profile = ProfileOf(**learner, {}, {program});
  const VerifyOptions options{.rounds = 1, .held_out = 0, .stops = false};
  const auto verdict = Verify(profile, (*learner)->trials(), options);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_TRUE(verdict->denials.empty()) << verdict->denials[0].name;
  const auto removed = std::erase_if(
      profile.entries,
      [](const ProfileEntry& entry) { return entry.number == SYS_getsid; });
  ASSERT_EQ(removed, 1U);
  const auto noticed = Verify(profile, (*learner)->trials(), options);
  ASSERT_TRUE(noticed.ok()) << noticed.status();
  EXPECT_EQ(noticed->denials.size(), 1U);
}

TEST(VerifyTest, ReplaysInTheEnvironmentThatTheProfileWasMadeIn) {
  const std::string program = std::string(FORMFUZZ_NEEDLES) + "6";
  auto learner = Learner::Make(OptionsFor(program));
  ASSERT_TRUE(learner.ok()) << learner.status();
  ASSERT_TRUE(
      (*learner)
          ->Learn([](const LearnProgress& now) { return now.runs < 40; })
          .ok());
  Profile profile = ProfileOf(**learner, {}, {program});
  EXPECT_EQ(profile.environment, UsualVariables());
  std::erase_if(profile.entries, [](const ProfileEntry& entry) {
    return entry.number == SYS_getsid;
  });
  const auto is_refused = [&] {
    const VerifyOptions options{.rounds = 1, .held_out = 0, .stops = false};
    const auto verdict = Verify(profile, {Trial()}, options);
    return verdict.ok() &&
           std::ranges::any_of(verdict->denials, [](const Denial& denial) {
             return denial.number == SYS_getsid;
           });
  };
  EXPECT_FALSE(is_refused());
  profile.environment.emplace_back("NEEDLE_TRACE", "1");
  EXPECT_TRUE(is_refused());
}

TEST(VerifyTest, HoldsForCallsOfAnotherArchitecture) {
  const std::string program = std::string(FORMFUZZ_ODDITIES) + "4";
  auto learner = Learner::Make(OptionsFor(program));
  ASSERT_TRUE(learner.ok()) << learner.status();
  ASSERT_TRUE(
      (*learner)
          ->Learn([](const LearnProgress& now) { return now.runs < 20; })
          .ok());
  Profile profile = ProfileOf(**learner, {}, {program});
  const auto foreign = [](const ProfileEntry& entry) {
    return entry.arch != NativeArch() && entry.presence == Presence::kSeen;
  };
  ASSERT_TRUE(std::ranges::any_of(profile.entries, foreign));
  const VerifyOptions options{.rounds = 1, .held_out = 0, .stops = false};
  const auto verdict = Verify(profile, (*learner)->trials(), options);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  EXPECT_GT(verdict->runs, 0u);
  EXPECT_TRUE(verdict->denials.empty());
  std::erase_if(profile.entries, foreign);
  const auto noticed = Verify(profile, (*learner)->trials(), options);
  ASSERT_TRUE(noticed.ok()) << noticed.status();
  EXPECT_EQ(noticed->denials.size(), 1u);
}

}  // namespace
}  // namespace formfuzz::campaign
