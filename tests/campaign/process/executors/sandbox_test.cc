// SPDX-License-Identifier: Apache-2.0
// What becomes of a sandbox whose nursery does not answer.

#include "campaign/process/sandbox/sandbox.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// All that descend from the process, the oldest first.
std::vector<pid_t> DescendantsOf(pid_t process) {
  std::vector<pid_t> all;
  const std::string tasks = Concat("/proc/", process, "/task");
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    std::ifstream children(task.path() / "children");
    for (pid_t child = 0; children >> child;) {
      all.push_back(child);
      const std::vector<pid_t> more = DescendantsOf(child);
      all.insert(all.end(), more.begin(), more.end());
    }
  }
  return all;
}

// Descriptors, so that no number is another process's meanwhile.
std::vector<UniqueFd> Opened(const std::vector<pid_t>& processes) {
  std::vector<UniqueFd> opened;
  for (const pid_t process : processes) {
    opened.emplace_back(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
  }
  return opened;
}

// All of them, within ten seconds each.
bool AreGone(const std::vector<UniqueFd>& processes) {
  for (const UniqueFd& process : processes) {
    pollfd end{process.get(), POLLIN, 0};
    if (!process.ok() || poll(&end, 1, 10'000) != 1) return false;
  }
  return true;
}

TEST(SandboxTest, IsGivenUpWhenItsNurseryDoesNotAnswer) {
  SandboxOptions options;
  options.answer_ms = 4'000;
  auto sandbox = Sandbox::Make(options);
  ASSERT_TRUE(sandbox.ok()) << sandbox.status();
  ASSERT_TRUE((*sandbox)->Measure().ok());
  const std::vector<pid_t> nursery = DescendantsOf(getpid());
  if (nursery.empty()) GTEST_SKIP() << "the kernel does not list children";
  const std::vector<UniqueFd> processes = Opened(nursery);
  for (const pid_t process : nursery) kill(process, SIGSTOP);
  const absl::Status measured = (*sandbox)->Measure().status();
  EXPECT_TRUE(absl::IsUnavailable(measured)) << measured;
  sandbox->reset();  // does not wait for what is stopped
  EXPECT_TRUE(AreGone(processes));
}

TEST(SandboxTest, GoesEvenIfItsNurseryIsStopped) {
  SandboxOptions options;
  options.answer_ms = 4'000;
  auto sandbox = Sandbox::Make(options);
  ASSERT_TRUE(sandbox.ok()) << sandbox.status();
  const std::vector<pid_t> nursery = DescendantsOf(getpid());
  if (nursery.empty()) GTEST_SKIP() << "the kernel does not list children";
  const std::vector<UniqueFd> processes = Opened(nursery);
  for (const pid_t process : nursery) kill(process, SIGSTOP);
  sandbox->reset();
  EXPECT_TRUE(AreGone(processes));
}

}  // namespace
}  // namespace formfuzz::campaign
