// SPDX-License-Identifier: Apache-2.0
// The shrinker proposes, a forked child decides.
#include "framework/replay/minimise/minimiser.h"

#include <algorithm>

#include "framework/base/clock.h"
#include "framework/change/scenario_edit.h"
#include "framework/change/scenario_shrinker.h"
#include "framework/form/scenario_codec.h"

namespace formfuzz {
namespace {

// Schedules tried for one candidate: all with one deviation from what is usual
// where three tasks pass up to 300 yield points, and some with two.
constexpr SearchLimits kCandidateLimits{
    .preemptions_max = 2, .runs_max = 600, .bounded = Bounded::kDeviations};
// For the certificate: seconds at most.
constexpr SearchLimits kCertificateLimits{.preemptions_max = 2,
                                          .runs_max = 60'000};

// What failed while it was made smaller may pass in the end.
constexpr int kLastTimes = 3;

bool IsConcurrent(const Scenario& scenario) {
  return std::any_of(
      scenario.steps.begin(), scenario.steps.end(),
      [&](const Step& step) { return step.task != scenario.steps[0].task; });
}

// The same steps by the same tasks pass the same yield points, as good as
// always.
bool HasSameYields(const Scenario& one, const Scenario& other) {
  return std::equal(one.steps.begin(), one.steps.end(), other.steps.begin(),
                    other.steps.end(), [](const Step& a, const Step& b) {
                      return a.kind == b.kind && a.task == b.task;
                    });
}

}  // namespace

SearchLimits Minimiser::LimitsFor(const Scenario& scenario,
                                  SearchLimits limits) const {
  const Recipe& recipe = session_.recipe();
  limits.choosable =
      (uint32_t{1} << recipe.strategies[scenario.strategy].tasks) - 1;
  return limits;
}

bool Minimiser::FailsAs(const Scenario& candidate) {
  ByteSink bytes;
  EncodeScenario(session_.recipe(), candidate, bytes);
  return failure_.IsSameFailureAs(isolation_.Play(bytes.bytes(), true));
}

bool Minimiser::FindSwitches(Scenario& candidate) {
  ByteSink bytes;
  EncodeScenario(session_.recipe(), candidate, bytes);
  if (const auto moved =
          schedules_.Move(bytes.bytes(), candidate.switches, failure_)) {
    candidate.switches = *moved;
    candidate.draw = Draw();
    if (FailsAs(candidate)) return true;
  }
  const ScheduleFound other = schedules_.Run(
      bytes.bytes(), failure_, LimitsFor(candidate, kCandidateLimits));
  if (!other.result.found) return false;
  candidate.switches = other.result.switches;
  candidate.draw = Draw();
  return FailsAs(candidate);
}

// One switch can be left out; one of those that are drawn cannot. What cannot
// be listed, for there are too many, is looked for.
void Minimiser::ListSwitches(Scenario& scenario) {
  if (!scenario.draw) return;
  ByteSink bytes;
  EncodeScenario(session_.recipe(), scenario, bytes);
  const auto listed = schedules_.List(bytes.bytes(), scenario.draw, failure_);
  Scenario candidate = scenario;
  candidate.draw = Draw();
  if (listed.has_value()) candidate.switches = *listed;
  if (FailsAs(candidate) || FindSwitches(candidate)) {
    scenario = std::move(candidate);
  }
}

bool Minimiser::StillFails(Scenario& candidate) {
  if (end_ns_ != 0 && MonotonicNs() > end_ns_) return false;
  ++runs_;
  const bool fails =
      FailsAs(candidate) ||
      (IsConcurrent(candidate) && !HasSameYields(candidate, smallest_) &&
       FindSwitches(candidate));
  if (fails) smallest_ = candidate;
  return fails;
}

// With as few preemptions as there are, unless there are too many schedules.
std::string Minimiser::Certify(Scenario& scenario) {
  if (!IsConcurrent(scenario) || !failure_.ending.empty()) return "";
  ScheduleFound found = FewestPreemptions(scenario);
  if (!found.result.found) return found.certificate;
  Scenario fewest = scenario;
  fewest.switches = found.result.switches;
  fewest.draw = Draw();
  if (!FailsAs(fewest)) return "";
  if (fewest.switches.size() > found.result.preemptions) {
    ListAsBegun(fewest, found);
  }
  scenario = std::move(fewest);
  return std::move(found.certificate);
}

ScheduleFound Minimiser::FewestPreemptions(const Scenario& scenario) {
  ByteSink bytes;
  EncodeScenario(session_.recipe(), scenario, bytes);
  return schedules_.Run(bytes.bytes(), failure_,
                        LimitsFor(scenario, kCertificateLimits));
}

// Steps that begin in the order in which they are listed need no switch for
// it.
void Minimiser::ListAsBegun(Scenario& scenario, ScheduleFound& found) {
  Scenario candidate = scenario;
  candidate.switches.clear();
  candidate.draw = Draw();
  for (size_t i = 0; i < candidate.steps.size(); ++i) {
    candidate.steps[i] = scenario.steps[found.order[i]];
  }
  RenumberTasks(candidate);
  DropDanglingHandles(session_.recipe(), candidate.steps);
  ScheduleFound other = FewestPreemptions(candidate);
  if (!other.result.found ||
      other.result.preemptions != found.result.preemptions ||
      other.result.switches.size() >= scenario.switches.size()) {
    return;
  }
  candidate.switches = other.result.switches;
  if (!FailsAs(candidate)) return;
  scenario = std::move(candidate);
  found = std::move(other);
}

Minimised Minimiser::Run(const MinimiseLimits& limits) {
  isolation_.ShareSymbolizer();
  if (limits.seconds > 0) {
    end_ns_ = MonotonicNs() + limits.seconds * 1'000'000'000;
  }
  const std::string original = session_.Encoded();
  Scenario scenario = session_.scenario();
  ListSwitches(scenario);
  smallest_ = scenario;
  ShrinkScenario(
      session_.recipe(), session_.arena(),
      [this](Scenario& candidate) { return StillFails(candidate); },
      limits.runs_max, scenario);
  Minimised result;
  result.certificate = Certify(scenario);
  result.steps = scenario.steps.size();
  result.runs = runs_;
  session_.LoadScenario(scenario);
  result.input = session_.Encoded();
  for (int time = 0; time < kLastTimes; ++time) {
    result.failure = isolation_.Play(AsBytes(result.input), true);
    if (result.failure.IsSameFailureAs(failure_)) return result;
  }
  session_.Load(AsBytes(original));
  return {.input = original,
          .failure = failure_,
          .certificate = "",
          .steps = session_.scenario().steps.size(),
          .runs = runs_,
          .fails_each_time = false};
}

}  // namespace formfuzz
