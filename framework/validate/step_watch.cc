// SPDX-License-Identifier: Apache-2.0
// Goals, costs and recovery of one run.
#include "framework/validate/step_watch.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <string_view>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

// Below these nobody waits, whatever the exponent.
constexpr uint64_t kBytesFloor = 4096;
constexpr uint64_t kEdgesFloor = 200;
constexpr uint64_t kInstructionsFloor = 50'000;
// Least squares of a few honest samples may be this much off.
constexpr double kExponentSlack = 0.25;
// Instants at which a recovery is looked for; the first is at once.
constexpr uint64_t kRecoveryLooks = 16;
// Marks the state "goal i was reached" among states of other kinds.
constexpr uint64_t kGoalState = 0x676f616c;

std::string Exponent(double exponent) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", exponent);
  return text;
}

// Calls what the harness wrote about its subject, in the subject's memory.
template <class Question>
auto Ask(const Place& subject, const Question& question) {
  const RegionScope memory(subject.region());
  return question(subject.object());
}

// Why the costs grow too steeply, or empty.
std::string Steepness(std::span<const CostSample> samples, uint64_t floor,
                      double exponent_max, std::string_view unit) {
  if (samples.empty()) return {};
  const auto by_size = [](const CostSample& a, const CostSample& b) {
    return a.size < b.size;
  };
  const auto largest =
      *std::max_element(samples.begin(), samples.end(), by_size);
  if (largest.cost < floor) return {};
  const std::optional<double> exponent = GrowthExponent(samples);
  if (!exponent.has_value() || *exponent <= exponent_max + kExponentSlack) {
    return {};
  }
  return Concat("costs ", largest.cost, " ", unit, " at size ", largest.size,
                " and grows with size to the power of ", Exponent(*exponent),
                ", not ", Exponent(exponent_max));
}

}  // namespace

StepWatch::StepWatch(const Recipe& recipe, Run& run, const Place& subject)
    : recipe_(recipe),
      run_(run),
      subject_(subject),
      goals_left_(recipe.goals.empty()
                      ? 0
                      : ~uint64_t{0} >> (kGoalsMax - recipe.goals.size())) {
  for (const CostRule& rule : recipe.costs) {
    curves_.push_back(
        {.rule = &rule, .bytes = {}, .edges = {}, .instructions = {}});
  }
  if (!curves_.empty()) meter_ = std::make_unique<StepMeter>();
}

void StepWatch::FindGoals() {
  for (uint64_t left = goals_left_; left != 0; left &= left - 1) {
    const auto goal = static_cast<size_t>(std::countr_zero(left));
    if (!Ask(subject_, recipe_.goals[goal].reached)) continue;
    goals_left_ &= ~(uint64_t{1} << goal);
    goals_reached_ |= uint64_t{1} << goal;
    run_.Observe(Mix(kGoalState, goal));  // so that the input is kept
  }
}

void StepWatch::BeginCost(uint8_t kind) {
  measured_ = nullptr;  // the step before may have thrown
  for (Curve& curve : curves_) {
    if (curve.rule->kind != kind) continue;
    size_ = Ask(subject_, curve.rule->size);
    measured_ = &curve;
    meter_->Begin();
    return;
  }
}

void StepWatch::EndCost() {
  const StepCost cost = meter_->End();
  measured_->bytes.push_back({size_, cost.bytes});
  measured_->edges.push_back({size_, cost.edges});
  measured_->instructions.push_back({size_, cost.instructions});
  // A new order of magnitude is worth a place in the corpus.
  const uint64_t magnitude = static_cast<uint64_t>(
      std::bit_width(cost.bytes) | std::bit_width(cost.edges) << 8);
  run_.Observe(Mix(measured_->rule->kind, magnitude));
  measured_ = nullptr;
}

std::optional<Verdict> StepWatch::JudgeCosts() const {
  for (const Curve& curve : curves_) {
    const double most = curve.rule->exponent_max;
    std::string broken = Steepness(curve.bytes, kBytesFloor, most, "bytes");
    if (broken.empty()) {
      broken = Steepness(curve.edges, kEdgesFloor, most, "edges");
    }
    if (broken.empty()) {
      broken = Steepness(curve.instructions, kInstructionsFloor, most,
                         "instructions");
    }
    if (broken.empty()) continue;
    return Verdict{VerdictKind::kSlow, curve.rule->name,
                   Concat(recipe_.kinds[curve.rule->kind]->name(), " ", broken),
                   0};
  }
  return std::nullopt;
}

bool StepWatch::Recovers(const Recovery& recovery) {
  const uint64_t start_ms = run_.clock().NowMs();
  for (uint64_t look = 0; look <= kRecoveryLooks; ++look) {
    const uint64_t due_ms =
        start_ms + recovery.within_ms * look / kRecoveryLooks;
    const uint64_t now_ms = run_.clock().NowMs();
    if (due_ms > now_ms) run_.clock().AdvanceMs(due_ms - now_ms);
    if (Ask(subject_, recovery.recovered)) return true;
  }
  return false;
}

std::optional<Verdict> StepWatch::JudgeRecoveries() {
  for (const Recovery& recovery : recipe_.recoveries) {
    run_.faults().End();
    if (Recovers(recovery)) continue;
    return Verdict{VerdictKind::kViolated, recovery.name,
                   Concat("not so within ", recovery.within_ms,
                          " ms after faults stopped"),
                   0};
  }
  return std::nullopt;
}

std::optional<Verdict> StepWatch::JudgeEnd() {
  std::optional<Verdict> broken = JudgeCosts();
  if (!broken.has_value()) broken = JudgeRecoveries();
  return broken;
}

}  // namespace formfuzz
