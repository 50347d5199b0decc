// SPDX-License-Identifier: Apache-2.0
// Counting, planning, and playing in batches: a child for every execution
// would take most of the time.
#include "framework/replay/exhaustive_faults.h"

#include <algorithm>
#include <numeric>

#include "framework/base/clock.h"
#include "framework/base/text.h"
#include "framework/replay/silent_death.h"

namespace formfuzz {
namespace {

// Executions of one child: few enough that little is done again after one has
// failed, many enough that starting it costs little.
constexpr size_t kBatch = 64;
constexpr uint64_t kNsPerSecond = 1'000'000'000;

// What is tried of a kind's parameter: nothing, half, nearly all; bits.
constexpr uint16_t kParameters[] = {0, 32768, 65535};

std::vector<size_t> InOrder(size_t count) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  return order;
}

// A silent death has no signature but its end.
std::string NameOfFailure(const IsolatedResult& failure) {
  return Concat(failure.kind, "-", failure.signature, "-", failure.ending);
}

// Keeps `count` of them, evenly spread.
template <class T>
void Thin(std::vector<T>& all, size_t count) {
  if (count >= all.size()) return;
  for (size_t i = 0; i < count; ++i) all[i] = all[i * all.size() / count];
  all.resize(count);
}

}  // namespace

ExhaustiveCounts ExhaustiveFaults::Play(const std::vector<std::string>& inputs,
                                        const ExhaustiveLimits& limits) {
  reached_.assign(session_.recipe().fault_points.size(), false);
  KeepWhatPasses(inputs);
  counts_.inputs = inputs_.size();
  for (size_t i = 0; i < inputs_.size(); ++i) PlanInput(i);
  counts_.points =
      static_cast<uint64_t>(std::count(reached_.begin(), reached_.end(), true));
  counts_.calls = plain_.size();
  Choose(limits.runs_max);
  PlayChosen(limits.seconds);
  return counts_;
}

// What fails without a fault is a finding already, and has nothing to tell of
// faults.
void ExhaustiveFaults::KeepWhatPasses(const std::vector<std::string>& inputs) {
  std::set<std::string> seen;
  for (const std::string& input : inputs) {
    session_.Load(AsBytes(input));
    Scenario scenario = session_.scenario();
    scenario.faults.clear();
    session_.LoadScenario(scenario);
    if (seen.insert(session_.Encoded()).second) {
      inputs_.push_back(session_.Encoded());
    }
  }
  for (size_t from = 0; from < inputs_.size();) {
    std::vector<size_t> order = InOrder(inputs_.size());
    order.erase(order.begin(), order.begin() + static_cast<ptrdiff_t>(from));
    const Isolation::Pass pass = isolation_.PlayAll(inputs_, order, true);
    if (!pass.result.failed() || pass.failed_at == order.size()) break;
    from += pass.failed_at;
    RecordIfFails(inputs_[from]);
    inputs_.erase(inputs_.begin() + static_cast<ptrdiff_t>(from));
  }
}

void ExhaustiveFaults::PlanInput(size_t input) {
  session_.faults().set_counting(true);
  session_.Execute(AsBytes(inputs_[input]));
  session_.faults().set_counting(false);
  for (size_t point = 0; point < reached_.size(); ++point) {
    PlanPoint(input, static_cast<uint16_t>(point));
  }
}

void ExhaustiveFaults::PlanPoint(size_t input, uint16_t point) {
  const uint32_t hits = session_.faults().hits(point);
  if (hits == 0) return;
  reached_[point] = true;
  const uint32_t last = std::min<uint32_t>(hits, kFaultHitMax + 1u);
  counts_.left_out += hits - last;
  for (uint32_t hit = 0; hit < last; ++hit) {
    const Fault error{point, FaultKind::kError, static_cast<uint16_t>(hit), 0};
    plain_.push_back({input, error});
    PlanOthers(input, error);
  }
}

