// SPDX-License-Identifier: Apache-2.0
// Leaks, relations and twins: one more run, or a few, each.
#include "framework/validate/rerun/examiner.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

// Repeated runs that must all grow before growth is a leak, once one more has
// filled whatever is kept on purpose.
constexpr size_t kGrowingRuns = 3;

}  // namespace

Examiner::Examiner(const Recipe& recipe, Judge& judge)
    : recipe_(recipe), judge_(judge) {
  if (recipe.leaks.has_value() || !recipe.relations.empty()) {
    again_ = std::make_unique<Other>(recipe);
  }
  if (recipe.twin.construct != nullptr) {
    twin_ = std::make_unique<Other>(recipe, &recipe.twin);
  }
}

void Examiner::ForEachJudge(absl::FunctionRef<void(Judge&)> visit) {
  visit(judge_);
  if (again_ != nullptr) visit(again_->judge);
  if (twin_ != nullptr) visit(twin_->judge);
}

void Examiner::UseYields(bool yields) {
  ForEachJudge([&](Judge& judge) { judge.UseYields(yields); });
}

void Examiner::UseFaults(bool faults) {
  ForEachJudge([&](Judge& judge) { judge.UseFaults(faults); });
}

const Verdict& Examiner::Play(const Scenario& scenario) {
  if (again_ == nullptr && twin_ == nullptr) [[likely]]
    return judge_.Play(scenario);
  Footprint before;
  if (recipe_.leaks.has_value()) before = Footprint::Of(*recipe_.leaks);
  const Verdict& first = judge_.Play(scenario);
  if (!first.passed()) return first;
  if (!verdict_.passed()) verdict_ = Verdict();
  if (JudgeLeaks(scenario, before) && JudgeRelation(scenario)) {
    JudgeTwin(scenario);
  }
  return verdict_;
}

bool Examiner::Fail(VerdictKind kind, std::string_view rule,
                    std::string message, size_t step) {
  verdict_ = {kind, std::string(rule), std::move(message), step};
  return false;
}

bool Examiner::JudgeLeaks(const Scenario& scenario, const Footprint& before) {
  if (!recipe_.leaks.has_value()) return true;
  const Footprint after = Footprint::Of(*recipe_.leaks);
  for (size_t i = 0; i < Footprint::kKinds; ++i) {
    const auto kind = static_cast<Footprint::Kind>(i);
    if (after.of(kind) <= before.of(kind)) continue;
    again_->judge.Play(scenario);
    Footprint least = Footprint::Of(*recipe_.leaks);
    bool grows = true;
    for (size_t run = 0; run < kGrowingRuns && grows; ++run) {
      const Footprint last = std::exchange(
          least, (again_->judge.Play(scenario), Footprint::Of(*recipe_.leaks)));
      grows = least.of(kind) > last.of(kind);
      if (!grows || run + 1 < kGrowingRuns) continue;
      return Fail(
          VerdictKind::kLeaked, Footprint::RuleOf(kind),
          Concat("every run leaves ", Footprint::Describe(kind, last, least)),
          scenario.steps.size());
    }
  }
  return true;
}

bool Examiner::JudgeRelation(const Scenario& scenario) {
  if (recipe_.relations.empty()) return true;
  const uint64_t choice = DigestOf(judge_.trace());
  const Relation& relation =
      recipe_.relations[choice % recipe_.relations.size()];
  related_ = scenario;
  same_as_.resize(scenario.steps.size());
  std::iota(same_as_.begin(), same_as_.end(), size_t{0});
  if (!relation.relate(recipe_, choice / recipe_.relations.size(), related_,
                       same_as_)) {
    return true;
  }
  const Verdict& other = again_->judge.Play(related_);
  if (!other.passed()) {
    return Fail(other.kind, other.validator,
                Concat(relation.name, ", changed: ", other.message),
                scenario.steps.size());
  }
  std::string difference = Difference(scenario, again_->judge.trace());
  return difference.empty() || Fail(VerdictKind::kDiverged, relation.name,
                                    std::move(difference), differs_at_);
}

bool Examiner::JudgeTwin(const Scenario& scenario) {
  // Faults are of the parts that the subject has, not of its twin's.
  if (twin_ == nullptr || judge_.trace().faults_fired > 0) return true;
  same_as_.resize(scenario.steps.size());
  std::iota(same_as_.begin(), same_as_.end(), size_t{0});
  const Verdict& other = twin_->judge.Play(scenario);
  if (!other.passed()) {
    return Fail(other.kind, other.validator,
                Concat("the twin: ", other.message), other.step);
  }
  std::string difference = Difference(scenario, twin_->judge.trace());
  return difference.empty() || Fail(VerdictKind::kDiverged, "TwinAgrees",
                                    std::move(difference), differs_at_);
}

std::string Examiner::Difference(const Scenario& scenario, const Trace& other) {
  const Trace& first = judge_.trace();
  const size_t count = std::min(other.steps.size(), same_as_.size());
  for (size_t i = 0; i < count; ++i) {
    differs_at_ = same_as_[i];
    if (differs_at_ >= first.steps.size()) continue;
    const Outcome was = first.steps[differs_at_].outcome;
    if (was == other.steps[i].outcome) continue;
    return Concat(recipe_.kinds[scenario.steps[differs_at_].kind]->name(),
                  " comes to ", other.steps[i].outcome.label(), " as step ",
                  i + 1, " of the other run, not to ", was.label());
  }
  differs_at_ = scenario.steps.size();
  if (!recipe_.state || first.steps.empty() || other.steps.empty()) return {};
  return first.steps.back().state == other.steps.back().state
             ? std::string()
             : "the other run ends in another state";
}

}  // namespace formfuzz
