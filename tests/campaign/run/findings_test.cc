// SPDX-License-Identifier: Apache-2.0
// Reading finding folders, also half ones, and noticing new ones.

#include "campaign/run/findings.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;

class FindingsTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(root_); }
  void TearDown() override { fs::remove_all(root_); }

  std::string Make(const std::string& name, const std::string& json) {
    const std::string folder = root_ + "/" + name;
    fs::create_directories(folder);
    std::ofstream(folder + "/finding.json") << json;
    return folder;
  }

  const std::string root_ =
      testing::TempDir() + "/findings_test-" + std::to_string(getpid());
};

TEST_F(FindingsTest, RemovesWhatDeadProcessesLeftHalfWritten) {
  const std::string no_process = "4194305";  // more than Linux gives
  Make(".violated-1.new." + no_process, "{");
  const std::string ours =
      Make(".violated-2.new." + std::to_string(getpid()), "{");
  const std::string whole = Make("violated-3", "{}");
  const std::string other = Make("x.new.y", "{}");
  RemoveAbandoned(root_);
  EXPECT_FALSE(fs::exists(root_ + "/.violated-1.new." + no_process));
  EXPECT_TRUE(fs::exists(ours) && fs::exists(whole) && fs::exists(other));
}

TEST_F(FindingsTest, ReadsTheDescription) {
  const Finding finding =
      ReadFinding(Make("a", R"({"target": "vm", "kind": "violated",
                    "validator": "OneOwnerPerVm", "signature": "s",
                    "message": "two owners"})"));
  EXPECT_EQ(finding.target, "vm");
  EXPECT_EQ(finding.kind, "violated");
  EXPECT_EQ(finding.validator, "OneOwnerPerVm");
  EXPECT_EQ(finding.message, "two owners");
  EXPECT_TRUE(finding.IsOfTheComponent());
}

TEST_F(FindingsTest, ABadDescriptionLeavesFieldsEmpty) {
  for (const char* bad : {"", "{", "[1]", R"({"kind": 7})"}) {
    EXPECT_EQ(ReadFinding(Make("a", bad)).kind, "") << bad;
  }
  EXPECT_EQ(ReadFinding("/no/such/folder").kind, "");
}

TEST_F(FindingsTest, ABrokenHarnessIsNotTheComponentsFault) {
  for (const char* kind : {"harness_broken", "environment_failed"}) {
    Finding finding;
    finding.kind = kind;
    EXPECT_FALSE(finding.IsOfTheComponent()) << kind;
  }
}

TEST_F(FindingsTest, WatchSeesNewOnesAndThoseFoundAgain) {
  const std::string old = Make("old", "{}");
  const std::string again = Make("again", "{}");
  const FindingWatch watch(root_);
  EXPECT_THAT(watch.Fresh(), IsEmpty());
  const std::string fresh = Make("fresh", "{}");
  fs::last_write_time(again,
                      fs::last_write_time(old) + std::chrono::seconds(1));
  EXPECT_THAT(watch.Fresh(), ElementsAre(again, fresh));
}

TEST_F(FindingsTest, WatchPassesOverFoldersStillBeingWritten) {
  const FindingWatch watch(root_);
  Make(".partial-1", "{}");
  fs::create_directories(root_ + "/undescribed");
  EXPECT_THAT(watch.Fresh(), IsEmpty());
}

}  // namespace
}  // namespace formfuzz::campaign
