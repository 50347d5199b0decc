// SPDX-License-Identifier: Apache-2.0
// What calls come to: read from runs, and used by the level of errors.

#include "campaign/syscalls/watch/result_tracer.h"

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <cerrno>
#include <map>
#include <string>

#include "campaign/syscalls/learn/corpus.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/names/arch.h"
#include "campaign/syscalls/policy/policy.h"

namespace formfuzz::campaign {
namespace {

Profile ProfileOfOddity(int oddity, uint64_t runs) {
  LearnOptions options;
  options.command = {std::string(FORMFUZZ_ODDITIES) + std::to_string(oddity)};
  options.runs_max = runs;
  auto learner = Learner::Make(options);
  EXPECT_TRUE(learner.ok()) << learner.status();
  if (!learner.ok()) return {};
  EXPECT_TRUE((*learner)->Learn(nullptr).ok());
  return ProfileOf(**learner, {}, options.command);
}

std::map<int, uint64_t> ResultsOf(const Profile& profile, int number) {
  const ProfileEntry* entry = Find(profile, NativeArch(), number);
  return entry == nullptr ? std::map<int, uint64_t>() : entry->results;
}

TEST(ResultTracerTest, SaysWhatCallsOfAllProcessesAndThreadsComeTo) {
  const Profile profile = ProfileOfOddity(6, 4);
  const auto chdir = ResultsOf(profile, SYS_chdir);
  ASSERT_EQ(chdir.size(), 1U);
  EXPECT_TRUE(chdir.contains(ENOENT));
  const auto dup = ResultsOf(profile, SYS_dup);
  EXPECT_TRUE(dup.contains(0));
  EXPECT_TRUE(dup.contains(EBADF));
  // In a child, and in a thread.
  EXPECT_TRUE(ResultsOf(profile, SYS_rmdir).contains(ENOENT));
  EXPECT_TRUE(ResultsOf(profile, SYS_getsid).contains(ESRCH));
  EXPECT_TRUE(ResultsOf(profile, SYS_fremovexattr).contains(EBADF));
}

TEST(ResultTracerTest, LetsTheLevelOfErrorsRefuseWhatIsNotSupported) {
  const Profile profile = ProfileOfOddity(6, 4);
  const auto unsupported = ResultsOf(profile, SYS_ioctl);
  ASSERT_EQ(unsupported.size(), 1U);
  EXPECT_TRUE(unsupported.contains(ENOTTY));
  View names;
  View errors;
  errors.level = Level::kErrno;
  const auto allows = [](const Policy& policy) {
    return ToString(Judge(policy, NativeArch(), SYS_ioctl, {})) == "allow";
  };
  EXPECT_TRUE(allows(PolicyOf(profile, names)));
  EXPECT_FALSE(allows(PolicyOf(profile, errors)));
}

TEST(ResultTracerTest, ReadsWhatARunHasLeftAndFollowsNoLink) {
  LearnOptions options;
  options.command = {std::string(FORMFUZZ_ODDITIES) + "10"};
  auto learner = Learner::Make(options);
  ASSERT_TRUE(learner.ok()) << learner.status();
  const auto unread = (*learner)->LookAt(Trial());
  ASSERT_TRUE(unread.ok()) << unread.status();
  EXPECT_TRUE(unread->files.empty());
  const auto look = (*learner)->LookAt(Trial(), /*takes_files=*/true);
  ASSERT_TRUE(look.ok()) << look.status();
  std::map<std::string, std::string> left;
  for (const InputFile& file : look->files) {
    left[file.path] = file.content;
    EXPECT_EQ(file.kind == FileKind::kLink, file.content[0] == '/');
  }
  const std::map<std::string, std::string> expected = {{"away", "/etc/passwd"},
                                                       {"far", "/etc"},
                                                       {"folder", ""},
                                                       {"folder/one", "first"},
                                                       {"two", "second"}};
  EXPECT_EQ(left, expected);
}

TEST(ResultTracerTest, KeepsStopsAndSignalsAsTheyWere) {
  // Stops itself, is continued by its child, and counts a timer's signals.
  const Profile profile = ProfileOfOddity(7, 3);
  EXPECT_TRUE(ResultsOf(profile, SYS_getsid).contains(0));
}

}  // namespace
}  // namespace formfuzz::campaign
