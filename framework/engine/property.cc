// SPDX-License-Identifier: Apache-2.0
// The cases, registered at run time because harnesses are.
#include "framework/engine/property.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <string>

#include "framework/engine/harness.h"
#include "framework/engine/random_play.h"
#include "framework/engine/recorder.h"
#include "framework/form/migration.h"
#include "framework/form/scenario_codec.h"
#include "framework/form/scenario_text.h"

namespace formfuzz {
namespace {

constexpr uint64_t kRunsDefault = 20'000;
constexpr uint64_t kLawRuns = 2'000;  // or Runs(), where that is less
constexpr size_t kBytesMax = 512;

class PropertyCase : public testing::Test {
 public:
  PropertyCase(const Recipe& recipe,
               std::function<void(const Recipe&)> property)
      : recipe_(recipe), property_(std::move(property)) {}
  void TestBody() override { property_(recipe_); }

 private:
  const Recipe& recipe_;
  std::function<void(const Recipe&)> property_;
};

uint64_t Runs() {
  const char* runs = std::getenv("FORMFUZZ_PROPERTY_RUNS");
  return runs == nullptr ? kRunsDefault : std::strtoull(runs, nullptr, 10);
}

void HoldsOnRandomScenarios(const Recipe& recipe) {
  Session session(recipe, {});
  const RandomPlayResult result = PlayRandomScenarios(session, Runs(), 1);
  EXPECT_GT(result.steps, 0u) << "no scenario had a step";
  EXPECT_TRUE(result.verdict.passed())
      << StoryOf(session.MakeFinding(result.verdict));
}

// Calls `check` with `runs` grown scenarios' encodings.
void ForRandomInputs(const Recipe& recipe, uint64_t runs,
                     const std::function<void(Bytes)>& check) {
  Session session(recipe, {});
  Random random(2);
  std::vector<uint8_t> input(4096);
  size_t size = 0;
  for (uint64_t run = 0; run < runs && !testing::Test::HasFailure(); ++run) {
    if (run % 32 == 0) size = 0;
    size = session.Mutate(input.data(), size, input.size(), random.Next(),
                          nullptr);
    check({input.data(), size});
  }
}

void SameBytesMakeTheSameTrace(const Recipe& recipe) {
  Session first(recipe, {});
  Session second(recipe, {});
  ForRandomInputs(recipe, std::min(kLawRuns, Runs()), [&](Bytes input) {
    first.Execute(input);
    const uint64_t digest = DigestOf(first.trace());
    second.Load({});  // forget what was kept
    second.Execute(input);
    EXPECT_EQ(digest, DigestOf(second.trace()))
        << PrintScenario(recipe, first.scenario());
  });
}

void BytesAndTextAgree(const Recipe& recipe) {
  ForRandomInputs(recipe, std::min(kLawRuns, Runs()), [&](Bytes input) {
    Arena arena;
    Scenario decoded;
    DecodeScenario(recipe, input, arena, decoded);
    ByteSink encoded;
    EncodeScenario(recipe, decoded, encoded);
    EXPECT_EQ(AsText(encoded.bytes()), AsText(input));
    const std::string text = PrintScenario(recipe, decoded);
    Scenario parsed;
    const absl::Status status = ParseScenario(recipe, text, arena, parsed);
    EXPECT_TRUE(status.ok()) << status << "\n" << text;
    EXPECT_EQ(PrintScenario(recipe, parsed), text);
  });
}

void AnyBytesDecode(const Recipe& recipe) {
  Random random(3);
  Arena arena;
  Scenario scenario;
  for (uint64_t run = 0; run < kLawRuns; ++run) {
    std::string bytes(random.Below(kBytesMax), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.Next());
    arena.Reset();
    DecodeScenario(recipe, AsBytes(bytes), arena, scenario);
    ByteSink first;
    EncodeScenario(recipe, scenario, first);
    const std::string kept(AsText(first.bytes()));
    DecodeScenario(recipe, AsBytes(kept), arena, scenario);
    ByteSink second;
    EncodeScenario(recipe, scenario, second);
    ASSERT_EQ(AsText(second.bytes()), kept);
  }
}

// True if a value depends on a function, which no schema can tell.
bool HasDependent(const Schema& schema) {
  return schema.kind == "dependent" ||
         std::any_of(schema.children.begin(), schema.children.end(),
                     HasDependent);
}

void SchemaTellsTheEncoding(const Recipe& recipe) {
  const Schema schema = recipe.Describe();
  if (HasDependent(schema)) GTEST_SKIP() << "an argument uses FlatMap";
  ForRandomInputs(recipe, std::min(kLawRuns, Runs()), [&](Bytes input) {
    Arena arena;
    Scenario decoded;
    DecodeScenario(recipe, input, arena, decoded);
    const std::string text = PrintScenario(recipe, decoded);
    const auto migrated = MigrateInput(schema, input, recipe);
    ASSERT_TRUE(migrated.ok()) << migrated.status() << "\n" << text;
    DecodeScenario(recipe, AsBytes(*migrated), arena, decoded);
    EXPECT_EQ(PrintScenario(recipe, decoded), text);
  });
}

void Register(const Recipe& recipe, const char* name,
              void (*property)(const Recipe&)) {
  testing::RegisterTest(recipe.name.c_str(), name, nullptr, nullptr, __FILE__,
                        __LINE__, [&recipe, property]() -> PropertyCase* {
                          return new PropertyCase(recipe, property);
                        });
}

}  // namespace

void RegisterPropertyTests() {
  for (const auto& recipe : RegisteredRecipes()) {
    recipe->Finish();
    Register(*recipe, "HoldsOnRandomScenarios", HoldsOnRandomScenarios);
    Register(*recipe, "SameBytesMakeTheSameTrace", SameBytesMakeTheSameTrace);
    Register(*recipe, "BytesAndTextAgree", BytesAndTextAgree);
    Register(*recipe, "AnyBytesDecode", AnyBytesDecode);
    Register(*recipe, "SchemaTellsTheEncoding", SchemaTellsTheEncoding);
  }
}

}  // namespace formfuzz
