// SPDX-License-Identifier: Apache-2.0
// The memory that the supervisor shares with a program built with our runtime:
// a word that says whose turn it is, inputs, and hit counts. The program may
// write anything into it; the supervisor believes no number in it unchecked.
//
//   control page | inputs, one after another | live counts | counts of a batch
//   | comparisons
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_RUN_MEMORY_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_RUN_MEMORY_H_

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "campaign/process/wire/comparison_log.h"

namespace formfuzz::campaign {

inline constexpr size_t kPageBytes = 4096;
inline constexpr size_t kBatchMax = 256;
// What AFL++ and libFuzzer cut inputs at, too.
inline constexpr size_t kSharedInputMax = size_t{1} << 20;
inline constexpr size_t kInputAreaBytes = size_t{4} << 20;
// 64 Mi edges: more than any program has; only touched pages cost memory.
inline constexpr size_t kCountersMax = size_t{64} << 20;
inline constexpr size_t kBatchCountersBytes = size_t{64} << 20;

// Whose turn it is. kEnded is said for the program by its forkserver.
enum Turn : uint32_t { kStarting = 0, kRun = 1, kDone = 2, kEnded = 3 };

struct RunControl {
  alignas(64) std::atomic<uint32_t> turn;
  // The supervisor sleeps until its turn. On one CPU it mostly does not: waking
  // the program puts the program in its place at once.
  std::atomic<uint32_t> supervisor_sleeps;
  alignas(
      64) std::atomic<uint32_t> batch_done;  // inputs that were gone through
  uint32_t batch_count;
  uint32_t batch_stride;  // from the counts of one input to those of the next
  uint32_t traces;        // what is compared is to be noted in this turn
  struct Slot {
    uint32_t offset;  // in the input area
    uint32_t bytes;
  };
  Slot slots[kBatchMax];
};
static_assert(sizeof(RunControl) <= kPageBytes);
static_assert(std::atomic<uint32_t>::is_always_lock_free);

inline constexpr size_t kInputsAt = kPageBytes;
inline constexpr size_t kCountersAt = kInputsAt + kInputAreaBytes;
inline constexpr size_t kBatchCountersAt = kCountersAt + kCountersMax;
inline constexpr size_t kComparisonsAt = kBatchCountersAt + kBatchCountersBytes;
inline constexpr size_t kRunMemoryBytes = kComparisonsAt + kComparisonLogBytes;

// Between processes, so not FUTEX_PRIVATE.
inline void WaitWhile(std::atomic<uint32_t>& word, uint32_t value,
                      const timespec* timeout = nullptr) {
  syscall(SYS_futex, &word, FUTEX_WAIT, value, timeout, nullptr, 0);
}
inline void Wake(std::atomic<uint32_t>& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_RUN_MEMORY_H_
