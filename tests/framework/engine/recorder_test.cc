// SPDX-License-Identifier: Apache-2.0
// The recorder writes each different finding once and keeps its counters
// where others can see them.
#include "framework/engine/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "framework/base/file.h"

namespace formfuzz {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RecorderTest : public testing::Test {
 protected:
  RecorderTest() {
    std::string pattern = (fs::temp_directory_path() / "recXXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    finding_.verdict = {VerdictKind::kViolated, "NeverNegative", "-68", 0};
    finding_.step_name = "take";
    finding_.trace = "scenario bank\n1  take  -> ok   <- NeverNegative\n";
  }
  ~RecorderTest() override {
    unsetenv(kStatsVariable);
    fs::remove_all(folder_);
  }
  size_t Folders() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_),
                                             fs::directory_iterator()));
  }

  std::string folder_;
  Finding finding_;
};

TEST_F(RecorderTest, TellsTheStoryAndWhereItIsSaved) {
  Recorder recorder(folder_);
  testing::internal::CaptureStderr();
  EXPECT_TRUE(recorder.Record(finding_));
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_THAT(said, HasSubstr("formfuzz: violated: NeverNegative (-68)\n"));
  EXPECT_THAT(said, HasSubstr(finding_.trace));
  EXPECT_THAT(said, HasSubstr("formfuzz: finding saved in " + folder_ + "/" +
                              FolderNameOf(finding_) + "\n"));
}

TEST_F(RecorderTest, WritesEachSignatureOnce) {
  Recorder recorder(folder_);
  testing::internal::CaptureStderr();
  recorder.Record(finding_);
  testing::internal::GetCapturedStderr();
  testing::internal::CaptureStderr();
  finding_.verdict.message = "-70";
  EXPECT_TRUE(recorder.Record(finding_));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  finding_.step_name = "move";
  EXPECT_TRUE(recorder.Record(finding_));
  EXPECT_EQ(Folders(), 2u);
  EXPECT_EQ(recorder.stats().findings, 3u);
}

TEST_F(RecorderTest, StopsWritingAtItsLimit) {
  Recorder recorder(folder_);
  testing::internal::CaptureStderr();
  for (size_t i = 0; i < kFindingsMax + 5; ++i) {
    finding_.step_name = "step" + std::to_string(i);
    EXPECT_EQ(recorder.Record(finding_), i < kFindingsMax);
  }
  const std::string said = testing::internal::GetCapturedStderr();
  const size_t line = said.find("the finding is NOT saved");
  ASSERT_NE(line, std::string::npos) << said;
  EXPECT_EQ(said.find("NOT saved", line + 20), std::string::npos);
  EXPECT_EQ(Folders(), kFindingsMax);
  EXPECT_EQ(recorder.stats().findings, kFindingsMax + 5);
}

TEST_F(RecorderTest, SaysInOneLineWhatCouldNotBeSaved) {
  Recorder recorder("/proc/nope");
  testing::internal::CaptureStderr();
  EXPECT_FALSE(recorder.Record(finding_));
  const std::string said = testing::internal::GetCapturedStderr();
  const size_t line = said.find("formfuzz: the finding is NOT saved: ");
  ASSERT_NE(line, std::string::npos) << said;
  EXPECT_EQ(said.find('\n', line), said.size() - 1);
  EXPECT_EQ(recorder.stats().findings, 1u);
}

TEST_F(RecorderTest, WhatCouldNotBeSavedIsTriedAgain) {
  const std::string later = folder_ + "/file/below";
  ASSERT_TRUE(WriteFileAtomically(folder_ + "/file", "in the way").ok());
  Recorder recorder(later);
  testing::internal::CaptureStderr();
  EXPECT_FALSE(recorder.Record(finding_));
  fs::remove(folder_ + "/file");
  EXPECT_TRUE(recorder.Record(finding_));
  testing::internal::GetCapturedStderr();
  EXPECT_TRUE(fs::exists(later + "/" + FolderNameOf(finding_)));
}

TEST_F(RecorderTest, CountersAreSeenFromOutside) {
  const std::string path = folder_ + "/stats";
  setenv(kStatsVariable, path.c_str(), 1);
  Recorder recorder(folder_);
  recorder.stats().executions = 12;
  recorder.stats().states = 34;
  const std::string content = ReadFile(path, 1 << 16).value();
  LiveFile seen;
  ASSERT_EQ(content.size(), sizeof seen);
  std::memcpy(&seen, content.data(), sizeof seen);
  EXPECT_EQ(seen.stats.magic, LiveStats::kMagic);
  EXPECT_EQ(seen.stats.executions, 12u);
  EXPECT_EQ(seen.stats.states, 34u);
  EXPECT_EQ(seen.goals.count, 0u);
}

TEST_F(RecorderTest, GoalsAreSeenFromOutside) {
  const std::string path = folder_ + "/stats";
  setenv(kStatsVariable, path.c_str(), 1);
  Recorder recorder(folder_);
  const std::string longest(kGoalNameMax, 'n');
  recorder.DeclareGoals({{"two offers open", {}}, {longest, {}}});
  recorder.set_goals_reached(2);
  const std::string content = ReadFile(path, 1 << 16).value();
  LiveFile seen;
  ASSERT_EQ(content.size(), sizeof seen);
  std::memcpy(&seen, content.data(), sizeof seen);
  EXPECT_EQ(seen.goals.count, 2u);
  EXPECT_EQ(seen.goals.reached, 2u);
  EXPECT_STREQ(seen.goals.names[0], "two offers open");
  EXPECT_EQ(seen.goals.names[1], longest);
}

TEST_F(RecorderTest, AStatisticsFileThatCannotBeMadeStopsNothing) {
  setenv(kStatsVariable, "/proc/nope/stats", 1);
  Recorder recorder(folder_);
  testing::internal::CaptureStderr();
  EXPECT_TRUE(recorder.Record(finding_));
  testing::internal::GetCapturedStderr();
  EXPECT_EQ(recorder.stats().findings, 1u);
}

}  // namespace
}  // namespace formfuzz
