// SPDX-License-Identifier: Apache-2.0
// The seeds of VM management, and goals that they must reach: whatever they
// do not lead to, fuzzing starts without.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "components/vm_manager/code.h"
#include "framework/base/file.h"
#include "gtest/gtest.h"
#include "tests/harnesses/playing_test.h"

namespace formfuzz {
namespace {

using VmManagementTest = PlayingTest;

std::set<std::string> CodesOf(const std::vector<std::string>& words) {
  return {words.begin(), words.end()};
}

TEST_F(VmManagementTest, SeedsHoldAndReachEveryCode) {
  std::set<std::string> reached;
  size_t seeds = 0;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(FORMFUZZ_CORPORA) + "/vm_management/seed")) {
    const auto text = ReadFile(entry.path().string(), 1 << 20);
    ASSERT_TRUE(text.ok()) << entry.path();
    SCOPED_TRACE(entry.path());
    reached.merge(CodesOf(Play(*text)));
    ++seeds;
  }
  EXPECT_GE(seeds, 20u);
  for (int code = 0; code < vm_manager::kCodeCount; ++code) {
    const std::string name(
        vm_manager::CodeName(static_cast<vm_manager::Code>(code)));
    EXPECT_TRUE(reached.contains(name)) << name;
  }
}

TEST_F(VmManagementTest, TwoStepsReachDepth) {
  EXPECT_EQ(Play("scenario vm_management strategy permissions\n"
                 "create\nstart\n"),
            (std::vector<std::string>{"ok", "ok"}));
}

TEST_F(VmManagementTest, PartsAreTakenByWhoHasThemAtTheTime) {
  EXPECT_EQ(Play("scenario vm_management strategy transfer_race\n"
                 "create by carol\noffer by owner to alice for_ms 60000\n"
                 "accept by invited\ndelete by owner\n"),
            (std::vector<std::string>{"ok", "ok", "ok", "ok"}));
}

TEST_F(VmManagementTest, PartsNameAccountsToo) {
  EXPECT_EQ(Play("scenario vm_management strategy transfer_race\n"
                 "offer by alice vm home to bob for_ms 60000\n"
                 "revoke_account by root id invited\naccept by bob vm home\n"
                 "revoke_account by root id owner\nlist by alice\n"),
            (std::vector<std::string>{"ok", "ok", "revoked", "ok", "revoked"}));
}

TEST_F(VmManagementTest, WhoWasAddedLastIsTheNewcomer) {
  EXPECT_EQ(Play("scenario vm_management strategy permissions\n"
                 "list by newcomer\nadd_account by root id Alice\n"
                 "list by newcomer\n"),
            (std::vector<std::string>{"unknown_account", "ok", "ok"}));
}

TEST_F(VmManagementTest, SharingEndsWithTheFirstRefusal) {
  EXPECT_EQ(Play("scenario vm_management strategy permissions\n"
                 "share by alice vm home with [{account: bob, level: operator}"
                 ", {account: bob, level: owner}, {account: carol}]\n"
                 "start by bob vm home\nget by carol vm home\n"
                 "share by alice vm home with [{account: alice}]\n"),
            (std::vector<std::string>{"ok", "ok", "not_found", "wrong_state"}));
}

TEST_F(VmManagementTest, AQuotaOfWhatIsUsedLeavesNoRoom) {
  EXPECT_EQ(Play("scenario vm_management strategy lifecycle\n"
                 "set_quota by root of alice above usage_alone\n"
                 "create by alice\n"),
            (std::vector<std::string>{"ok", "quota_exceeded"}));
}

TEST_F(VmManagementTest, FaultsAreShownAndAnswered) {
  EXPECT_EQ(Play("scenario vm_management strategy lifecycle\n"
                 "fault hypervisor.power error at 0\n"
                 "fault state_store.commit error at 2\n"
                 "create\nstart\nstart\nstart\n"),
            (std::vector<std::string>{"ok", "hypervisor_failed", "store_failed",
                                      "ok"}));
}

}  // namespace
}  // namespace formfuzz
