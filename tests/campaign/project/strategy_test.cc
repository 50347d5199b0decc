// SPDX-License-Identifier: Apache-2.0
// Strategies that a target says it has, and one that says nothing.
#include "campaign/project/strategy.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace formfuzz::campaign {
namespace {

class StrategyTest : public testing::Test {
 protected:
  StrategyTest() {
    std::string name = testing::TempDir() + "strategyXXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~StrategyTest() override { std::filesystem::remove_all(folder_); }

  // A target whose replay binary says that of itself.
  Target Saying(const std::string& text) const {
    Target target;
    target.name = "bank";
    target.replay = folder_ + "/replay";
    std::ofstream(target.replay) << "#!/bin/sh\necho '" << text << "'\n";
    std::filesystem::permissions(target.replay,
                                 std::filesystem::perms::owner_all);
    return target;
  }

  std::string folder_;
};

TEST_F(StrategyTest, KnowsWhatTheTargetNames) {
  const Target target = Saying(R"({"strategies": ["tellers", "notes"]})");
  EXPECT_TRUE(CheckStrategy(target, "notes").ok());
  const absl::Status unknown = CheckStrategy(target, "note");
  EXPECT_EQ(unknown.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(unknown.message(),
            "bank has no strategy \"note\"; there are: tellers, notes");
}

TEST_F(StrategyTest, AsksNobodyAboutNone) {
  EXPECT_TRUE(CheckStrategy(Target(), "").ok());
}

TEST_F(StrategyTest, SaysWhenATargetTellsNothing) {
  EXPECT_EQ(CheckStrategy(Saying("bank"), "notes").code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace formfuzz::campaign
