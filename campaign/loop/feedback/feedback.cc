// SPDX-License-Identifier: Apache-2.0
// Several feedbacks as one: each has the upper eight bits of its features.
#include "campaign/loop/feedback/feedback.h"

#include <algorithm>

#include "campaign/loop/feedback/edges.h"
#include "campaign/loop/feedback/numbered.h"
#include "framework/base/digest.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

std::unique_ptr<Feedback> MakeFeedback(std::string_view name, size_t cells) {
  if (name == "edges") return std::make_unique<EdgeFeedback>(cells);
  if (name == "output") return MakeOutputFeedback();
  if (name == "time") return MakeTimeFeedback();
  if (name == "memory") return MakeMemoryFeedback();
  if (name == "states") return MakeStateFeedback();
  return nullptr;
}

Feature BaseOf(size_t part) {
  return static_cast<Feature>(part) << kFeatureBits;
}

}  // namespace

absl::StatusOr<FeedbackSet> FeedbackSet::Make(std::string_view names,
                                              size_t coverage_size) {
  if (names == "auto") names = coverage_size > 0 ? "edges" : "output";
  FeedbackSet set;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(name.size() + 1, names.size()));
    for (const auto& part : set.parts_) {
      if (part->name() != name) continue;
      return absl::InvalidArgumentError(
          Concat("feedback \"", name, "\" is named twice"));
    }
    set.parts_.push_back(MakeFeedback(name, coverage_size));
    if (set.parts_.back() != nullptr) continue;
    return absl::InvalidArgumentError(
        Concat("no feedback is named \"", name,
               "\"; there are: edges, output, time, memory, states, or auto"));
  }
  if (!set.parts_.empty()) return set;
  return absl::InvalidArgumentError("feedback: expected at least one name");
}

Observation FeedbackSet::Observe(const Execution& execution) {
  ++executions_;
  Observation all;
  for (const auto& part : parts_) {
    const Observation seen = part->Observe(execution);
    all.fresh |= seen.fresh;
    all.path = parts_.size() == 1 ? seen.path : Mix(all.path, seen.path);
  }
  return all;
}

void FeedbackSet::Features(const Execution& execution,
                           std::vector<Feature>* features) {
  features->clear();
  for (size_t i = 0; i < parts_.size(); ++i) {
    parts_[i]->Features(execution, BaseOf(i), features);
  }
}

void FeedbackSet::Learn(std::span<const Feature> features) {
  for (const Feature feature : features) {
    parts_[feature >> kFeatureBits]->Learn(feature & kFeatureMask);
  }
}

bool FeedbackSet::HasLearnt(Feature feature) const {
  return parts_[feature >> kFeatureBits]->HasLearnt(feature & kFeatureMask);
}

uint64_t FeedbackSet::learnt() const {
  uint64_t sum = 0;
  for (const auto& part : parts_) sum += part->learnt();
  return sum;
}

double FeedbackSet::Residual() const {
  if (executions_ == 0) return 1;
  uint64_t singletons = 0;
  for (const auto& part : parts_) singletons += part->singletons();
  return std::min(
      1.0, static_cast<double>(singletons) / static_cast<double>(executions_));
}

}  // namespace formfuzz::campaign
