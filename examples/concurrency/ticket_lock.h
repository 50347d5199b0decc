// SPDX-License-Identifier: Apache-2.0
// A ticket lock: who comes draws a number and spins until it is called. The
// defect: drawing is reading and writing, not one step, so that two may have
// the same number and go in together. Nothing waits here, as far as a scheduler
// can see: who spins is left for the others.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_TICKET_LOCK_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_TICKET_LOCK_H_

#include <cstdint>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class TicketLock {
 public:
  void Lock() {
    const uint32_t mine = Draw();
    while (called_.load() < mine) {
    }
  }
  void Unlock() { called_.fetch_add(1); }

 private:
  uint32_t Draw() {
    if (!kDefective) return next_.fetch_add(1);
    const uint32_t mine = next_.load();
    next_.store(mine + 1);
    return mine;
  }

  typename Sync::template atomic<uint32_t> next_{0};
  typename Sync::template atomic<uint32_t> called_{0};
};

template <bool kDefective>
class TicketLockHarness {
 public:
  explicit TicketLockHarness(Run& run) : run_(run) {}

  void Enter() {
    lock_.Lock();
    run_.Expect(inside_.fetch_add(1) == 0, "NobodyElseIsInside");
    inside_.fetch_sub(1);
    lock_.Unlock();
  }

  static void Describe(HarnessBuilder<TicketLockHarness> harness) {
    harness.Step("enter", &TicketLockHarness::Enter)
        .Strategy("race", {"enter"}, Tasks(3));
  }

 private:
  Run& run_;
  TicketLock<TaskSync, kDefective> lock_;
  TaskSync::atomic<int> inside_{0};
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_TICKET_LOCK_H_
