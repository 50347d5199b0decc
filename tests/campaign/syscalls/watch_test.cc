// SPDX-License-Identifier: Apache-2.0
// Filters that grow, and what is seen through them: nothing that another
// observer sees is missed.

#include "campaign/syscalls/watch/call_watch.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "campaign/process/child.h"
#include "campaign/process/executor.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/names/call_names.h"

namespace formfuzz::campaign {
namespace {

using Begins = CallWatch::Begins;

std::string Oddity(int number) {
  return std::string(FORMFUZZ_ODDITIES) + std::to_string(number);
}

// A program in an executor that is watched.
struct Watched {
  Watched(std::vector<std::string> command, ExecutorKind executor_kind)
      : watch(known), kind(executor_kind) {
    ExecutorOptions options;
    options.command = std::move(command);
    options.kind = kind;
    options.watcher = &watch;
    auto made = MakeExecutor(options);
    EXPECT_TRUE(made.ok()) << made.status();
    if (made.ok()) executor = *std::move(made);
  }

  Execution Run(const ProgramInput& input = {}) {
    watch.BeginRun(kind == ExecutorKind::kZygote ? Begins::kBeforeFork
                                                 : Begins::kInLoader);
    Execution execution;
    const absl::Status ran = executor->Run(input, execution);
    EXPECT_TRUE(ran.ok()) << ran;
    return execution;
  }
  void Learn() {
    for (const Note& note : watch.notes()) known.Add(note.call);
  }
  std::set<std::string> Names() const {
    std::set<std::string> names;
    for (const Note& note : watch.notes()) {
      const int number = static_cast<int>(note.call.number);
      names.insert(NameOfCall(ArchOfCall(note.call.arch, number), number));
    }
    return names;
  }

