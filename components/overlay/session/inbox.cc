// SPDX-License-Identifier: Apache-2.0
// Fragments lie at multiples of kFragmentBytes, so that a bit each tells what
// is there and none can overlap another.
#include "components/overlay/session/inbox.h"

#include <algorithm>

namespace overlay {
namespace {

bool IsWellFormed(const FragmentFrame& fragment) {
  if (fragment.total == 0 || fragment.total > kMessageBytesMax) return false;
  if (fragment.offset % kFragmentBytes != 0) return false;
  if (fragment.offset >= fragment.total) return false;
  const size_t rest = size_t{fragment.total} - fragment.offset;
  return fragment.bytes.size() == std::min(kFragmentBytes, rest);
}

constexpr uint32_t AllOf(size_t total) {
  const size_t fragments = (total + kFragmentBytes - 1) / kFragmentBytes;
  return (uint32_t{1} << fragments) - 1;
}

}  // namespace

bool Inbox::Take(const FragmentFrame& fragment) {
  if (!IsWellFormed(fragment)) return false;
  if (fragment.message - next_ >= kWindow) return true;  // behind, or too far
  Parts& parts = SlotOf(fragment.message);
  if (parts.bytes.empty()) parts.bytes.resize(fragment.total);
  if (parts.bytes.size() != fragment.total) return false;
  const uint32_t bit = uint32_t{1} << fragment.offset / kFragmentBytes;
  if ((parts.seen & bit) != 0) return true;
  parts.seen |= bit;
  std::copy(fragment.bytes.begin(), fragment.bytes.end(),
            parts.bytes.begin() + fragment.offset);
  return true;
}

bool Inbox::IsWhole(uint32_t message) const {
  const Parts& parts = slots_[message % kWindow];
  return !parts.bytes.empty() && parts.seen == AllOf(parts.bytes.size());
}

std::optional<std::vector<uint8_t>> Inbox::Next() {
  if (!IsWhole(next_)) return std::nullopt;
  Parts& parts = SlotOf(next_);
  std::vector<uint8_t> message = std::move(parts.bytes);
  parts = Parts();
  ++next_;
  return message;
}

AckFrame Inbox::Ack() const {
  AckFrame ack{next_, 0};
  for (uint32_t i = 1; i < kWindow; ++i) {
    if (IsWhole(next_ + i)) ack.ahead |= uint32_t{1} << (i - 1);
  }
  return ack;
}

void Inbox::Restart() {
  next_ = 0;
  slots_.fill(Parts());
}

size_t Inbox::held_bytes() const {
  size_t bytes = 0;
  for (const Parts& parts : slots_) bytes += parts.bytes.size();
  return bytes;
}

}  // namespace overlay
