// SPDX-License-Identifier: Apache-2.0
// Numbers are those of the queue's places: first_ and up.
#include "components/overlay/session/outbox.h"

#include <algorithm>

namespace overlay {

bool Outbox::Add(Bytes message) {
  if (queue_.size() >= kOutboxMessagesMax) return false;
  Pending& added = queue_.emplace_back();
  added.number = first_ + static_cast<uint32_t>(queue_.size()) - 1;
  added.bytes.assign(message.begin(), message.end());
  return true;
}

uint32_t Outbox::WindowEnd() const {
  return first_ + std::min(static_cast<uint32_t>(queue_.size()), kWindow);
}

Outbox::Pending* Outbox::NextDue(int64_t now_ms) {
  for (uint32_t i = 0; i < WindowEnd() - first_; ++i) {
    Pending& message = queue_[i];
    if (!message.acknowledged && message.due_ms <= now_ms) return &message;
  }
  return nullptr;
}

void Outbox::NoteSent(Pending& message, const Settings& settings,
                      int64_t now_ms) {
  message.pause_ms =
      message.sent ? std::min(2 * message.pause_ms, settings.repeat_last_ms)
                   : settings.repeat_first_ms;
  message.sent = true;
  message.due_ms = now_ms + message.pause_ms;
}

int64_t Outbox::DeadlineMs() const {
  int64_t deadline = kNever;
  for (uint32_t i = 0; i < WindowEnd() - first_; ++i) {
    if (queue_[i].acknowledged) continue;
    deadline = std::min(deadline, queue_[i].due_ms);
  }
  return deadline;
}

bool Outbox::Acknowledge(const AckFrame& ack, const Settings& settings,
                         int64_t now_ms) {
  if (ack.next > first_ + on_the_way()) return false;
  for (size_t i = 0; i < queue_.size(); ++i) {
    Pending& message = queue_[i];
    if (!message.sent) break;
    const uint32_t ahead = message.number - ack.next - 1;  // wraps if below
    const bool below = message.number < ack.next;
    const bool marked = message.number > ack.next && ahead < 32 &&
                        (ack.ahead >> ahead & 1) != 0;
    if (below || marked) message.acknowledged = true;
  }
  const uint32_t before = first_;
  DropAcknowledged();
  if (first_ == before) return true;
  for (Pending& message : queue_) {  // it listens: no need for long pauses
    if (!message.sent || message.acknowledged) continue;
    message.pause_ms = settings.repeat_first_ms;
    message.due_ms = std::min(message.due_ms, now_ms + message.pause_ms);
  }
  return true;
}

void Outbox::DropAcknowledged() {
  const auto left = std::find_if(
      queue_.begin(), queue_.end(),
      [](const Pending& message) { return !message.acknowledged; });
  first_ += static_cast<uint32_t>(left - queue_.begin());
  queue_.erase(queue_.begin(), left);
}

size_t Outbox::Restart() {
  const size_t before = queue_.size();
  std::erase_if(queue_, [](const Pending& message) { return message.sent; });
  first_ = 0;
  for (size_t i = 0; i < queue_.size(); ++i) {
    queue_[i].number = static_cast<uint32_t>(i);
  }
  return before - queue_.size();
}

size_t Outbox::Clear() {
  const size_t before = queue_.size();
  queue_.clear();
  first_ = 0;
  return before;
}

void Outbox::Hurry(const Settings& settings, int64_t now_ms) {
  for (Pending& message : queue_) {
    if (!message.sent) break;
    message.pause_ms = settings.repeat_first_ms;
    message.due_ms = now_ms;
  }
}

size_t Outbox::held_bytes() const {
  size_t bytes = 0;
  for (const Pending& message : queue_) bytes += message.bytes.size();
  return bytes;
}

size_t Outbox::on_the_way() const {
  return static_cast<size_t>(
      std::count_if(queue_.begin(), queue_.end(),
                    [](const Pending& message) { return message.sent; }));
}

}  // namespace overlay
