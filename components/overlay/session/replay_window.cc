// SPDX-License-Identifier: Apache-2.0
// Bits shift up as the highest counter rises.
#include "components/overlay/session/replay_window.h"

namespace overlay {

bool ReplayWindow::WouldAccept(uint64_t counter) const {
  if (counter >= next_) return true;
  const uint64_t back = next_ - 1 - counter;
  return back < kWidth && (seen_ >> back & 1) == 0;
}

void ReplayWindow::Note(uint64_t counter) {
  if (counter < next_) {
    seen_ |= uint64_t{1} << (next_ - 1 - counter);
    return;
  }
  const uint64_t rise = counter + 1 - next_;
  seen_ = rise < kWidth ? seen_ << rise : 0;
  seen_ |= 1;
  next_ = counter + 1;
}

}  // namespace overlay
