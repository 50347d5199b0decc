// SPDX-License-Identifier: Apache-2.0
// Which folder is the project.

#include "campaign/project/project.h"

#include <unistd.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;

class ProjectTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(root_ + "/part/deep");
    Write("CMakeLists.txt",
          "cmake_minimum_required(VERSION 3.25)\n"
          "project(mine CXX)\n");
    Write("part/CMakeLists.txt", "add_library(part x.cc)  # project(no)\n");
  }
  void TearDown() override { fs::remove_all(root_); }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(root_ + "/" + name) << text;
  }

  const std::string root_ = fs::canonical(testing::TempDir()).string() +
                            "/project_test-" + std::to_string(getpid());
};

TEST_F(ProjectTest, IsTheNearestFolderUpwardsThatCallsProject) {
  for (const char* folder : {"", "/part", "/part/deep"}) {
    auto project = Project::Find(root_ + folder, "");
    ASSERT_TRUE(project.ok()) << project.status();
    EXPECT_EQ(project->root(), root_);
  }
}

TEST_F(ProjectTest, FallsBackOutsideOfAnyProject) {
  auto project = Project::Find("/", "/fallback");
  ASSERT_TRUE(project.ok());
  EXPECT_EQ(project->root(), "/fallback");
}

TEST_F(ProjectTest, SaysWhatToDoWithoutAny) {
  auto project = Project::Find("/", "");
  ASSERT_FALSE(project.ok());
  EXPECT_EQ(project.status().message(),
            "no CMake project at or above /: go to one, or name it with "
            "--project");
}

TEST_F(ProjectTest, BuildsInOneFolderAPreset) {
  EXPECT_EQ(Project("/p").BuildFolder("fuzz"), "/p/build/fuzz");
  EXPECT_FALSE(Project(root_).IsConfigured("fuzz"));
}

TEST_F(ProjectTest, AFailureCarriesWhatCMakeSaid) {
  Write("CMakeLists.txt",
        "project(mine LANGUAGES NONE)\n"
        "message(FATAL_ERROR \"the reason\")\n");
  const absl::Status status = Project(root_).Configure("fuzz", {});
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_NE(status.message().find("the reason"), std::string::npos);
  EXPECT_NE(status.message().find("could not configure (exit code 1)"),
            std::string::npos)
      << status;
}

}  // namespace
}  // namespace formfuzz::campaign
