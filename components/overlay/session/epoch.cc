// SPDX-License-Identifier: Apache-2.0
// Three slots; an epoch moves from next to current to previous and is gone.
#include "components/overlay/session/epoch.h"

#include <utility>

namespace overlay {

Epoch* Epochs::Find(uint32_t local_index) {
  for (Slot* slot : {&current_, &previous_, &next_}) {
    if (slot->has_value() && (*slot)->local_index == local_index) {
      return &**slot;
    }
  }
  return nullptr;
}

bool Epochs::Knows(uint32_t local_index) const {
  return const_cast<Epochs*>(this)->Find(local_index) != nullptr;
}

void Epochs::Adopt(const Epoch& epoch) {
  previous_ = current_;
  current_ = epoch;
}

bool Epochs::Confirm(uint32_t local_index) {
  if (!next_.has_value() || next_->local_index != local_index) return false;
  previous_ = current_;
  current_ = next_;
  next_.reset();
  return true;
}

void Epochs::Follow(uint32_t local_index, int64_t new_from_ms) {
  if (!previous_.has_value() || previous_->local_index != local_index) return;
  const bool heard = current_->received.next() > 0;
  if (!heard && current_->born_ms > new_from_ms) return;
  std::swap(current_, previous_);
}

void Epochs::ForgetOtherStreams(uint64_t stream) {
  for (Slot* slot : {&current_, &previous_, &next_}) {
    if (slot->has_value() && (*slot)->remote_stream != stream) slot->reset();
  }
}

void Epochs::Clear() {
  current_.reset();
  previous_.reset();
  next_.reset();
}

void Epochs::DropOlder(int64_t born_ms) {
  for (Slot* slot : {&current_, &previous_, &next_}) {
    if (slot->has_value() && (*slot)->born_ms <= born_ms) slot->reset();
  }
  if (!current_.has_value()) current_ = std::exchange(previous_, std::nullopt);
}

}  // namespace overlay
