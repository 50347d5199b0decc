// SPDX-License-Identifier: Apache-2.0
// The smallest run that makes a call, as a person wants to see it.

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

absl::Status Learner::Minimise(uint64_t time_ms) {
  const uint64_t until = MonotonicNs() + time_ms * 1'000'000;
  std::map<std::pair<uint32_t, uint32_t>, size_t> first;
  for (const auto& [key, discovery] : discoveries_.items()) {
    const auto [at, fresh] =
        first.try_emplace({key.arch, key.number}, discovery.trial);
    if (!fresh) at->second = std::min(at->second, discovery.trial);
  }
  for (const auto& [call, index] : first) {
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

}  // namespace formfuzz::campaign
