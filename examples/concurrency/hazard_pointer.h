// SPDX-License-Identifier: Apache-2.0
// A hazard pointer (Michael, 2004): a reader says which node it is about to
// use, and nobody reclaims that one. The defect: it does not look again whether
// the node is still in use once it has said so. Who is left in between uses
// what was reclaimed.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_HAZARD_POINTER_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_HAZARD_POINTER_H_

#include <array>
#include <cstdint>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

// A current node out of a pool of four. One reader at a time, one writer.
template <class Sync, bool kDefective>
class Published {
 public:
  static constexpr uint32_t kNodes = 4;

  Published() { nodes_[0].store(kInUse); }

  // False if the node was reclaimed while it was read.
  bool Read() {
    uint32_t node = current_.load();
    hazard_.store(node + 1);
    while (!kDefective && current_.load() != node) {
      node = current_.load();
      hazard_.store(node + 1);
    }
    const bool is_there = nodes_[node].load() != kReclaimed;
    hazard_.store(0);
    return is_there;
  }
  // Puts a free node in the place of the current one. False without one.
  bool Replace() {
    for (uint32_t node = 0; node < kNodes; ++node) {
      if (nodes_[node].load() == kInUse) continue;
      nodes_[node].store(kInUse);
      retired_ = current_.exchange(node) + 1;
      Reclaim();
      return true;
    }
    return false;
  }

 private:
  enum State : uint8_t { kReclaimed, kInUse };

  // What a reader holds stays in use for good: it is never retired again.
  void Reclaim() {
    if (hazard_.load() != retired_) nodes_[retired_ - 1].store(kReclaimed);
  }

  typename Sync::template atomic<uint32_t> current_{0};
  typename Sync::template atomic<uint32_t> hazard_{0};  // 0: none
  std::array<typename Sync::template atomic<State>, kNodes> nodes_;
  uint32_t retired_ = 0;  // the writer's
};

template <bool kDefective>
class HazardPointer {
 public:
  explicit HazardPointer(Run& run) : run_(run) {}

  bool Read() {
    if (reads_.exchange(true)) return false;  // one reader at a time
    const bool is_there = node_.Read();
    reads_.store(false);
    return run_.Expect(is_there, "NothingReclaimedIsRead");
  }
  bool Replace() {
    if (writes_.exchange(true)) return false;
    const bool replaced = node_.Replace();
    writes_.store(false);
    return replaced;
  }

  static void Describe(HarnessBuilder<HazardPointer> harness) {
    harness.Step("read", &HazardPointer::Read)
        .Step("replace", &HazardPointer::Replace)
        .Strategy("race", {"read", "replace"}, Tasks(2));
  }

 private:
  Run& run_;
  Published<TaskSync, kDefective> node_;
  TaskSync::atomic<bool> reads_{false};
  TaskSync::atomic<bool> writes_{false};
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_HAZARD_POINTER_H_
