// SPDX-License-Identifier: Apache-2.0
// A finding's folder is there as a whole or not at all, and only once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "framework/base/file.h"
#include "framework/finding/finding.h"

namespace formfuzz {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class FindingFolderTest : public testing::Test {
 protected:
  FindingFolderTest() {
    std::string pattern = (fs::temp_directory_path() / "foundXXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    finding_.target = "bank";
    finding_.verdict = {VerdictKind::kViolated, "NeverNegative", "-68", 1};
    finding_.input = std::string("\1\0\2", 3);
    finding_.scenario = "scenario bank\n";
    finding_.trace = "1  take  -> ok\n";
    finding_.report = "-68";
  }
  ~FindingFolderTest() override { fs::remove_all(folder_); }

  static std::set<std::string> NamesIn(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) {
      names.insert(entry.path().filename());
    }
    return names;
  }
  static std::string Content(const std::string& path) {
    return ReadFile(path, 1 << 20).value_or("(cannot be read)");
  }

  std::string folder_;
  Finding finding_;
};

TEST_F(FindingFolderTest, HoldsEverythingAndNothingElse) {
  const std::string path = WriteFinding(finding_, folder_).value();
  EXPECT_EQ(path, folder_ + "/" + FolderNameOf(finding_));
  EXPECT_THAT(NamesIn(folder_), UnorderedElementsAre(FolderNameOf(finding_)));
  EXPECT_THAT(NamesIn(path),
              UnorderedElementsAre("input", "scenario.txt", "trace.txt",
                                   "stderr.txt", "finding.json"));
  EXPECT_EQ(Content(path + "/input"), finding_.input);
  EXPECT_EQ(Content(path + "/scenario.txt"), finding_.scenario);
  EXPECT_EQ(Content(path + "/trace.txt"), finding_.trace);
  EXPECT_EQ(Content(path + "/stderr.txt"), finding_.report);
  EXPECT_THAT(Content(path + "/finding.json"), HasSubstr("\"violated\""));
}

TEST_F(FindingFolderTest, MakesTheFoldersAbove) {
  const std::string parent = folder_ + "/a/b";
  EXPECT_TRUE(WriteFinding(finding_, parent).ok());
  EXPECT_EQ(NamesIn(parent).size(), 1u);
}

TEST_F(FindingFolderTest, OneThatIsThereKeepsItsFilesAndGetsTheTimeOfNow) {
  const std::string path = WriteFinding(finding_, folder_).value();
  std::ofstream(path + "/notes.txt") << "mine";
  const auto long_ago =
      fs::file_time_type::clock::now() - std::chrono::hours(9);
  fs::last_write_time(path, long_ago);
  finding_.input = "another way to the same defect";
  EXPECT_EQ(WriteFinding(finding_, folder_).value(), path);
  EXPECT_EQ(Content(path + "/input"), std::string("\1\0\2", 3));
  EXPECT_EQ(Content(path + "/notes.txt"), "mine");
  EXPECT_GT(fs::last_write_time(path), long_ago + std::chrono::hours(8));
  EXPECT_EQ(NamesIn(folder_).size(), 1u);
}

TEST_F(FindingFolderTest, SaysWhenTheFolderCannotBeMade) {
  const absl::Status status = WriteFinding(finding_, "/proc/nope").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/proc/nope"));
}

TEST_F(FindingFolderTest, LeavesNothingWhenTheDiskIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  // The fourth file, as it is written aside, is a device that takes nothing.
  const std::string pid = std::to_string(getpid());
  const std::string aside =
      folder_ + "/." + FolderNameOf(finding_) + ".new." + pid;
  fs::create_directory(aside);
  fs::create_symlink("/dev/full", aside + "/stderr.txt.new." + pid);
  const absl::Status status = WriteFinding(finding_, folder_).status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("No space left"));
  EXPECT_THAT(NamesIn(folder_), testing::IsEmpty());
}

TEST_F(FindingFolderTest, WhatAKilledWriterLeftIsNotInTheWay) {
  const std::string left = folder_ + "/." + FolderNameOf(finding_) + ".new.1";
  fs::create_directory(left);
  std::ofstream(left + "/input") << "half";
  const std::string path = WriteFinding(finding_, folder_).value();
  EXPECT_EQ(Content(path + "/input"), finding_.input);
}

}  // namespace
}  // namespace formfuzz
