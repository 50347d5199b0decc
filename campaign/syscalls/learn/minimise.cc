// SPDX-License-Identifier: Apache-2.0
// The smallest run that makes a call, as a person wants to see it, and who
// calls there.

#include <algorithm>
#include <map>
#include <utility>

#include "campaign/process/child.h"
#include "campaign/syscalls/learn/learner.h"
#include "framework/base/clock.h"

namespace formfuzz::campaign {

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

absl::Status Learner::Minimise(uint64_t time_ms) {
  const uint64_t until = MonotonicNs() + time_ms * 1'000'000;
  for (const auto& [call, index] : FirstTrials()) {
    Trial best = trials_[index];
    bool smaller = true;
    while (smaller && MonotonicNs() < until && !Interrupted()) {
      smaller = false;
      for (const Trial& candidate : Simplified(best)) {
        const auto look = LookAt(candidate);
        if (!look.ok()) continue;
        const bool makes =
            std::ranges::any_of(look->notes, [&, key = call](const Note& note) {
              return note.call.arch == key.first &&
                     note.call.number == key.second;
            });
        if (!makes) continue;
        best = candidate;
        smaller = true;
        break;
      }
    }
    smallest_[call] = std::move(best);
  }
  return absl::OkStatus();
}

void Learner::LookAtStacks(uint64_t time_ms) {
  if (tracer_ == nullptr) return;
  const uint64_t until = MonotonicNs() + time_ms * 1'000'000;
  for (const auto& [key, discovery] : discoveries_.items()) {
    const std::pair call(key.arch, key.number);
    if (MonotonicNs() > until || Interrupted()) break;
    if (stacks_.contains(call)) continue;
    tracer_->WantStackOf(key.arch, key.number);
    const auto look = LookAt(Smallest(key.arch, key.number, discovery.trial));
    auto stack = tracer_->TakeStack();
    if (look.ok() && !stack.empty()) stacks_[call] = std::move(stack);
  }
  tracer_->WantNoStack();
}

const std::vector<std::string>& Learner::StackAt(uint32_t arch,
                                                 uint32_t number) const {
  static const auto* const kNone = new std::vector<std::string>;
  const auto found = stacks_.find({arch, number});
  return found == stacks_.end() ? *kNone : found->second;
}

}  // namespace formfuzz::campaign
