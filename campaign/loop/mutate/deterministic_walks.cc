// SPDX-License-Identifier: Apache-2.0
// Beginning and ending walks.
#include "campaign/loop/mutate/deterministic_walks.h"

namespace formfuzz::campaign {

DeterministicWalk& DeterministicWalks::Of(EntryId id, size_t input_size) {
  const auto known = walks_.find(id);
  if (known != walks_.end()) return known->second.walk;
  if (walks_.size() >= walks_max_) End(begun_.front());
  begun_.push_back(id);
  return walks_
      .emplace(id,
               Begun{DeterministicWalk(input_size), std::prev(begun_.end())})
      .first->second.walk;
}

void DeterministicWalks::Remove(EntryId id) {
  const auto known = walks_.find(id);
  if (known == walks_.end()) return;
  begun_.erase(known->second.place);
  walks_.erase(known);
}

void DeterministicWalks::End(EntryId id) {
  Remove(id);
  if (id >= over_.size()) over_.resize(id + id / 2 + 64);
  over_[id] = true;
}

void DeterministicWalks::Forget(EntryId id) {
  Remove(id);
  if (id < over_.size()) over_[id] = false;
}

}  // namespace formfuzz::campaign
