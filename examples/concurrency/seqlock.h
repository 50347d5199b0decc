// SPDX-License-Identifier: Apache-2.0
// A sequence lock: readers take no lock, and read again what a writer changed
// meanwhile. The defect: a reader looks at the sequence before it reads, and
// not once more after it; a writer that comes in between tears what it read.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_SEQLOCK_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_SEQLOCK_H_

#include <cstdint>
#include <mutex>
#include <utility>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

// Two numbers that are always equal, of whoever sees both.
template <class Sync, bool kDefective>
class Seqlock {
 public:
  void Write(uint32_t number) {
    const std::lock_guard lock(writers_);
    sequence_.fetch_add(1);  // odd: somebody writes
    first_.store(number);
    second_.store(number);
    sequence_.fetch_add(1);
  }
  std::pair<uint32_t, uint32_t> Read() const {
    for (;;) {
      const uint32_t before = sequence_.load();
      if (before % 2 != 0) {
        const std::lock_guard wait_for_writer(writers_);
        continue;
      }
      const std::pair read(first_.load(), second_.load());
      if (kDefective || sequence_.load() == before) return read;
    }
  }

 private:
  mutable typename Sync::mutex writers_;
  typename Sync::template atomic<uint32_t> sequence_{0};
  typename Sync::template atomic<uint32_t> first_{0};
  typename Sync::template atomic<uint32_t> second_{0};
};

template <bool kDefective>
class SeqlockHarness {
 public:
  explicit SeqlockHarness(Run& run) : run_(run) {}

  void Write(uint8_t number) { lock_.Write(number); }
  void Read() {
    const auto [first, second] = lock_.Read();
    run_.Expect(first == second, "NothingIsTorn");
  }

  static void Describe(HarnessBuilder<SeqlockHarness> harness) {
    harness.Step("write", &SeqlockHarness::Write, Arbitrary<uint8_t>())
        .Step("read", &SeqlockHarness::Read)
        .Strategy("race", {"write", "read"}, Tasks(2));
  }

 private:
  Run& run_;
  Seqlock<TaskSync, kDefective> lock_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_SEQLOCK_H_
