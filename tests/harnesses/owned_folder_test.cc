// SPDX-License-Identifier: Apache-2.0
// Folders of the dead go, folders of the living stay.
#include "harnesses/vm_management_real/owned_folder.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <optional>

namespace formfuzz {
namespace {

namespace fs = std::filesystem;

class OwnedFolderTest : public testing::Test {
 protected:
  OwnedFolderTest() {
    std::string pattern = (fs::temp_directory_path() / "ownedXXXXXX").string();
    parent_ = mkdtemp(pattern.data());
  }
  ~OwnedFolderTest() override { fs::remove_all(parent_); }

  ptrdiff_t Folders() const {
    return std::distance(fs::directory_iterator(parent_),
                         fs::directory_iterator());
  }

  fs::path parent_;
};

TEST_F(OwnedFolderTest, GoesWithItsOwner) {
  {
    const OwnedFolder folder(parent_, "box");
    EXPECT_TRUE(folder.path().filename().string().starts_with("box_"));
    std::ofstream(folder.path() / "file") << "content";
    EXPECT_EQ(Folders(), 1);
  }
  EXPECT_EQ(Folders(), 0);
}

TEST_F(OwnedFolderTest, TheNextOneRemovesWhatAKilledOneLeft) {
  const pid_t child = fork();
  if (child == 0) {
    const OwnedFolder folder(parent_, "box");
    std::ofstream(folder.path() / "file") << "content";
    raise(SIGKILL);
  }
  ASSERT_GT(child, 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(Folders(), 1);
  const OwnedFolder next(parent_, "box");
  EXPECT_EQ(Folders(), 1);
  EXPECT_TRUE(fs::is_empty(next.path()));
}

TEST_F(OwnedFolderTest, FoldersOfTheLivingAndOthersStay) {
  fs::create_directory(parent_ / "boxes");
  std::ofstream(parent_ / "box_file") << "no folder";
  std::optional<OwnedFolder> first(std::in_place, parent_, "box");
  const OwnedFolder second(parent_, "box");
  EXPECT_TRUE(fs::exists(first->path()));
  EXPECT_TRUE(fs::exists(second.path()));
  EXPECT_EQ(Folders(), 4);
  first.reset();
  EXPECT_EQ(Folders(), 3);
}

}  // namespace
}  // namespace formfuzz