void ExhaustiveFaults::PlanOthers(size_t input, const Fault& error) {
  const FaultPlan& faults = session_.faults();
  Fault other = error;
  for (unsigned variant = 1; variant < faults.variants(error.point);
       ++variant) {
    other.parameter = static_cast<uint16_t>(variant);
    others_.push_back({input, other});
  }
  for (size_t kind = 1; kind < kFaultKinds; ++kind) {
    if ((faults.kinds(error.point) >> kind & 1) == 0) continue;
    other.kind = static_cast<FaultKind>(kind);
    for (const uint16_t parameter : kParameters) {
      other.parameter = parameter;
      others_.push_back({input, other});
    }
  }
}

void ExhaustiveFaults::Choose(uint64_t runs_max) {
  if (runs_max == 0) return;
  const size_t all = plain_.size() + others_.size();
  Thin(plain_, runs_max);
  Thin(others_, runs_max - plain_.size());
  counts_.left_out += all - plain_.size() - others_.size();
}

void ExhaustiveFaults::PlayChosen(uint64_t seconds) {
  const uint64_t started_ns = MonotonicNs();
  std::vector<Variation> chosen = std::move(plain_);
  chosen.insert(chosen.end(), others_.begin(), others_.end());
  std::vector<std::string> batch;
  for (size_t i = 0; i < chosen.size(); i += kBatch) {
    if (seconds != 0 && MonotonicNs() - started_ns > seconds * kNsPerSecond) {
      counts_.left_out += chosen.size() - i;
      return;
    }
    batch.clear();
    const size_t end = std::min(i + kBatch, chosen.size());
    for (size_t j = i; j < end; ++j) batch.push_back(Encoded(chosen[j]));
    PlayBatch(batch);
    counts_.executions += batch.size();
  }
}

std::string ExhaustiveFaults::Encoded(const Variation& variation) {
  session_.Load(AsBytes(inputs_[variation.input]));
  Scenario scenario = session_.scenario();
  scenario.faults = {variation.fault};
  session_.LoadScenario(scenario);
  return session_.Encoded();
}

void ExhaustiveFaults::PlayBatch(const std::vector<std::string>& batch) {
  std::vector<size_t> order = InOrder(batch.size());
  while (!order.empty()) {
    const Isolation::Pass pass = isolation_.PlayAll(batch, order, true);
    if (!pass.result.failed()) return;
    if (pass.failed_at >= order.size()) return FindLeak(batch, order);
    if (!seen_.contains(NameOfFailure(pass.result)) &&
        !RecordIfFails(batch[order[pass.failed_at]])) {
      ++counts_.unrepeated;
    }
    // Whoever died was not asked for what those before it have leaked.
    const auto failed = order.begin() + static_cast<ptrdiff_t>(pass.failed_at);
    const std::vector<size_t> before(order.begin(), failed);
    if (isolation_.PlayAll(batch, before, true).result.failed()) {
      FindLeak(batch, before);
    }
    order.erase(order.begin(), failed + 1);
  }
}

// One of them leaks.
void ExhaustiveFaults::FindLeak(const std::vector<std::string>& batch,
                                const std::vector<size_t>& order) {
  for (const size_t index : order) RecordIfFails(batch[index]);
}

// Plays it once more, alone: what fails then, and has not been recorded, is.
bool ExhaustiveFaults::RecordIfFails(const std::string& input) {
  const IsolatedResult alone = isolation_.Play(AsBytes(input), true);
  if (alone.failed() && seen_.insert(NameOfFailure(alone)).second) {
    Record(input, alone);
  }
  return alone.failed();
}

void ExhaustiveFaults::Record(const std::string& input,
                              const IsolatedResult& failure) {
  ++(failure.harness_broken() ? counts_.harness_broken : counts_.findings);
  if (failure.ending.empty()) {
    isolation_.PlayInto(AsBytes(input), sink_);
    return;
  }
  session_.Load(AsBytes(input));
  sink_.Record(FindingOfSilentDeath(session_, isolation_, failure));
}

}  // namespace formfuzz
