// SPDX-License-Identifier: Apache-2.0
// A bounded queue between tasks, for harnesses and mocks: senders wait while
// it is full, receivers while it is empty.
#ifndef FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CHANNEL_H_
#define FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CHANNEL_H_

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "framework/schedule/sync/condition_variable.h"
#include "framework/schedule/sync/mutex.h"

namespace formfuzz::sync {

template <class T>
class channel {
 public:
  explicit channel(size_t capacity) : capacity_(capacity) {}

  // False once it is closed.
  bool send(T value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || values_.size() < capacity_; });
    if (closed_) return false;
    values_.push_back(std::move(value));
    changed_.notify_all();
    return true;
  }
  // Nothing once it is closed and empty.
  std::optional<T> receive() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !values_.empty(); });
    if (values_.empty()) return std::nullopt;
    std::optional<T> value = std::move(values_.front());
    values_.pop_front();
    changed_.notify_all();
    return value;
  }
  void close() {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  const size_t capacity_;
  mutex mutex_;
  condition_variable changed_;
  std::deque<T> values_;
  bool closed_ = false;
};

}  // namespace formfuzz::sync

#endif  // FORMFUZZ_FRAMEWORK_SCHEDULE_SYNC_CHANNEL_H_
