// SPDX-License-Identifier: Apache-2.0
// Reading the descriptions of targets, also bad ones.

#include "campaign/project/target.h"

#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace formfuzz::campaign {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class TargetTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(build_ + "/targets"); }
  void TearDown() override { fs::remove_all(build_); }

  void Describe(const std::string& name, const std::string& json) {
    std::ofstream(build_ + "/targets/" + name + ".json") << json;
  }

  const std::string build_ =
      testing::TempDir() + "/target_test-" + std::to_string(getpid());
};

TEST_F(TargetTest, ReadsADescription) {
  Describe("vm", R"({"name": "vm", "engine": "libfuzzer", "binary": "/b/vm",
                     "replay": "/b/vm_replay", "dictionary": "/b/vm.dict",
                     "seeds": ["/c/seed"], "regressions": ["/c/regression"],
                     "options": ["max_len=64"]})");
  Describe("ann", R"({"name": "ann"})");
  auto targets = LoadTargets(build_);
  ASSERT_TRUE(targets.ok()) << targets.status();
  ASSERT_EQ(targets->size(), 2u);
  const Target& target = (*targets)[1];
  EXPECT_EQ((*targets)[0].name, "ann");
  EXPECT_EQ(target.binary, "/b/vm");
  EXPECT_EQ(target.dictionary, "/b/vm.dict");
  EXPECT_THAT(target.options, ElementsAre("max_len=64"));
  EXPECT_THAT(target.CuratedFolders(), ElementsAre("/c/seed", "/c/regression"));
}

TEST_F(TargetTest, ABuildWithoutTargetsHasNone) {
  auto targets = LoadTargets("/no/such/build");
  ASSERT_TRUE(targets.ok());
  EXPECT_TRUE(targets->empty());
}

TEST_F(TargetTest, NamesADescriptionThatIsNone) {
  for (const char* bad : {"", "{", "[]", "7", R"({"name": 7})"}) {
    Describe("vm", bad);
    auto targets = LoadTargets(build_);
    ASSERT_FALSE(targets.ok()) << bad;
    EXPECT_THAT(std::string(targets.status().message()),
                HasSubstr("vm.json does not describe a target: build again"));
  }
}

TEST_F(TargetTest, FieldsOfTheWrongTypeAreAbsent) {
  Describe("vm", R"({"name": "vm", "seeds": "x", "binary": 7,
                     "options": [1, "a=b"]})");
  auto targets = LoadTargets(build_);
  ASSERT_TRUE(targets.ok());
  EXPECT_EQ(targets->front().binary, "");
  EXPECT_TRUE(targets->front().seeds.empty());
  EXPECT_THAT(targets->front().options, ElementsAre("a=b"));
}

TEST_F(TargetTest, PickSuggestsWhatMayHaveBeenMeant) {
  std::vector<Target> targets(2);
  targets[0].name = "net";
  targets[1].name = "vm_management";
  EXPECT_TRUE(PickTarget(targets, "net").ok());
  EXPECT_EQ(PickTarget(targets, "vm_managemnt").status().message(),
            "no target is named \"vm_managemnt\"; did you mean "
            "vm_management?");
  EXPECT_EQ(PickTarget(targets, "parser").status().message(),
            "no target is named \"parser\"; there are: net, vm_management");
  EXPECT_EQ(PickTarget({}, "x").status().message(),
            "no target is named \"x\": this project has none yet "
            "(formfuzz add)");
}

}  // namespace
}  // namespace formfuzz::campaign
