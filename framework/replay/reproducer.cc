// SPDX-License-Identifier: Apache-2.0
// Builds the text form and plays what that reads as.
#include "framework/replay/reproducer.h"

#include "framework/base/text.h"
#include "framework/engine/harness.h"
#include "framework/form/scenario_text.h"
#include "framework/replay/isolate.h"
#include "framework/replay/silent_death.h"

namespace formfuzz {
namespace {

constexpr uint64_t kTimeoutS = 25;  // as a target's replay

Recipe* RecipeNamed(std::string_view name) {
  for (const auto& recipe : RegisteredRecipes()) {
    if (recipe->name == name) return recipe.get();
  }
  return nullptr;
}

}  // namespace

Reproducer::Reproducer(std::string_view target, std::string_view strategy)
    : target_(target),
      text_(Concat(kScenarioTextMark, target, " strategy ", strategy, "\n")) {}

void Reproducer::Off(std::string_view kinds) {
  text_ += Concat("off ", kinds, "\n");
}

void Reproducer::Fault(std::string_view fault) {
  text_ += Concat("fault ", fault, "\n");
}

void Reproducer::SwitchAt(uint32_t yield, uint32_t task) {
  text_ += Concat("switch at ", yield, " to ", task, "\n");
}

void Reproducer::Schedule(std::string_view drawn) {
  text_ += Concat("schedule ", drawn, "\n");
}

void Reproducer::Wait(uint64_t ms) { text_ += Concat("wait ", ms, "\n"); }

void Reproducer::Step(std::string_view step) { text_ += Concat(step, "\n"); }

void Reproducer::StepOf(uint32_t task, std::string_view step) {
  text_ += Concat("@", task, " ", step, "\n");
}

std::string Reproducer::Play() {
  Recipe* const recipe = RecipeNamed(target_);
  if (recipe == nullptr) {
    story_ = Concat("no harness of the name ", target_, " is linked");
    return "invalid";
  }
  recipe->Finish();
  Session session(*recipe, {});
  if (absl::Status status = session.LoadText(text_); !status.ok()) {
    story_ = Concat("not a scenario of ", target_, ": ",
                    std::string(status.message()), "\n", text_);
    return "invalid";
  }
  Isolation isolation(*recipe, kTimeoutS);
  const IsolatedResult result =
      isolation.Play(AsBytes(session.Encoded()), false);
  story_ = result.story;
  if (!result.failed()) return "passed";
  if (result.ending.empty()) {
    return Concat(result.kind, "-", result.signature);
  }
  return FolderNameOf(FindingOfSilentDeath(session, isolation, result));
}

}  // namespace formfuzz
