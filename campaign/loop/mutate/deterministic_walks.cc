// SPDX-License-Identifier: Apache-2.0
// Beginning and ending walks.
#include "campaign/loop/mutate/deterministic_walks.h"

namespace formfuzz::campaign {

DeterministicWalk& DeterministicWalks::Of(EntryId id, size_t input_size) {
  const auto known = walks_.find(id);
  if (known != walks_.end()) return known->second;
  while (!begun_.empty() &&
         (walks_.size() >= walks_max_ || !walks_.contains(begun_.front()))) {
    if (walks_.contains(begun_.front())) End(begun_.front());
    begun_.pop_front();
  }
  begun_.push_back(id);
  return walks_.try_emplace(id, input_size).first->second;
}

void DeterministicWalks::End(EntryId id) {
  walks_.erase(id);
  if (id >= over_.size()) over_.resize(id + id / 2 + 64);
  over_[id] = true;
}

void DeterministicWalks::Forget(EntryId id) {
  walks_.erase(id);
  if (id < over_.size()) over_[id] = false;
}

}  // namespace formfuzz::campaign
