// SPDX-License-Identifier: Apache-2.0
// Reader-writer starvation: readers that overlap keep the writer out for as
// long as they come. Where a waiting writer holds back new readers, those that
// were in leave, and it gets in.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_READER_WRITER_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_READER_WRITER_H_

#include <mutex>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class ReaderWriterLock {
 public:
  void LockShared() {
    std::unique_lock lock(mutex_);
    while (writing_ || (!kDefective && writers_waiting_ > 0)) {
      changed_.wait(lock);
    }
    ++readers_;
    if (writers_waiting_ > 0) ++bypasses_;
  }
  void UnlockShared() {
    const std::lock_guard lock(mutex_);
    --readers_;
    changed_.notify_all();
  }
  void Lock() {
    std::unique_lock lock(mutex_);
    ++writers_waiting_;
    while (writing_ || readers_ > 0) changed_.wait(lock);
    --writers_waiting_;
    writing_ = true;
  }
  void Unlock() {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    changed_.notify_all();
  }
  int bypasses() const {
    const std::lock_guard lock(mutex_);
    return bypasses_;
  }

 private:
  mutable typename Sync::mutex mutex_;
  typename Sync::condition_variable changed_;
  int readers_ = 0;
  int writers_waiting_ = 0;
  bool writing_ = false;
  int bypasses_ = 0;
};

template <bool kDefective>
class ReaderWriter {
 public:
  void Read() {
    lock_.LockShared();
    FORMFUZZ_YIELD("reader.reads");
    lock_.UnlockShared();
  }
  void Write() {
    lock_.Lock();
    FORMFUZZ_YIELD("writer.writes");
    lock_.Unlock();
  }
  bool WritersAreNotStarved() const { return lock_.bypasses() == 0; }

  static void Describe(HarnessBuilder<ReaderWriter> harness) {
    harness.Step("read", &ReaderWriter::Read)
        .Step("write", &ReaderWriter::Write)
        .Strategy("race", {"read", "write"}, Tasks(3))
        .AtEnd("WritersAreNotStarved", &ReaderWriter::WritersAreNotStarved);
  }

 private:
  ReaderWriterLock<TaskSync, kDefective> lock_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_READER_WRITER_H_
