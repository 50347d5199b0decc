// SPDX-License-Identifier: Apache-2.0
// Which files a new harness is made of, and that none is ever overwritten.

#include "cli/scaffold/scaffold.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace formfuzz::cli {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ScaffoldTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_);
    Write("CMakeLists.txt", "project(mine CXX)\n");
  }
  void TearDown() override { fs::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    std::ofstream(root_ + "/" + path) << text;
  }
  std::string Read(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(root_ + "/" + path).rdbuf();
    return text.str();
  }

  const std::string root_ =
      testing::TempDir() + "/scaffold_test-" + std::to_string(getpid());
};

TEST_F(ScaffoldTest, InitMakesTheProjectKnowItsTargets) {
  Write(".gitignore", "/build/");  // whose last line has no end
  Scaffold scaffold(root_);
  ASSERT_TRUE(scaffold.Init("first").ok());
  EXPECT_THAT(scaffold.changed(),
              ElementsAre("fuzz/CMakeLists.txt", "CMakeLists.txt", ".gitignore",
                          "fuzz/first/first.cc", "fuzz/first/first.dict",
                          "fuzz/CMakeLists.txt"));
  EXPECT_EQ(Read("CMakeLists.txt"),
            "project(mine CXX)\n\n"
            "# Fuzz targets: `formfuzz list` names them.\n"
            "add_subdirectory(fuzz)\n");
  EXPECT_EQ(Read(".gitignore"), "/build/\n/.formfuzz/\n");
}

TEST_F(ScaffoldTest, AddWritesAHarnessUnderItsName) {
  Scaffold scaffold(root_);
  ASSERT_TRUE(scaffold.Init("first").ok());
  ASSERT_TRUE(scaffold.AddHarness("order_book").ok());
  const std::string source = Read("fuzz/order_book/order_book.cc");
  EXPECT_THAT(source, HasSubstr("FORMFUZZ_HARNESS(order_book, OrderBook)"));
  EXPECT_THAT(source, Not(HasSubstr("@")));
  EXPECT_THAT(Read("fuzz/CMakeLists.txt"),
              HasSubstr("formfuzz_add_harness(NAME order_book\n"));
}

TEST_F(ScaffoldTest, AddGoesToHarnessesWhereThereIsSuchAFolder) {
  fs::create_directories(root_ + "/harnesses");
  Write("harnesses/CMakeLists.txt", "");
  Scaffold scaffold(root_);
  ASSERT_TRUE(scaffold.AddHarness("net").ok());
  EXPECT_TRUE(fs::exists(root_ + "/harnesses/net/net.cc"));
}

TEST_F(ScaffoldTest, NothingIsOverwritten) {
  Scaffold scaffold(root_);
  ASSERT_TRUE(scaffold.Init("first").ok());
  ASSERT_TRUE(scaffold.AddHarness("net").ok());
  Write("fuzz/net/net.cc", "mine\n");
  const std::string list = Read("fuzz/CMakeLists.txt");
  EXPECT_TRUE(absl::IsAlreadyExists(scaffold.Init("first")));
  EXPECT_TRUE(absl::IsAlreadyExists(scaffold.AddHarness("net")));
  EXPECT_EQ(Read("fuzz/net/net.cc"), "mine\n");
  EXPECT_EQ(Read("fuzz/CMakeLists.txt"), list);
}

TEST_F(ScaffoldTest, AddBeforeInitSaysWhatToDo) {
  Scaffold scaffold(root_);
  EXPECT_EQ(scaffold.AddHarness("net").message(),
            "there is no fuzz/CMakeLists.txt yet: formfuzz init makes it");
}

TEST_F(ScaffoldTest, RefusesWhatCannotBeAName) {
  Scaffold scaffold(root_);
  EXPECT_TRUE(absl::IsInvalidArgument(scaffold.Init("Bad-Name")));
  EXPECT_THAT(scaffold.changed(), ElementsAre());
  ASSERT_TRUE(scaffold.Init("first").ok());
  for (const char* name :
       {"", "Net", "1st", "a-b", "../up", "a b", "_a", "ä"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(scaffold.AddHarness(name))) << name;
  }
  EXPECT_TRUE(
      absl::IsInvalidArgument(scaffold.AddHarness(std::string(65, 'a'))));
}

}  // namespace
}  // namespace formfuzz::cli
