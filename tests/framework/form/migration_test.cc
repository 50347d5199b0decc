// SPDX-License-Identifier: Apache-2.0
// A corpus outlives its harness: inputs of an earlier version keep by name
// what the later one still knows.
#include "framework/form/migration.h"

#include <gtest/gtest.h>

#include "framework/form/scenario_codec.h"
#include "framework/form/scenario_text.h"
#include "framework/formfuzz.h"

namespace formfuzz {
namespace {

struct Box {
  static constexpr std::string_view kName = "box";
};
enum class Colour { kRed, kGreen };

struct OldSpec {
  uint8_t size;
  std::string label;
  bool lid;
};
class OldShop {
 public:
  void Make(const OldSpec&) {}
  void Paint(Handle<Box>, Colour) {}
  void Burn(Handle<Box>, std::pair<uint8_t, bool>) {}
};

// Fields moved, one gone, one new, a narrower range, a step gone, one new.
struct NewSpec {
  std::string label;
  uint32_t depth;
  uint16_t size;
};
class NewShop {
 public:
  void Sell(Handle<Box>) {}
  void Paint(Colour, Handle<Box>) {}
  void Make(const NewSpec&) {}
};

std::unique_ptr<Recipe> OldRecipe() {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "shop";
  HarnessBuilder<OldShop>(*recipe)
      .Step("make", &OldShop::Make, Arg("spec", Arbitrary<OldSpec>()))
      .Makes<Box>()
      .Step("paint", &OldShop::Paint, Arg("box", AnyHandle<Box>()),
            Arg("in", EnumOf<Colour>()))
      .Step("burn", &OldShop::Burn, Arg("box", AnyHandle<Box>()),
            Arg("at", Arbitrary<std::pair<uint8_t, bool>>()))
      .Faults({"paint.dry"})
      .Strategy("day", {"make", "paint", "burn"});
  recipe->Finish();
  return recipe;
}

std::unique_ptr<Recipe> NewRecipe() {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "shop";
  HarnessBuilder<NewShop>(*recipe)
      .Step("sell", &NewShop::Sell, Arg("box", AnyHandle<Box>()))
      .Step("paint", &NewShop::Paint, Arg("in", EnumOf<Colour>()),
            Arg("box", AnyHandle<Box>()))
      .Step("make", &NewShop::Make,
            Arg("spec", StructOf<NewSpec>(Arbitrary<std::string>(),
                                          Arbitrary<uint32_t>(),
                                          InRange<uint16_t>(1, 100))))
      .Makes<Box>()
      .Faults({"lamp.out", "paint.dry"})
      .Strategy("night", {"sell", "paint", "make"})
      .Strategy("day", {"sell", "paint", "make"});
  recipe->Finish();
  return recipe;
}

constexpr std::string_view kOldText =
    "scenario shop strategy day\n"
    "fault paint.dry error at 2\n"
    "wait 1000\n"
    "1  box1 = make spec {size: 200, label: \"hi\", lid: true}\n"
    "2  burn box box1 at (9, true)\n"
    "3  paint box box1 in green\n"
    "4  box2 = make spec {size: 7, label: \"\", lid: false}\n";

std::string EncodeText(const Recipe& recipe, std::string_view text) {
  Arena arena;
  Scenario scenario;
  const absl::Status status = ParseScenario(recipe, text, arena, scenario);
  EXPECT_TRUE(status.ok()) << status;
  ByteSink out;
  EncodeScenario(recipe, scenario, out);
  return std::string(AsText(out.bytes()));
}

std::string TextOf(const Recipe& recipe, const std::string& bytes) {
  Arena arena;
  Scenario scenario;
  DecodeScenario(recipe, AsBytes(bytes), arena, scenario);
  return PrintScenario(recipe, scenario);
}

TEST(MigrationTest, ASchemaAloneTellsTheText) {
  const auto old_recipe = OldRecipe();
  const auto text = PrintUnderSchema(
      old_recipe->Describe(), AsBytes(EncodeText(*old_recipe, kOldText)));
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(EncodeText(*old_recipe, *text), EncodeText(*old_recipe, kOldText));
}

TEST(MigrationTest, ValuesFollowTheirNames) {
  const auto old_recipe = OldRecipe();
  const auto new_recipe = NewRecipe();
  const auto migrated =
      MigrateInput(old_recipe->Describe(),
                   AsBytes(EncodeText(*old_recipe, kOldText)), *new_recipe);
  ASSERT_TRUE(migrated.ok()) << migrated.status();
  EXPECT_EQ(TextOf(*new_recipe, *migrated),
            "scenario shop strategy day\n"
            "fault paint.dry error at 2\n"
            "wait 1000\n"
            "1  box1 = make spec {label: \"hi\", depth: 0, size: 100}\n"
            "2  paint in green box box1\n"
            "3  box2 = make spec {label: \"\", depth: 0, size: 7}\n");
}

// Another way to make boxes, which the later harness lost or gained.
class Factory {
 public:
  void Make() {}
  void Buy() {}
  void Look() {}
  void Paint(Handle<Box>) {}
};
enum class Version { kMakesAndBuys, kOnlyMakes, kLookingFinds, kBuysNothing };

std::unique_ptr<Recipe> FactoryRecipe(Version version) {
  auto recipe = std::make_unique<Recipe>();
  recipe->name = "factory";
  HarnessBuilder<Factory> builder(*recipe);
  builder.Step("make", &Factory::Make).Makes<Box>();
  if (version != Version::kOnlyMakes) builder.Step("buy", &Factory::Buy);
  if (version == Version::kMakesAndBuys || version == Version::kLookingFinds) {
    builder.Makes<Box>();
  }
  builder.Step("look", &Factory::Look);
  if (version == Version::kLookingFinds) builder.Makes<Box>();
  builder.Step("paint", &Factory::Paint, Arg("box", AnyHandle<Box>()));
  recipe->Finish();
  return recipe;
}

std::string MigratedFactory(Version version) {
  const auto before = FactoryRecipe(Version::kMakesAndBuys);
  const auto after = FactoryRecipe(version);
  const std::string input = EncodeText(*before,
                                       "scenario factory\n"
                                       "1  box1 = make\n"
                                       "2  look\n"
                                       "3  box2 = buy\n"
                                       "4  box3 = make\n"
                                       "5  paint box box1\n"
                                       "6  paint box box2\n"
                                       "7  paint box box3\n");
  const auto migrated =
      MigrateInput(before->Describe(), AsBytes(input), *after);
  EXPECT_TRUE(migrated.ok()) << migrated.status();
  return migrated.ok() ? TextOf(*after, *migrated) : "";
}

TEST(MigrationTest, HandlesStayWithTheirMakers) {
  EXPECT_EQ(MigratedFactory(Version::kOnlyMakes),
            "scenario factory strategy all\n"
            "1  box1 = make\n"
            "2  look\n"
            "3  box2 = make\n"
            "4  paint box box1\n"
            "5  paint box no_box\n"
            "6  paint box box2\n");
}

TEST(MigrationTest, HandlesPassOverWhatIsNewlyMade) {
  EXPECT_EQ(MigratedFactory(Version::kLookingFinds),
            "scenario factory strategy all\n"
            "1  box1 = make\n"
            "2  box2 = look\n"
            "3  box3 = buy\n"
            "4  box4 = make\n"
            "5  paint box box1\n"
            "6  paint box box3\n"
            "7  paint box box4\n");
}

TEST(MigrationTest, AStepThatMakesNothingAnyMoreLeavesNothing) {
  EXPECT_EQ(MigratedFactory(Version::kBuysNothing),
            "scenario factory strategy all\n"
            "1  box1 = make\n"
            "2  look\n"
            "3  buy\n"
            "4  box2 = make\n"
            "5  paint box box1\n"
            "6  paint box no_box\n"
            "7  paint box box2\n");
}

TEST(MigrationTest, TheSchemaSurvivesItsJson) {
  const Schema schema = OldRecipe()->Describe();
  const auto again = SchemaFromJson(SchemaToJson(schema));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(*again, schema);
  EXPECT_FALSE(SchemaFromJson("{\"name\": \"no kind\"}").ok());
  EXPECT_FALSE(SchemaFromJson("{").ok());
}

TEST(MigrationTest, ForeignSchemasAreRefused) {
  const auto new_recipe = NewRecipe();
  EXPECT_FALSE(MigrateInput(Schema{.kind = "list"}, {}, *new_recipe).ok());
}

class Race {
 public:
  void Finish(std::string_view) {}
};

TEST(MigrationTest, WordsAreQuotedWhereTheirDomainQuotesThem) {
  Recipe recipe;
  recipe.name = "race";
  HarnessBuilder<Race>(recipe).Step(
      "finish", &Race::Finish,
      Arg("as", ElementOf<std::string_view>({"last", "2nd", "_1st"})));
  recipe.Finish();
  const std::string text =
      "scenario race strategy all\n1  finish as last\n2  finish as \"2nd\"\n"
      "3  finish as _1st\n";
  const std::string input = EncodeText(recipe, text);
  EXPECT_EQ(TextOf(recipe, input), text);
  const auto migrated = MigrateInput(recipe.Describe(), AsBytes(input), recipe);
  ASSERT_TRUE(migrated.ok()) << migrated.status();
  EXPECT_EQ(*migrated, input);
}

}  // namespace
}  // namespace formfuzz
