// SPDX-License-Identifier: Apache-2.0
// The nonces that one account has used and that could still be replayed. An
// entry lives until its request expires and is never dropped earlier: a full
// window refuses instead. 16 bytes an entry.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_REPLAY_WINDOW_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_REPLAY_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "absl/container/inlined_vector.h"

namespace vm_manager {

class ReplayWindow {
 public:
  bool Contains(uint64_t nonce) const;
  bool IsFull(size_t entries_max) const;
  size_t size() const { return entries_.size(); }

  // Whether Forget(now_ms) would drop anything.
  bool HasExpired(int64_t now_ms) const { return now_ms >= earliest_ms_; }
  // Drops the entries with expires_ms at or before now_ms.
  void Forget(int64_t now_ms);

  // The nonce is not in the window, and the window is not full.
  void Insert(uint64_t nonce, int64_t expires_ms);

 private:
  struct Entry {
    uint64_t nonce;
    int64_t expires_ms;
  };

  // Ascending by nonce; the first few are held in place.
  absl::InlinedVector<Entry, 4> entries_;
  int64_t earliest_ms_ = std::numeric_limits<int64_t>::max();
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_STATE_REPLAY_WINDOW_H_
