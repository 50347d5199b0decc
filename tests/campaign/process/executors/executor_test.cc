// SPDX-License-Identifier: Apache-2.0
// Programs that cannot be run, kinds that fit, and the death of supervisors.

#include "campaign/process/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/campaign/process/executors/programs.h"

namespace formfuzz::campaign {
namespace {

using ::testing::HasSubstr;

class ExecutorTest : public ::testing::Test {
 protected:
  std::string File(const std::string& name, const std::string& content,
                   mode_t mode) {
    const std::string path = program_.folder() + "/" + name;
    std::ofstream(path) << content;
    chmod(path.c_str(), mode);
    return path;
  }

  std::string Copy(const std::string& program, const std::string& name,
                   mode_t mode) {
    const std::string path = program_.folder() + "/" + name;
    std::filesystem::copy_file(program, path);
    chmod(path.c_str(), mode);
    return path;
  }

  absl::Status WhyNot(const std::string& program) {
    return MakeExecutor(OptionsFor({program}, ExecutorKind::kAuto)).status();
  }

  OwnProgram program_;
};

TEST_F(ExecutorTest, SaysThatAProgramDoesNotExist) {
  EXPECT_TRUE(absl::IsNotFound(WhyNot(program_.folder() + "/nowhere")));
  EXPECT_TRUE(absl::IsNotFound(WhyNot("no-such-program-in-path")));
}

TEST_F(ExecutorTest, SaysThatAProgramIsNotExecutable) {
  const absl::Status why = WhyNot(File("data", "x", 0644));
  EXPECT_TRUE(absl::IsPermissionDenied(why));
  EXPECT_THAT(std::string(why.message()), HasSubstr("chmod +x"));
  EXPECT_TRUE(absl::IsInvalidArgument(WhyNot(program_.folder())));
}

TEST_F(ExecutorTest, RefusesImpossibleOptions) {
  EXPECT_FALSE(MakeExecutor(ExecutorOptions()).ok());
  ExecutorOptions options = OptionsFor({"/bin/true"}, ExecutorKind::kAuto);
  options.limits.wall_ms = 0;
  EXPECT_FALSE(MakeExecutor(options).ok());
  options.limits.wall_ms = 1;
  options.limits.descriptors_max = 3;
  EXPECT_FALSE(MakeExecutor(options).ok());
}

TEST_F(ExecutorTest, RunsScripts) {
  auto executor =
      Made(OptionsFor({File("script", "#!/bin/sh\ncat\necho done\n", 0755)},
                      ExecutorKind::kAuto));
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(executor->capabilities().kind, ExecutorKind::kSpawn);
  Execution execution;
  ASSERT_TRUE(executor->Run(InputOf("given\n"), execution).ok());
  EXPECT_EQ(execution.output, "given\ndone\n");
}

TEST_F(ExecutorTest, SpawnsStaticProgramsAndForksDynamicOnes) {
  auto executor =
      Made(OptionsFor({kMisbehavingStatic, "echo"}, ExecutorKind::kAuto));
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(executor->capabilities().kind, ExecutorKind::kSpawn);
  Execution execution;
  ASSERT_TRUE(executor->Run(InputOf("static"), execution).ok());
  EXPECT_EQ(execution.output, "static");
  executor = Made(OptionsFor({kMisbehaving, "echo"}, ExecutorKind::kAuto));
  ASSERT_NE(executor, nullptr);
  EXPECT_EQ(executor->capabilities().kind, ExecutorKind::kZygote);
}

TEST_F(ExecutorTest, RefusesAZygoteOfAStaticProgram) {
  const auto executor = MakeExecutor(
      OptionsFor({kMisbehavingStatic, "echo"}, ExecutorKind::kZygote));
  EXPECT_TRUE(absl::IsInvalidArgument(executor.status()));
  EXPECT_THAT(std::string(executor.status().message()), HasSubstr("spawn"));
}

TEST_F(ExecutorTest, GivesSetuidProgramsNoRights) {
  const std::string program = Copy(kMisbehaving, "setuid", 04755);
  if (getuid() == 0) {
    ASSERT_EQ(chown(program.c_str(), 1, 1), 0);
  }
  chmod(program.c_str(), 04755);
  auto executor = Made(OptionsFor({program, "user"}, ExecutorKind::kAuto));
  ASSERT_NE(executor, nullptr);
  Execution execution;
  ASSERT_TRUE(executor->Run({}, execution).ok());
  EXPECT_EQ(execution.code, 0) << "its effective user is its real one";
}

TEST_F(ExecutorTest, SaysThatAProgramWasReplacedByWhatCannotRun) {
  const std::string program = Copy(kMisbehaving, "replaced", 0755);
  auto executor = Made(OptionsFor({program, "echo"}, ExecutorKind::kSpawn));
  ASSERT_NE(executor, nullptr);
  Execution execution;
  ASSERT_TRUE(executor->Run(InputOf("before"), execution).ok());
  std::filesystem::rename(File("garbage", "no program", 0755), program);
  const absl::Status why = executor->Run(InputOf("after"), execution);
  EXPECT_FALSE(why.ok());
  EXPECT_THAT(std::string(why.message()), HasSubstr("replaced"));
  std::filesystem::remove(program);
  Copy(kMisbehaving, "replaced", 0755);
  ASSERT_TRUE(executor->Run(InputOf("again"), execution).ok());
  EXPECT_EQ(execution.output, "again");
}

TEST_F(ExecutorTest, KeepsAZygoteOfAReplacedProgram) {
  const std::string program = Copy(kMisbehaving, "replaced", 0755);
  auto executor = Made(OptionsFor({program, "echo"}, ExecutorKind::kZygote));
  ASSERT_NE(executor, nullptr);
  std::filesystem::rename(File("garbage", "no program", 0755), program);
  Execution execution;
  ASSERT_TRUE(executor->Run(InputOf("old"), execution).ok());
  EXPECT_EQ(execution.output, "old");
}

TEST_F(ExecutorTest, RunsOnTheHostWhenToldSo) {
  ExecutorOptions options =
      OptionsFor({kMisbehaving, "destroy"}, ExecutorKind::kZygote);
  options.isolation.unsafe_host = true;
  auto executor = Made(options);
  ASSERT_NE(executor, nullptr);
  const std::string canary = File("canary", "alive", 0644);
  ProgramInput input;
  input.arguments = {canary};
  Execution execution;
  ASSERT_TRUE(executor->Run(input, execution).ok());
  std::string content;
  std::ifstream(canary) >> content;
  EXPECT_EQ(content, "destroyed");
}

TEST_F(ExecutorTest, EndsDaemonsOnTheHostToo) {
  ExecutorOptions options =
      OptionsFor({program_.path(), "daemonize"}, ExecutorKind::kSpawn);
  options.isolation.unsafe_host = true;
  auto executor = Made(options);
  ASSERT_NE(executor, nullptr);
  Execution execution;
  ASSERT_TRUE(executor->Run({}, execution).ok());
  EXPECT_EQ(program_.Count(), 0);
}

// Where a mount of the host can be shown as it is alone.
TEST_F(ExecutorTest, OpensNoDeviceOfTheHost) {
  constexpr int kNotHere = 255;
  const std::string folder = program_.folder() + "/mounted";
  std::filesystem::create_directory(folder);
  const std::string device = folder + "/null";
  const pid_t child = fork();
  if (child == 0) {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("tmpfs", folder.c_str(), "tmpfs", 0, nullptr) != 0 ||
        mknod(device.c_str(), S_IFCHR | 0666, makedev(1, 3)) != 0 ||
        mount(nullptr, folder.c_str(), nullptr, MS_REMOUNT | MS_RDONLY,
              nullptr) != 0) {
      _exit(kNotHere);
    }
    const auto executor = MakeExecutor(
        OptionsFor({kMisbehaving, "open", device}, ExecutorKind::kSpawn));
    Execution execution;
    if (executor.ok()) (*executor)->Run({}, execution).IgnoreError();
    _exit(execution.code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WEXITSTATUS(status) == kNotHere)
    GTEST_SKIP() << "mounting is not allowed";
  EXPECT_EQ(WEXITSTATUS(status), EACCES);
}

// Also after a run that has changed files: the next one has a new root.
TEST_F(ExecutorTest, ShowsTheRootThatItWasStartedIn) {
  constexpr int kNotHere = 255;
  const std::string root = program_.folder() + "/root";
  const std::string folder = root + "/mnt";
  std::filesystem::create_directory(root);
  const pid_t child = fork();
  if (child == 0) {
    if (unshare(CLONE_NEWNS) != 0 ||
        mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        mount("/", root.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0 ||
        mount("tmpfs", folder.c_str(), "tmpfs", 0, nullptr) != 0 ||
        !std::filesystem::copy_file(kMisbehaving, folder + "/in-here") ||
        chroot(root.c_str()) != 0 || chdir("/") != 0) {
      _exit(kNotHere);
    }
    const auto executor = MakeExecutor(OptionsFor(
        {"/mnt/in-here", "destroy", "/mnt/canary"}, ExecutorKind::kSpawn));
    int good = 0;
    for (int i = 0; i < 3 && executor.ok(); ++i) {
      Execution execution;
      good += (*executor)->Run({}, execution).ok() && execution.code == 0;
    }
    _exit(good);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (WEXITSTATUS(status) == kNotHere)
    GTEST_SKIP() << "mounting is not allowed";
  EXPECT_EQ(WEXITSTATUS(status), 3);
}

// Folders of the host below `root`, which is none of its mounts; false where
// mounting is not allowed.
bool FillRoot(const std::string& root) {
  namespace fs = std::filesystem;
  if (unshare(CLONE_NEWNS) != 0 ||
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return false;
  }
  for (const char* name : {"/mnt", "/run", "/tmp"}) {
    fs::create_directories(root + name);
  }
  for (const char* name :
       {"bin", "dev", "etc", "lib", "lib64", "proc", "sys", "usr"}) {
    const fs::path from = std::string("/") + name;
    const std::string to = root + from.string();
    if (fs::is_symlink(from)) {
      fs::copy_symlink(from, to);
    } else if (fs::is_directory(from)) {
      fs::create_directory(to);
      const unsigned long how = MS_BIND | MS_REC;
      if (mount(from.c_str(), to.c_str(), nullptr, how, nullptr) != 0) {
        return false;
      }
    }
  }
  return true;
}

// 255 where there can be none; otherwise as the program ended.
int InChroot(const std::string& root, const std::vector<std::string>& command) {
  constexpr int kNotHere = 255;
  const pid_t child = fork();
  if (child == 0) {
    if (!FillRoot(root) ||
        !std::filesystem::copy_file(kMisbehavingStatic,
                                    root + "/mnt/in-here") ||
        chroot(root.c_str()) != 0 || chdir("/") != 0) {
      _exit(kNotHere);
    }
    const auto executor =
        MakeExecutor(OptionsFor(command, ExecutorKind::kSpawn));
    EXPECT_TRUE(executor.ok()) << executor.status();
    if (!executor.ok()) _exit(kNotHere - 1);
    Execution execution;
    const bool ran = (*executor)->Run({}, execution).ok();
    _exit(ran ? execution.code : kNotHere - 2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST_F(ExecutorTest, RunsInAChrootThatIsNoMount) {
  const int ended =
      InChroot(program_.folder() + "/root", {"/mnt/in-here", "crash", "no"});
  if (ended == 255) GTEST_SKIP() << "mounting is not allowed";
  EXPECT_EQ(ended, 3);
}

TEST_F(ExecutorTest, ShowsNothingOutsideOfItsChroot) {
  const std::string outside = File("outside", "x", 0644);
  const int ended = InChroot(program_.folder() + "/root",
                             {"/mnt/in-here", "find-outside", outside});
  if (ended == 255) GTEST_SKIP() << "mounting is not allowed";
  EXPECT_EQ(ended, 1);
}

// Until there are so many, ten seconds at most.
bool AwaitCount(const OwnProgram& program, int least, int most) {
  for (int i = 0; i < 1000; ++i) {
    const int count = program.Count();
    if (count >= least && count <= most) return true;
    poll(nullptr, 0, 10);
  }
  return false;
}

class SupervisorDeath : public ::testing::TestWithParam<ExecutorKind> {};

TEST_P(SupervisorDeath, LeavesNothingRunning) {
  const OwnProgram program;
  const pid_t supervisor = fork();
  if (supervisor == 0) {
    const auto executor = MakeExecutor(
        OptionsFor({program.path(), "stay-with-daemons"}, GetParam()));
    Execution execution;
    if (executor.ok()) (*executor)->Run({}, execution).IgnoreError();
    _exit(1);
  }
  EXPECT_TRUE(AwaitCount(program, 3, 100));
  kill(supervisor, SIGKILL);
  waitpid(supervisor, nullptr, 0);
  EXPECT_TRUE(AwaitCount(program, 0, 0));
}

INSTANTIATE_TEST_SUITE_P(Kinds, SupervisorDeath,
                         ::testing::Values(ExecutorKind::kSpawn,
                                           ExecutorKind::kZygote),
                         [](const auto& kind) {
                           return std::string(NameOf(kind.param));
                         });

}  // namespace
}  // namespace formfuzz::campaign
