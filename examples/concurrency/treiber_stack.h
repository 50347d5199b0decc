// SPDX-License-Identifier: Apache-2.0
// Treiber's stack (1986) and ABA: a task reads the head and its successor and
// is left; others pop both and push the first again. The exchange succeeds,
// and the successor, which somebody owns, is the head. A count beside the
// index tells the two heads apart.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_TREIBER_STACK_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_TREIBER_STACK_H_

#include <array>
#include <cstdint>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

inline constexpr uint32_t kNodes = 3;  // 1, 2, 3; 0 is none

// A pool of nodes: popped ones belong to whoever popped them.
template <class Sync, bool kDefective>
class TreiberStack {
 public:
  TreiberStack() {
    for (uint32_t node = 1; node <= kNodes; ++node) Push(node);
  }

  void Push(uint32_t node) {
    Head head = head_.load();
    Head changed;
    do {
      next_[node].store(head.node);
      changed = {node, Counted(head.count)};
    } while (!head_.compare_exchange_strong(head, changed));
  }
  uint32_t Pop() {
    Head head = head_.load();
    Head changed;
    do {
      if (head.node == 0) return 0;
      changed = {next_[head.node].load(), Counted(head.count)};
    } while (!head_.compare_exchange_strong(head, changed));
    return head.node;
  }

 private:
  struct Head {
    uint32_t node = 0;
    uint32_t count = 0;
  };
  static uint32_t Counted(uint32_t count) {
    return kDefective ? count : count + 1;
  }

  typename Sync::template atomic<Head> head_{Head{}};
  std::array<typename Sync::template atomic<uint32_t>, kNodes + 1> next_;
};

template <bool kDefective>
class TreiberStackHarness {
 public:
  explicit TreiberStackHarness(Run& run) : run_(run) {}

  bool Pop() {
    const uint32_t node = stack_.Pop();
    if (node == 0) return false;
    run_.Expect(!owned_[node], "NobodyPopsWhatIsOwned");
    owned_[node] = true;
    return true;
  }
  // Gives back the highest node that somebody owns.
  bool Push() {
    for (uint32_t node = kNodes; node > 0; --node) {
      if (!owned_[node]) continue;
      owned_[node] = false;
      stack_.Push(node);
      return true;
    }
    return false;
  }

  static void Describe(HarnessBuilder<TreiberStackHarness> harness) {
    harness.Step("pop", &TreiberStackHarness::Pop)
        .Step("push", &TreiberStackHarness::Push)
        .Strategy("race", {"pop", "push"}, Tasks(2));
  }

 private:
  Run& run_;
  TreiberStack<TaskSync, kDefective> stack_;
  std::array<bool, kNodes + 1> owned_{};
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_TREIBER_STACK_H_
