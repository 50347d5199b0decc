// SPDX-License-Identifier: Apache-2.0
// Files are read within a limit and written whole or not at all; each error
// has its code and names the path.
#include "framework/base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace formfuzz {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class FileTest : public testing::Test {
 protected:
  FileTest() {
    std::string pattern = (fs::temp_directory_path() / "fileXXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~FileTest() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const {
    return folder_ + "/" + name;
  }
  std::string Make(const std::string& name, const std::string& content) const {
    fs::create_directories(fs::path(Path(name)).parent_path());
    std::ofstream(Path(name), std::ios::binary) << content;
    return Path(name);
  }
  size_t Entries() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_),
                                             fs::directory_iterator()));
  }

  std::string folder_;
};

void ExpectError(const absl::Status& status, absl::StatusCode code,
                 const std::string& part) {
  EXPECT_EQ(status.code(), code) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(part));
}

TEST_F(FileTest, ReadsEveryByte) {
  std::string all;
  for (int i = 0; i < 300'000; ++i) all.push_back(static_cast<char>(i * 7));
  EXPECT_EQ(ReadFile(Make("all", all), all.size()).value(), all);
  EXPECT_EQ(ReadFile(Make("none", ""), 0).value(), "");
}

TEST_F(FileTest, RefusesWhatIsLargerThanTheLimit) {
  const std::string path = Make("four", "1234");
  EXPECT_TRUE(ReadFile(path, 4).ok());
  ExpectError(ReadFile(path, 3).status(), absl::StatusCode::kResourceExhausted,
              path + ": 4 bytes, the limit is 3");
}

TEST_F(FileTest, RefusesAGigabyteWithoutReadingIt) {
  const std::string path = Make("sparse", "");
  fs::resize_file(path, uint64_t{1} << 30);
  ExpectError(ReadFile(path, 1 << 20).status(),
              absl::StatusCode::kResourceExhausted, "1073741824 bytes");
}

TEST_F(FileTest, RefusesWhatIsNoRegularFile) {
  constexpr auto kCode = absl::StatusCode::kInvalidArgument;
  ExpectError(ReadFile(folder_, 9).status(), kCode, "not a regular file");
  ExpectError(ReadFile("/dev/zero", 9).status(), kCode, "not a regular file");
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  ExpectError(ReadFile(Path("pipe"), 9).status(), kCode, "not a regular file");
}

TEST_F(FileTest, SaysWhatIsMissing) {
  ExpectError(ReadFile(Path("nope"), 9).status(), absl::StatusCode::kNotFound,
              "cannot open " + Path("nope"));
  ExpectError(ListFiles(Path("nope")).status(), absl::StatusCode::kNotFound,
              "cannot list " + Path("nope"));
}

TEST_F(FileTest, WritesWhatIsReadBack) {
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(WriteFileAtomically(Path("new"), content).ok());
  EXPECT_EQ(ReadFile(Path("new"), 99).value(), content);
  ASSERT_TRUE(WriteFileAtomically(Path("new"), "shorter").ok());
  EXPECT_EQ(ReadFile(Path("new"), 99).value(), "shorter");
  EXPECT_EQ(Entries(), 1u) << "something was left beside it";
}

TEST_F(FileTest, ReplacesTheFileInsteadOfOverwritingIt) {
  const std::string path = Make("file", "old");
  fs::create_hard_link(path, Path("link"));
  ASSERT_TRUE(WriteFileAtomically(path, "new").ok());
  EXPECT_EQ(ReadFile(Path("link"), 99).value(), "old");
}

TEST_F(FileTest, KeepsTheOldContentWhenThereIsNoRoom) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  // The name that is written beside: a device on which each write fails.
  const std::string path = Make("file", "old");
  fs::create_symlink("/dev/full", path + ".new." + std::to_string(getpid()));
  ExpectError(WriteFileAtomically(path, "new"), absl::StatusCode::kUnavailable,
              "No space left");
  EXPECT_EQ(ReadFile(path, 99).value(), "old");
  EXPECT_EQ(Entries(), 1u);
}

TEST_F(FileTest, DoesNotMakeTheFolder) {
  ExpectError(WriteFileAtomically(Path("no/file"), "x"),
              absl::StatusCode::kNotFound, Path("no/file"));
  EXPECT_EQ(Entries(), 0u);
}

TEST_F(FileTest, ListsRegularFilesInByteOrder) {
  const std::string b = Make("b", "");
  const std::string a = Make("sub/a", "");
  const std::string upper = Make("Z", "");
  Make(".hidden", "");
  Make("sub/.hidden", "");
  fs::create_directory(Path("empty"));
  EXPECT_THAT(ListFiles(folder_).value(), ElementsAre(upper, b, a));
  EXPECT_THAT(ListFiles(b).value(), ElementsAre(b));
}

}  // namespace
}  // namespace formfuzz
