// SPDX-License-Identifier: Apache-2.0
// A sorted vector: a few dozen entries are live at a time in practice, and then
// nothing is faster.
#include "components/vm_manager/state/replay_window.h"

#include <algorithm>

namespace vm_manager {

bool ReplayWindow::Contains(uint64_t nonce) const {
  const auto at = std::lower_bound(
      entries_.begin(), entries_.end(), nonce,
      [](const Entry& entry, uint64_t value) { return entry.nonce < value; });
  return at != entries_.end() && at->nonce == nonce;
}

bool ReplayWindow::IsFull(size_t entries_max) const {
  return entries_.size() >= entries_max;
}

void ReplayWindow::Forget(int64_t now_ms) {
  entries_.erase(std::remove_if(entries_.begin(), entries_.end(),
                                [now_ms](const Entry& entry) {
                                  return entry.expires_ms <= now_ms;
                                }),
                 entries_.end());
  earliest_ms_ = std::numeric_limits<int64_t>::max();
  for (const Entry& entry : entries_) {
    earliest_ms_ = std::min(earliest_ms_, entry.expires_ms);
  }
}

// Nonces usually grow, which leaves nothing to be moved.
void ReplayWindow::Insert(uint64_t nonce, int64_t expires_ms) {
  entries_.push_back(Entry{nonce, expires_ms});
  const auto latest = entries_.end() - 1;
  const auto at = std::lower_bound(
      entries_.begin(), latest, nonce,
      [](const Entry& entry, uint64_t value) { return entry.nonce < value; });
  std::rotate(at, latest, entries_.end());
  earliest_ms_ = std::min(earliest_ms_, expires_ms);
}

}  // namespace vm_manager
