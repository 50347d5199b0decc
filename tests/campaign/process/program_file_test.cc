// SPDX-License-Identifier: Apache-2.0
// What a file tells of a program.

#include "campaign/process/program/program_file.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "framework/base/text.h"
#include "gtest/gtest.h"

namespace formfuzz::campaign {
namespace {

// Texts as an ELF file's table of names holds them.
constexpr std::string_view kCallsSetlocale("\0setlocale\0", 11);
constexpr std::string_view kHasAddressSanitizer("\0__asan_init\0", 13);

class ProgramFileTest : public testing::Test {
 protected:
  ~ProgramFileTest() override {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  ProgramFile Inspected(std::string_view content) {
    std::ofstream(path_, std::ios::binary) << content;
    EXPECT_EQ(chmod(path_.c_str(), 0755), 0);
    const auto file = InspectProgram(path_);
    EXPECT_TRUE(file.ok()) << file.status();
    return file.ok() ? *file : ProgramFile();
  }

 private:
  const std::string path_ =
      Concat(testing::TempDir(), "/",
             testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(ProgramFileTest, KnowsWhatCallsSetlocale) {
  EXPECT_TRUE(Inspected(kCallsSetlocale).locales);
  EXPECT_FALSE(Inspected("setlocale is in a text").locales);
}

// The sanitizer stands in front of setlocale, so its name tells nothing, and
// each size of block that a locale takes makes every fork dearer.
TEST_F(ProgramFileTest, LeavesLocalesOutOfASanitizersHeap) {
  EXPECT_FALSE(
      Inspected(Concat(kCallsSetlocale, kHasAddressSanitizer)).locales);
}

}  // namespace
}  // namespace formfuzz::campaign