  CallSet known;
  CallWatch watch;
  ExecutorKind kind;
  std::unique_ptr<Executor> executor;
};

class Watching : public testing::TestWithParam<ExecutorKind> {};

TEST_P(Watching, AsksNoMoreAboutWhatIsKnown) {
  Watched ls({"/bin/ls"}, GetParam());
  ls.Run();
  EXPECT_TRUE(ls.Names().contains("getdents64"));
  ls.Learn();
  const uint64_t before = ls.watch.answers();
  ls.Run();
  EXPECT_TRUE(ls.watch.notes().empty());
  // At most the marks, and a zygote's word of itself.
  EXPECT_LE(ls.watch.answers() - before, 3U);
  ProgramInput more;
  more.arguments = {"-l", "/etc/passwd"};
  ls.Run(more);
  EXPECT_TRUE(ls.Names().contains("lgetxattr"));
  EXPECT_FALSE(ls.Names().contains("write") && ls.Names().contains("brk"));
}

TEST_P(Watching, TellsArgumentsApart) {
  Watched program({"/bin/sh", "-c", "test -r /etc/passwd; true >> new"},
                  GetParam());
  program.Run();
  program.Learn();
  program.Run();
  EXPECT_TRUE(program.watch.notes().empty());
  ProgramInput input;
  program.known.Remove(SYS_openat);
  program.Run(input);
  std::set<uint64_t> flags;
  for (const Note& note : program.watch.notes()) {
    EXPECT_EQ(note.call.number, uint32_t{SYS_openat});
    flags.insert(note.call.arguments[2]);
  }
  EXPECT_FALSE(flags.empty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, Watching,
                         testing::Values(ExecutorKind::kSpawn,
                                         ExecutorKind::kZygote),
                         [](const auto& kind) {
                           return std::string(NameOf(kind.param));
                         });

TEST(CallWatchTest, RefusesAsItIsTold) {
  Watched id({"/usr/bin/id", "-u"}, ExecutorKind::kSpawn);
  EXPECT_EQ(id.Run().code, 0);
  id.watch.Inject(SYS_write, EPERM);
  EXPECT_NE(id.Run().code, 0);
}

TEST(CallWatchTest, SeesCallsOfKeyringsAndLetsNoneThrough) {
  Watched program({Oddity(5)}, ExecutorKind::kSpawn);
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(program.Run().code, ENOSYS) << run;
    EXPECT_EQ(program.Names().contains("keyctl"), run == 0);
    program.Learn();
  }
}

TEST(CallWatchTest, LetsNoKeyringsBeSeenBeforeItsFilterIsInForce) {
  for (const ExecutorKind kind :
       {ExecutorKind::kZygote, ExecutorKind::kSpawn}) {
    Watched program({Oddity(9)}, kind);
    EXPECT_EQ(program.Run().code, ENOSYS) << NameOf(kind);
  }
}

TEST(CallWatchTest, KnowsPhases) {
  Watched program({"/bin/true"}, ExecutorKind::kSpawn);
  program.Run();
  const auto noted = [&](uint32_t number) {
    for (const Note& note : program.watch.notes()) {
      if (note.call.number == number) return note;
    }
    ADD_FAILURE() << "call " << number << " was not seen";
    return Note{};
  };
  EXPECT_EQ(noted(SYS_mprotect).stage, Stage::kLoader);
  EXPECT_EQ(noted(SYS_exit_group).stage, Stage::kMain);
  EXPECT_NE(noted(SYS_exit_group).site.module.find("libc"), std::string::npos);
}

TEST(CallWatchTest, TakesAProgramsWordForWhereItIsReady) {
  Watched program({Oddity(8)}, ExecutorKind::kSpawn);
  program.Run();
  const auto stages = [&](uint32_t number) {
    std::set<Stage> seen;
    for (const Note& note : program.watch.notes()) {
      if (note.call.number == number) seen.insert(note.stage);
    }
    return seen;
  };
  EXPECT_EQ(stages(SYS_chdir), std::set<Stage>{Stage::kStartUp});
  EXPECT_EQ(stages(SYS_getsid), std::set<Stage>{Stage::kMain});
  EXPECT_TRUE(stages(kPhaseCall).empty());
}

std::set<std::string> SeenByStrace(const std::vector<std::string>& command) {
  const std::string log =
      testing::TempDir() + "/formfuzz-strace-" + std::to_string(getpid());
  Command strace;
  strace.arguments = {"strace", "-f", "-qq", "-o", log};
  strace.arguments.insert(strace.arguments.end(), command.begin(),
                          command.end());
  std::set<std::string> names;
  if (!RunToEnd(strace, Child::Output::kErrors, 4096, 20'000).ok()) {
    return names;
  }
  std::ifstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const size_t begin = line.find_first_not_of("0123456789 ");
    const size_t end = line.find('(', begin);
    if (begin != line.npos && line[begin] == '<') continue;  // "resumed"
    if (begin != line.npos && end != line.npos) {
      names.insert(line.substr(begin, end - begin));
    }
  }
  std::filesystem::remove(log);
  return names;
}

TEST(CallWatchTest, MissesNothingThatStraceSees) {
  if (std::system("strace -o /dev/null true 2>/dev/null") != 0) {
    GTEST_SKIP() << "strace is not installed, or ptrace is forbidden";
  }
  const std::vector<std::vector<std::string>> commands = {
      {"/bin/ls", "-lR", "/etc/apt"},
      {"/bin/sh", "-c", "cat /etc/passwd | sort -u | wc -l"},
      {"/usr/bin/find", "/etc/apt", "-exec", "grep", "-c", "a", "{}", ";"},
      {"/bin/date", "-R"}};
  for (const auto& command : commands) {
    std::set<std::string> strace = SeenByStrace(command);
    ASSERT_FALSE(strace.empty());
    // Made by who starts the program.
    if (command[0] != "/bin/sh" && command[0] != "/usr/bin/find") {
      strace.erase("execve");
    }
    Watched program(command, ExecutorKind::kSpawn);
    ProgramInput input;
    input.stdin_kind = StdinKind::kNothing;  // as strace was started
    input.stdout_kind = StdoutKind::kNothing;
    program.Run(input);
    const std::set<std::string> names = program.Names();
    for (const std::string& name : strace) {
      EXPECT_TRUE(names.contains(name)) << command[0] << ": " << name;
    }
  }
}

TEST(OdditiesTest, AreReportedOrHandled) {
  const char* const notes[] = {"sandboxes itself", "io_uring", "",
                               "another architecture"};
  for (int oddity = 1; oddity <= 4; ++oddity) {
    LearnOptions options;
    options.command = {Oddity(oddity)};
    options.runs_max = 40;
    auto learner = Learner::Make(options);
    ASSERT_TRUE(learner.ok()) << learner.status();
    ASSERT_TRUE((*learner)->Learn(nullptr).ok());
    const bool finished = std::ranges::any_of(
        (*learner)->discoveries().items(),
        [](const auto& item) { return item.first.number == SYS_getsid; });
    EXPECT_TRUE(finished) << oddity;
    const std::string note = notes[oddity - 1];
    EXPECT_TRUE(note.empty() ||
                std::ranges::any_of((*learner)->notes(),
                                    [&](const std::string& said) {
                                      return said.find(note) != said.npos;
                                    }))
        << oddity;
  }
}

// As root nothing but the sandbox protects them.
TEST(CanaryTest, SurvivesProgramsThatDelete) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) /
                          ("formfuzz-canary-" + std::to_string(getpid()));
  fs::create_directories(folder);
  const fs::path canary = folder / "canary";
  std::ofstream(canary) << "alive\n";
  const std::vector<std::vector<std::string>> commands = {
      {"/bin/rm", "-rf", folder.string()},
      {"/bin/cp", "-f", "/dev/null", canary.string()},
      {"/bin/tar", "--remove-files", "-cf", "new.tar", canary.string()}};
  for (const auto& command : commands) {
    LearnOptions options;
    options.command = command;
    options.runs_max = 150;
    auto learner = Learner::Make(options);
    ASSERT_TRUE(learner.ok()) << learner.status();
    ASSERT_TRUE((*learner)->Learn(nullptr).ok());
    std::string content;
    std::getline(std::ifstream(canary) >> std::ws, content);
    EXPECT_EQ(content, "alive") << command[0];
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace formfuzz::campaign
