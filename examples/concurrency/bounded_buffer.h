// SPDX-License-Identifier: Apache-2.0
// Bounded buffer with `if` for `while`: a consumer that was woken takes it for
// granted that something is there, and another was faster.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_BOUNDED_BUFFER_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_BOUNDED_BUFFER_H_

#include <deque>
#include <mutex>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

inline constexpr int kNothing = -1;

template <class Sync, bool kDefective>
class BoundedBuffer {
 public:
  explicit BoundedBuffer(size_t capacity) : capacity_(capacity) {}

  void Put(int value) {
    std::unique_lock lock(mutex_);
    while (values_.size() == capacity_) changed_.wait(lock);
    values_.push_back(value);
    changed_.notify_all();
  }
  int Get() {
    std::unique_lock lock(mutex_);
    if constexpr (kDefective) {
      if (values_.empty()) changed_.wait(lock);
    } else {
      while (values_.empty()) changed_.wait(lock);
    }
    if (values_.empty()) return kNothing;  // where it would read what is not
    const int value = values_.front();
    values_.pop_front();
    changed_.notify_all();
    return value;
  }

 private:
  const size_t capacity_;
  typename Sync::mutex mutex_;
  typename Sync::condition_variable changed_;
  std::deque<int> values_;
};

template <bool kDefective>
class BoundedBufferHarness {
 public:
  explicit BoundedBufferHarness(Run& run) : run_(run) {}

  void Put(int value) { buffer_.Put(value); }
  void Get() { run_.Expect(buffer_.Get() != kNothing, "NothingIsNotTaken"); }

  static void Describe(HarnessBuilder<BoundedBufferHarness> harness) {
    harness.Step("put", &BoundedBufferHarness::Put, InRange(0, 9))
        .Step("get", &BoundedBufferHarness::Get)
        .Strategy("race", {"put", "get"}, Tasks(3));
  }

 private:
  Run& run_;
  BoundedBuffer<TaskSync, kDefective> buffer_{1};
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_BOUNDED_BUFFER_H_
