// SPDX-License-Identifier: Apache-2.0
// The smallest run that makes a call, as a person wants to see it, and who
// calls there.

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "campaign/process/child.h"
#include "campaign/syscalls/learn/learner.h"
#include "framework/base/clock.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kMs = 1'000'000;
constexpr uint64_t kAfterMsMin = 10'000;
constexpr uint64_t kAfterMsMax = 35'000;
// Runs of what serves are ten times as long, and more.
constexpr uint64_t kAfterServiceMsMax = 180'000;

}  // namespace

uint64_t AfterMs(const LearnOptions& options) {
  const uint64_t most =
      options.service.at.empty() ? kAfterMsMax : kAfterServiceMsMax;
  if (options.time_ms == 0) return most;
  return std::clamp(options.time_ms / 2, kAfterMsMin, most);
}

const Trial& Learner::Smallest(uint32_t arch, uint32_t number,
                               size_t trial) const {
  const auto found = smallest_.find({arch, number});
  return found == smallest_.end() ? trials_[trial] : found->second;
}

std::map<std::pair<uint32_t, uint32_t>, size_t> Learner::FirstTrials() const {
  std::map<std::pair<uint32_t, uint32_t>, size_t> first;
  for (const auto& [key, discovery] : discoveries_.items()) {
    const auto [at, fresh] =
        first.try_emplace({key.arch, key.number}, discovery.trial);
    if (!fresh) at->second = std::min(at->second, discovery.trial);
  }
  return first;
}

bool Learner::MakesCall(const Trial& trial,
                        const std::pair<uint32_t, uint32_t>& call) {
  const auto look = LookAt(trial);
  return look.ok() &&
         std::ranges::any_of(look->notes, [&call](const Note& note) {
           return std::pair(note.call.arch, note.call.number) == call;
         });
}

absl::Status Learner::Minimise(uint64_t time_ms) {
  const uint64_t until = MonotonicNs() + time_ms * kMs;
  const auto goes_on = [until] {
    return MonotonicNs() < until && !Interrupted();
  };
  size_t cut = 0;
  for (const auto& [call, index] : FirstTrials()) {
    Trial best = trials_[index];
    bool smaller = true;
    bool is_cut = false;
    while (smaller) {
      smaller = false;
      for (const Trial& candidate : Simplified(best)) {
        is_cut = !goes_on();
        if (is_cut) break;
        if (!MakesCall(candidate, call)) continue;
        best = candidate;
        smaller = true;
        break;
      }
    }
    if (is_cut) ++cut;
    smallest_[call] = std::move(best);
  }
  if (cut > 0) NoteNoTime(Concat("make the runs of ", cut, " calls smaller"));
  return absl::OkStatus();
}

void Learner::LookAtStacks(uint64_t time_ms) {
  if (tracer_ == nullptr) return;
  const uint64_t until = MonotonicNs() + time_ms * kMs;
  std::set<std::pair<uint32_t, uint32_t>> cut;
  for (const auto& [key, discovery] : discoveries_.items()) {
    const std::pair call(key.arch, key.number);
    if (stacks_.contains(call)) continue;
    if (MonotonicNs() >= until || Interrupted()) {
      cut.insert(call);
      continue;
    }
    tracer_->WantStackOf(key.arch, key.number);
    const auto look = LookAt(Smallest(key.arch, key.number, discovery.trial));
    auto stack = tracer_->TakeStack();
    if (look.ok() && !stack.empty()) stacks_[call] = std::move(stack);
  }
  tracer_->WantNoStack();
  if (!cut.empty()) NoteNoTime(Concat("see who makes ", cut.size(), " calls"));
}

const std::vector<std::string>& Learner::StackAt(uint32_t arch,
                                                 uint32_t number) const {
  static const auto* const kNone = new std::vector<std::string>;
  const auto found = stacks_.find({arch, number});
  return found == stacks_.end() ? *kNone : found->second;
}

}  // namespace formfuzz::campaign
