// SPDX-License-Identifier: Apache-2.0
// The layout of the work folder, as users and documents know it.

#include "campaign/process/work_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

TEST(WorkFolderTest, HasTheDocumentedLayout) {
  const WorkFolder work("/p", "vm");
  EXPECT_EQ(work.corpus(), "/p/.formfuzz/vm/corpus");
  EXPECT_EQ(work.seeds(), "/p/.formfuzz/vm/seeds");
  EXPECT_EQ(work.findings(), "/p/.formfuzz/vm/findings");
  EXPECT_EQ(work.artifacts(), "/p/.formfuzz/vm/artifacts");
  EXPECT_EQ(work.log(2), "/p/.formfuzz/vm/logs/job-2.log");
}

TEST(WorkFolderTest, CreateKeepsWhatIsThere) {
  const std::string root = testing::TempDir() + "/work_folder_test";
  fs::remove_all(root);
  const WorkFolder work(root, "vm");
  ASSERT_TRUE(work.Create().ok());
  std::ofstream(work.corpus() + "/kept") << "x";
  ASSERT_TRUE(work.Create().ok());
  EXPECT_TRUE(fs::exists(work.corpus() + "/kept"));
}

TEST(WorkFolderTest, SaysWhatItCouldNotMake) {
  const WorkFolder work("/dev/null", "vm");
  const absl::Status status = work.Create();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_EQ(status.message(),
            "cannot make /dev/null/.formfuzz/vm/corpus: Not a directory");
}

TEST(WorkFolderTest, TellsTheTargetOfAPath) {
  EXPECT_EQ(TargetOfPath("/p/.formfuzz/vm/findings/x"), "vm");
  EXPECT_EQ(TargetOfPath("corpora/net/seed/a.txt"), "net");
  EXPECT_EQ(TargetOfPath("/tmp/x"), "");
}

TEST(WorkFolderTest, AFindingIsAFolderWithAnInput) {
  const std::string folder = testing::TempDir() + "/work_folder_finding";
  fs::remove_all(folder);
  fs::create_directories(folder);
  EXPECT_FALSE(IsFinding(folder));
  std::ofstream(FindingInput(folder)) << "x";
  EXPECT_TRUE(IsFinding(folder));
}

}  // namespace
}  // namespace formfuzz::campaign
