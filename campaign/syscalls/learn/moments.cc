// SPDX-License-Identifier: Apache-2.0
// Signals come so long after main began, by the clock. A program that is asked
// about everything is slower than one under its profile, so what a signal
// showed there may never be shown again; such runs are saved once more, with a
// moment that shows it as the profile will be verified.

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "campaign/process/child.h"
#include "campaign/syscalls/learn/learner.h"
#include "campaign/syscalls/names/arch.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr int kTimes = 4;
constexpr int kOften = 3;  // of those
// Of the time at which the call was first seen; that comes first.
constexpr double kMoments[] = {1, 0.5, 0.25, 0.125, 0.06, 2, 4};

Trial Moved(const Trial& trial, double by) {
  Trial moved = trial;
  for (TimedSignal& timed : moved.conditions.signals) {
    timed.after_us = static_cast<uint32_t>(timed.after_us * by);
  }
  return moved;
}

}  // namespace

int Learner::TimesShown(Executor& executor, CallWatch& watch,
                        const std::pair<uint32_t, uint32_t>& call,
                        const Trial& trial) {
  int shown = 0;
  for (int i = 0; i < kTimes; ++i) {
    watch.BeginRun(program_.dynamic && !program_.privileged
                       ? CallWatch::Begins::kInLoader
                       : CallWatch::Begins::kInMain);
    Execution execution;
    const ProgramInput input = trial.Input();
    if (!executor.Run(input, execution).ok()) continue;
    ++numbers_.runs;
    shown += std::ranges::any_of(watch.notes(), [&call](const Note& note) {
      return std::pair(note.call.arch, note.call.number) == call;
    });
  }
  return shown;
}

void Learner::MoveSignals(uint64_t time_ms) {
  const uint64_t until = MonotonicNs() + time_ms * 1'000'000;
  const auto goes_on = [until] {
    return MonotonicNs() < until && !Interrupted();
  };
  std::set<std::string> added;
  size_t cut = 0;
  for (const auto& [call, index] : FirstTrials()) {
    const Trial first = trials_[index];
    const Arch arch = ArchOfCall(call.first, static_cast<int>(call.second));
    if (first.conditions.signals.empty() || arch != NativeArch()) continue;
    if (!goes_on()) {
      ++cut;
      continue;
    }
    CallSet others = known_;
    others.Remove(call.second);
    CallWatch watch(others);
    const auto executor = Executing(ExecutorKind::kSpawn, watch);
    if (!executor.ok()) return;
    int most = 0;
    double moment = 1;
    for (const double by : kMoments) {
      if (most >= kOften) break;
      if (!goes_on()) {
        ++cut;
        break;
      }
      const int shown = TimesShown(**executor, watch, call, Moved(first, by));
      if (shown > most) moment = by;
      most = std::max(most, shown);
    }
    Trial moved = Moved(first, moment);
    const bool fresh = moment != 1 && added.insert(ToJson(moved)).second;
    if (fresh) trials_.push_back(std::move(moved));
  }
  if (cut > 0) {
    NoteNoTime(Concat("look for the moment at which a signal shows ", cut,
                      " calls most often"));
  }
}

}  // namespace formfuzz::campaign
