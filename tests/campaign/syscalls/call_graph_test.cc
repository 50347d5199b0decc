// SPDX-License-Identifier: Apache-2.0
// What is reached from a program's beginning: all that runs show, and not
// whatever the C library contains.

#include "campaign/syscalls/code/call_graph.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "campaign/process/child.h"
#include "campaign/process/executor.h"
#include "campaign/syscalls/code/named_libraries.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/names/call_names.h"
#include "campaign/syscalls/watch/call_watch.h"
#include "framework/base/file.h"

namespace formfuzz::campaign {
namespace {

ReachedCalls Reached(const std::string& program) {
  Command command;
  command.arguments = {program};
  command.environment = {{"LD_TRACE_LOADED_OBJECTS", "1"}};
  const auto said = RunToEnd(command, Child::Output::kPiped, 1 << 16);
  std::vector<std::string> files = {program};
  if (said.ok()) {
    for (std::string& file : LibrariesIn(said->output)) {
      files.push_back(std::move(file));
    }
  }
  EXPECT_GT(files.size(), 2U);
  const auto reached = CallsReachedFrom(files);
  EXPECT_TRUE(reached.ok()) << reached.status();
  return reached.value_or(ReachedCalls());
}

std::set<uint32_t> SeenIn(const std::vector<std::string>& command) {
  const CallSet nothing;
  CallWatch watch(nothing);
  ExecutorOptions options;
  options.command = command;
  options.kind = ExecutorKind::kSpawn;
  options.watcher = &watch;
  auto executor = MakeExecutor(options);
  EXPECT_TRUE(executor.ok()) << executor.status();
  watch.BeginRun(CallWatch::Begins::kInLoader);
  Execution execution;
  EXPECT_TRUE((*executor)->Run({}, execution).ok());
  std::set<uint32_t> numbers;
  for (const Note& note : watch.notes()) numbers.insert(note.call.number);
  return numbers;
}

class CallGraph : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(CallGraph, ReachesAllThatRunsShow) {
  if (NativeArch() != kArchX86_64) GTEST_SKIP() << "x86-64 alone is read";
  const ReachedCalls reached = Reached(GetParam()[0]);
  for (const uint32_t number : SeenIn(GetParam())) {
    EXPECT_TRUE(reached.numbers.contains(number))
        << NameOfCall(NativeArch(), static_cast<int>(number));
  }
  for (const int never : {SYS_init_module, SYS_reboot, SYS_swapon, SYS_bpf}) {
    EXPECT_FALSE(reached.numbers.contains(static_cast<uint32_t>(never)))
        << NameOfCall(NativeArch(), never);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Programs, CallGraph,
    testing::Values(std::vector<std::string>{"/bin/ls", "-lR", "/etc/apt"},
                    std::vector<std::string>{"/usr/bin/sort", "/etc/passwd"},
                    std::vector<std::string>{"/bin/date", "-R"},
                    std::vector<std::string>{"/bin/cp", "/etc/passwd", "x"},
                    std::vector<std::string>{"/bin/tar", "cf", "x", "/etc/apt"},
                    std::vector<std::string>{"/usr/bin/find", "/etc/apt",
                                             "-newer", "/etc/passwd"}));

TEST(CallGraphTest, TakesTheNumberGivenToTheFunctionSyscall) {
  const ReachedCalls reached = Reached(std::string(FORMFUZZ_NEEDLES) + "1");
  EXPECT_TRUE(reached.numbers.contains(SYS_getsid));
  EXPECT_FALSE(reached.numbers.contains(SYS_init_module));
  EXPECT_FALSE(reached.loads_more);
}

TEST(CallGraphTest, RefusesWhatIsNoProgram) {
  const std::vector<std::string> text = {"/etc/passwd"};
  EXPECT_TRUE(absl::IsInvalidArgument(CallsReachedFrom(text).status()));
  const std::vector<std::string> missing = {"/missing"};
  EXPECT_FALSE(CallsReachedFrom(missing).ok());
}

TEST(CallGraphTest, FindsLibrariesInAListing) {
  EXPECT_EQ(LibrariesIn("\tlinux-vdso.so.1 (0x7ffd)\n"
                        "\tlibc.so.6 => /lib/libc.so.6 (0x7f12)\n"
                        "\t/lib64/ld-linux-x86-64.so.2 (0x7f34)\n"),
            (std::vector<std::string>{"/lib/libc.so.6",
                                      "/lib64/ld-linux-x86-64.so.2"}));
}

void Put(const std::filesystem::path& path, const std::string& content) {
  std::filesystem::create_directories(path.parent_path());
  ASSERT_TRUE(WriteFileAtomically(path, content).ok());
}

TEST(NamedLibrariesTest, AreThoseThatTheFileNamesAndThatAreThere) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::canonical(testing::TempDir()) /
                          ("formfuzz-named-" + std::to_string(getpid()));
  const fs::path plugins = folder / "lib" / "plugins";
  Put(folder / "system" / "libc.so.6", "");
  Put(folder / "system" / "libextra.so.2", "");
  Put(plugins / "codec.so", "");
  Put(plugins / "readme.txt", "");
  const std::string zero(1, '\0');
  Put(folder / "program", zero + "libextra.so.2" + zero + "libabsent.so" +
                              zero + "libc.so.6" + zero + plugins.string() +
                              zero + ".source" + zero);
  const std::vector<std::string> files = {folder / "program",
                                          folder / "system" / "libc.so.6"};
  auto found = LibrariesNamedIn(files);
  std::ranges::sort(found);
  std::vector<std::string> wanted = {plugins / "codec.so",
                                     folder / "system" / "libextra.so.2"};
  std::ranges::sort(wanted);
  EXPECT_EQ(found, wanted);
  fs::remove_all(folder);
}

TEST(CallGraphTest, ReachesWhatTablesOfAStaticProgramHold) {
  if (NativeArch() != kArchX86_64) GTEST_SKIP() << "x86-64 alone is read";
  const std::vector<std::string> files = {FORMFUZZ_STATIC};
  const auto reached = CallsReachedFrom(files);
  ASSERT_TRUE(reached.ok()) << reached.status();
  for (const uint32_t number : SeenIn(files)) {
    EXPECT_TRUE(reached->numbers.contains(number))
        << NameOfCall(NativeArch(), static_cast<int>(number));
  }
  // Of a stream's buffer on a terminal, by way of a table alone.
  EXPECT_TRUE(reached->numbers.contains(SYS_ioctl));
  EXPECT_FALSE(reached->numbers.contains(SYS_reboot));
}

TEST(CallGraphTest, ReachesWhateverALoadedLibraryOffers) {
  if (NativeArch() != kArchX86_64) GTEST_SKIP() << "x86-64 alone is read";
  const std::string needle = std::string(FORMFUZZ_NEEDLES) + "1";
  Command command;
  command.arguments = {needle};
  command.environment = {{"LD_TRACE_LOADED_OBJECTS", "1"}};
  const auto said = RunToEnd(command, Child::Output::kPiped, 1 << 16);
  ASSERT_TRUE(said.ok());
  const auto libraries = LibrariesIn(said->output);
  ASSERT_FALSE(libraries.empty());
  const std::vector<std::string> files = {needle};
  const auto alone = CallsReachedFrom(files);
  const auto loading = CallsReachedFrom(files, libraries);
  ASSERT_TRUE(alone.ok() && loading.ok());
  EXPECT_FALSE(alone->numbers.contains(SYS_mount));
  EXPECT_TRUE(loading->numbers.contains(SYS_mount));
}

}  // namespace
}  // namespace formfuzz::campaign
