// SPDX-License-Identifier: Apache-2.0
// A corpus is brought over whole, also when the first attempt was interrupted.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "framework/base/file.h"
#include "framework/form/scenario_codec.h"
#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"
#include "framework/replay/replay.h"

namespace formfuzz {
namespace {

namespace fs = std::filesystem;

class Shop {
 public:
  void Sell(uint8_t) {}
  void Buy(uint8_t, uint16_t) {}
};

// The later one has another order of steps and of arguments, which the bytes
// of the earlier one would be misread under.
std::unique_ptr<Recipe> ShopRecipe(bool later) {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "shop";
  HarnessBuilder<Shop> builder(*recipe);
  const auto sell = [&] {
    builder.Step("sell", &Shop::Sell, Arg("count", Arbitrary<uint8_t>()));
  };
  if (!later) sell();
  builder.Step("buy", &Shop::Buy, Arg("count", Arbitrary<uint8_t>()),
               Arg("price", Arbitrary<uint16_t>()));
  if (later) sell();
  recipe->Finish();
  return recipe;
}

class MigrateTest : public testing::Test {
 protected:
  MigrateTest() {
    std::string pattern = (fs::temp_directory_path() / "migXXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    corpus_ = folder_ + "/corpus";
    fs::create_directory(corpus_);
    Write(schema_ = folder_ + "/schema.json",
          SchemaToJson(earlier_->Describe()) + "\n");
    for (const char* name : {"a", "b", "c"}) {
      Write(corpus_ + "/" + name, Encoded(*earlier_, Text(name)));
    }
  }
  ~MigrateTest() override { fs::remove_all(folder_); }

  static void Write(const std::string& file, const std::string& content) {
    ASSERT_TRUE(WriteFileAtomically(file, content).ok());
  }
  static std::string Text(std::string_view name) {
    return Concat("scenario shop\n1  sell count ", int{name[0]},
                  "\n2  buy count 7 price 300\n");
  }
  static std::string Encoded(const Recipe& recipe, const std::string& text) {
    Arena arena;
    Scenario scenario;
    const absl::Status parsed = ParseScenario(recipe, text, arena, scenario);
    EXPECT_TRUE(parsed.ok()) << parsed;
    ByteSink out;
    EncodeScenario(recipe, scenario, out);
    return std::string(AsText(out.bytes()));
  }
  int Migrate() { return Replay(*later_, 1).Migrate(corpus_, schema_); }
  void ExpectBroughtOver() {
    for (const char* name : {"a", "b", "c"}) {
      EXPECT_EQ(ReadFile(corpus_ + "/" + name, kInputBytesMax).value(),
                Encoded(*later_, Text(name)));
    }
  }

  std::unique_ptr<Recipe> earlier_ = ShopRecipe(false);
  std::unique_ptr<Recipe> later_ = ShopRecipe(true);
  std::string folder_;
  std::string corpus_;
  std::string schema_;
};

TEST_F(MigrateTest, InputsAreBytesOfTheLaterHarness) {
  EXPECT_EQ(Migrate(), 0);
  ExpectBroughtOver();
  EXPECT_EQ(Migrate(), 0);
  ExpectBroughtOver();
}

TEST_F(MigrateTest, WhatWasInterruptedIsDoneAgain) {
  // Where the second file would be written to, before it takes its place.
  const std::string in_the_way = corpus_ + "/b.new." + std::to_string(getpid());
  fs::create_directory(in_the_way);
  testing::internal::CaptureStderr();
  EXPECT_NE(Migrate(), 0);
  testing::internal::GetCapturedStderr();
  fs::remove(in_the_way);
  EXPECT_EQ(Migrate(), 0);
  // The first is still text, which reads the same.
  Replay replay(*later_, 1);
  EXPECT_EQ(replay.Encode(corpus_ + "/a", corpus_ + "/a"), 0);
  ExpectBroughtOver();
}

TEST_F(MigrateTest, AFileThatCannotBeReadIsNamedAndLeft) {
  Write(corpus_ + "/aa", std::string(kInputBytesMax + 1, 'x'));
  testing::internal::CaptureStderr();
  EXPECT_EQ(Migrate(), 0);
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("corpus/aa"), std::string::npos) << said;
  EXPECT_EQ(fs::file_size(corpus_ + "/aa"), kInputBytesMax + 1);
  ExpectBroughtOver();
}

}  // namespace
}  // namespace formfuzz
