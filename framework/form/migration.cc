// SPDX-License-Identifier: Apache-2.0
// The scenario around the values: header, steps and tails, as
// scenario_codec.h lays them out, by the old schema's names.
#include "framework/form/migration.h"

#include <map>

#include "framework/base/text.h"
#include "framework/form/scenario_codec.h"
#include "framework/form/scenario_text.h"
#include "framework/form/schema_reader.h"

namespace formfuzz {
namespace {

// What the codec needs of the harness that was: step kinds without argument
// types, so that it finds sections and argument bytes.
class OldStep final : public StepKind {
 public:
  explicit OldStep(const Schema& schema)
      : StepKind(schema.name), schema_(schema) {}

  const Schema& schema() const { return schema_; }

  void* Decode(ByteSource& in) const override {
    return in.arena().New<Bytes>(in.Take(in.left()));
  }
  void Encode(const void* arguments, ByteSink& out) const override {
    out.Put(*static_cast<const Bytes*>(arguments));
  }
  void* Clone(const void* arguments, Arena& arena) const override {
    return arena.New<Bytes>(*static_cast<const Bytes*>(arguments));
  }
  void Mutate(void*, Mutation&) const override {}
  bool Shrink(void*, Arena&, absl::FunctionRef<bool(void*)>) const override {
    return false;
  }
  void Print(const void*, TextSink&) const override {}
  bool Parse(TextSource&, void*) const override { return false; }
  Schema Describe() const override { return schema_; }
  void VisitHandles(void*, HandleVisitor) const override {}
  Outcome Run(void*, const void*) const override { return Outcome::Ok(); }
  std::optional<Outcome> Predict(void*, const void*) const override {
    return std::nullopt;
  }

 private:
  const Schema& schema_;
};

// A recipe that decodes what the schema's harness encoded.
absl::StatusOr<std::unique_ptr<Recipe>> OldRecipe(const Schema& schema) {
  if (schema.kind != "scenario" || schema.children.empty() ||
      schema.options.empty()) {
    return absl::InvalidArgumentError("not the schema of a scenario");
  }
  auto recipe = std::make_unique<Recipe>();
  recipe->name = schema.name;
  recipe->steps_max = schema.highest;
  for (const Schema& child : schema.children) {
    if (child.kind == "faults") recipe->fault_points = child.options;
    if (child.kind == "fault_scopes") recipe->fault_scopes = child.options;
    if (child.kind != "struct") continue;
    recipe->kinds.push_back(std::make_unique<OldStep>(child));
  }
  for (const std::string& name : schema.options) {
    // More tasks than any strategy has: what was encoded is taken as it is.
    recipe->strategies.push_back({name, ~uint64_t{0}, kTasksMax});
  }
  const size_t kinds = recipe->kinds.size();
  for (Strategy& strategy : recipe->strategies) {
    strategy.kinds = kinds >= 64 ? ~uint64_t{0} : (uint64_t{1} << kinds) - 1;
  }
  return recipe;
}

// The arguments of one step as far as they can be read.
void PrintArguments(const Schema& step, const SchemaReader::Made& made,
                    Bytes bytes, Arena& arena, TextSink& out) {
  ByteSource in(bytes, arena);
  for (const Schema& argument : step.children) {
    TextSink one;
    if (!SchemaReader::Print(argument, made, in, one)) return;
    out.Put(" ");
    if (!argument.name.empty()) out.Put(argument.name).Put(" ");
    out.Put(one.text());
  }
}

// Where the things that steps make are found again: the n-th of a kind by the
// old harness's count is another by the new one's, or is made no more.
class Products {
 public:
  // `recipe`: the new harness; null: the old one is meant again.
  Products(const Recipe* recipe, size_t strategy)
      : recipe_(recipe), strategy_(strategy) {}

  const SchemaReader::Made& made() const { return made_; }

  // Behind the step that `old` describes.
  void Pass(const Schema& old) {
    const std::string_view makes = MakesNow(old);
    uint16_t index = kNoHandle;
    if (!makes.empty()) {
      size_t& count = counts_[std::string(makes)];
      if (count < kHandlesMax) index = static_cast<uint16_t>(count++);
    }
    if (old.text.empty()) return;
    made_[old.text].push_back(makes == old.text ? index : kNoHandle);
  }

 private:
  // What the step of this name makes now; nothing if it will be left out.
  std::string_view MakesNow(const Schema& old) const {
    if (recipe_ == nullptr) return old.text;
    const size_t kind = recipe_->KindNamed(old.name);
    if (kind == recipe_->kinds.size()) return {};
    const bool kept = (recipe_->strategies[strategy_].kinds >> kind & 1) != 0;
    return kept ? recipe_->kinds[kind]->makes_name() : std::string_view();
  }

  const Recipe* recipe_;
  size_t strategy_;
  SchemaReader::Made made_;
  std::map<std::string, size_t> counts_;
};

// The strategy that a scenario of the old harness is given, as the lenient
// reader of text chooses it.
size_t StrategyNow(const Recipe& old, const Scenario& scenario,
                   const Recipe& recipe) {
  const size_t strategy =
      recipe.StrategyNamed(old.strategies[scenario.strategy].name);
  return strategy < recipe.strategies.size() ? strategy : 0;
}

// For the harness `recipe`, or for the old one if that is null.
absl::StatusOr<std::string> PrintFor(const Recipe* recipe, const Schema& schema,
                                     Bytes input) {
  auto old = OldRecipe(schema);
  if (!old.ok()) return old.status();
  Arena arena;
  Scenario scenario;
  DecodeScenario(**old, input, arena, scenario);
  Products products(
      recipe, recipe == nullptr ? 0 : StrategyNow(**old, scenario, *recipe));
  return PrintScenario(**old, scenario, [&](size_t index, TextSink& out) {
    const Step& step = scenario.steps[index];
    const Schema& kind =
        static_cast<const OldStep&>(*(*old)->kinds[step.kind]).schema();
    PrintArguments(kind, products.made(),
                   *static_cast<const Bytes*>(step.arguments), arena, out);
    products.Pass(kind);
  });
}

}  // namespace

absl::StatusOr<std::string> PrintUnderSchema(const Schema& schema,
                                             Bytes input) {
  return PrintFor(nullptr, schema, input);
}

absl::StatusOr<std::string> MigrateInput(const Schema& schema, Bytes input,
                                         const Recipe& recipe) {
  auto text = PrintFor(&recipe, schema, input);
  if (!text.ok()) return text.status();
  Arena arena;
  Scenario scenario;
  const absl::Status parsed =
      ParseScenario(recipe, *text, arena, scenario, Leniency::kMigrate);
  if (!parsed.ok()) return parsed;
  ByteSink out;
  EncodeScenario(recipe, scenario, out);
  return std::string(AsText(out.bytes()));
}

}  // namespace formfuzz
