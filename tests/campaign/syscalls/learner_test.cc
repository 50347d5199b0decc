// SPDX-License-Identifier: Apache-2.0
// Whether driving finds what is there: programs whose one rare call is known,
// behind one condition each.

#include "campaign/syscalls/learn/learner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "campaign/process/wire/fork_messages.h"
#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/verify.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/watch/call_stack.h"

namespace formfuzz::campaign {
namespace {

struct Needle {
  const char* name;
  int number;
  bool by_denial = false;  // shows only when another call fails
  const char* family = FORMFUZZ_NEEDLES;
};

class Needles : public testing::TestWithParam<Needle> {};

// Only ever ended by a number of runs: time is another's on a busy machine.
constexpr uint64_t kForeverMs = uint64_t{1} << 40;

LearnOptions OptionsFor(const std::string& program) {
  LearnOptions options;
  options.command = {program};
  options.time_ms = 0;
  options.idle_ms = 0;
  options.runs_max = 12'000;
  return options;
}

bool HasFound(const Learner& learner, uint32_t number) {
  return std::ranges::any_of(
      learner.discoveries().items(),
      [number](const auto& item) { return item.first.number == number; });
}

// Of the calls in the profile, those that the run in their evidence makes.
double Precision(Learner& learner) {
  size_t calls = 0;
  size_t confirmed = 0;
  std::set<uint32_t> seen;
  for (const auto& [key, discovery] : learner.discoveries().items()) {
    if (!seen.insert(key.number).second) continue;
    ++calls;
    const Trial& trial =
        learner.Smallest(key.arch, key.number, discovery.trial);
    // A signal may come too late the next time; all else is the same.
    const int attempts = trial.conditions.signals.empty() ? 1 : 4;
    bool again = false;
    for (int attempt = 0; attempt < attempts && !again; ++attempt) {
      const auto look = learner.LookAt(trial);
      again = look.ok() &&
              std::ranges::any_of(look->notes,
                                  [number = key.number](const Note& note) {
                                    return note.call.number == number;
                                  });
    }
    if (again) ++confirmed;
  }
  return calls == 0
             ? 0
             : static_cast<double>(confirmed) / static_cast<double>(calls);
}

TEST_P(Needles, IsFound) {
  const std::string program =
      GetParam().family + std::to_string(GetParam().number);
  auto learner = Learner::Make(OptionsFor(program));
  ASSERT_TRUE(learner.ok()) << learner.status();
  const auto found = [&] { return HasFound(**learner, SYS_getsid); };
  ASSERT_TRUE((*learner)
                  ->Learn([&](const LearnProgress& now) {
                    return GetParam().by_denial ? now.runs < 400 : !found();
                  })
                  .ok());
  if (GetParam().by_denial) {
    EXPECT_FALSE(found());
    ASSERT_TRUE((*learner)->TryWithout(kForeverMs).ok());
  }
  EXPECT_TRUE(found());
  const double precision = Precision(**learner);
  std::printf("%s: recall %d of 1, precision %.2f, %llu runs\n",
              GetParam().name, found() ? 1 : 0, precision,
              static_cast<unsigned long long>((*learner)->numbers().runs));
  EXPECT_GE(precision, 0.9);
}

INSTANTIATE_TEST_SUITE_P(
    All, Needles,
    testing::Values(
        Needle{"Flag", 1}, Needle{"PairOfFlags", 2}, Needle{"LargeNumber", 3},
        Needle{"ChoiceOfHelp", 4}, Needle{"MagicOnStdin", 5},
        Needle{"Variable", 6}, Needle{"NoHome", 7}, Needle{"Handler", 8},
        Needle{"OutOfDescriptors", 9}, Needle{"Thread", 10},
        Needle{"Child", 11}, Needle{"ExecutedProgram", 12},
        Needle{"ClosedStdout", 13}, Needle{"Terminal", 14},
        Needle{"NestedSubcommand", 15}, Needle{"Folder", 16},
        Needle{"FileContent", 17}, Needle{"HiddenFlag", 18},
        Needle{"FallBack", 19, true}, Needle{"Daemon", 20},
        Needle{"Settings", 21}, Needle{"TerminalForErrors", 22},
        Needle{"VariableThatNamesAFile", 23}, Needle{"WordBehindAPrefix", 24},
        Needle{"Code", 25}, Needle{"SocketForInput", 26},
        Needle{"UnreadOutput", 27}, Needle{"FullDevice", 28},
        Needle{"MuchInput", 29}, Needle{"DashBehindDashes", 30},
        Needle{"WideNumber", 31}, Needle{"FileThatIsLookedFor", 32},
        Needle{"FilesOfOneContent", 33}, Needle{"WordOfALibrary", 34}),
    [](const auto& needle) { return std::string(needle.param.name); });

Needle Reader(const char* name, int number, bool by_denial = false) {
  return {name, number, by_denial, FORMFUZZ_READERS};
}

INSTANTIATE_TEST_SUITE_P(
    Readers, Needles,
    testing::Values(
        Reader("FileThatItMakes", 1), Reader("PackedInput", 2),
        Reader("WideInput", 3), Reader("ColumnOfATable", 4),
        Reader("FieldOfAnObject", 5), Reader("ArgumentsInAFile", 6),
        Reader("SecondInterrupt", 7), Reader("ReloadThenEnd", 8),
        Reader("MultipleOfANumber", 9), Reader("FileOfNames", 10),
        Reader("DashForInput", 11), Reader("ComesAgain", 12, true),
        Reader("AcrossFileSystems", 13, true), Reader("StoreOfThreeRuns", 14),
        Reader("CommandBehindAColon", 15), Reader("ExampleOfItsHelp", 16),
        Reader("ExamplesOneAfterTheOther", 17), Reader("AnswerToARequest", 18),
        Reader("GreetingOfAHost", 19), Reader("SomebodyElsewhere", 20),
        Reader("OutputThatIsInput", 21), Reader("HiddenLetter", 22)),
    [](const auto& needle) { return std::string(needle.param.name); });

Needle Comparer(const char* name, int number) {
  return {name, number, false, FORMFUZZ_COMPARERS};
}

INSTANTIATE_TEST_SUITE_P(Comparers, Needles,
                         testing::Values(Comparer("FieldsOfAHeader", 1),
                                         Comparer("SumOfAFile", 2),
                                         Comparer("LinesOneAfterTheOther", 3),
                                         Comparer("FormatOfALine", 4),
                                         Comparer("ValueOfAVariable", 5),
                                         Comparer("ValueOfAFlag", 6)),
                         [](const auto& needle) {
                           return std::string(needle.param.name);
                         });

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
