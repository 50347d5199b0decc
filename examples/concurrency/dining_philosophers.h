// SPDX-License-Identifier: Apache-2.0
// Dining philosophers (Dijkstra, 1965): each takes the fork on its left, then
// the one on its right. Once all hold one, all wait. It suffices that one of
// them begins on the other side.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_DINING_PHILOSOPHERS_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_DINING_PHILOSOPHERS_H_

#include <array>
#include <mutex>
#include <utility>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

inline constexpr size_t kPhilosophers = 3;

template <class Sync, bool kDefective>
class Table {
 public:
  void Eat(size_t philosopher) {
    size_t first = philosopher;
    size_t second = (philosopher + 1) % kPhilosophers;
    if (!kDefective && first > second) std::swap(first, second);
    const std::lock_guard left(forks_[first]);
    const std::lock_guard right(forks_[second]);
    ++meals_[philosopher];
  }

 private:
  std::array<typename Sync::mutex, kPhilosophers> forks_;
  std::array<int, kPhilosophers> meals_{};
};

template <bool kDefective>
class DiningPhilosophers {
 public:
  void Eat(size_t philosopher) { table_.Eat(philosopher); }

  static void Describe(HarnessBuilder<DiningPhilosophers> harness) {
    harness
        .Step("eat", &DiningPhilosophers::Eat,
              Arg("who", InRange<size_t>(0, kPhilosophers - 1)))
        .Strategy("dinner", {"eat"}, Tasks(kPhilosophers));
  }

 private:
  Table<TaskSync, kDefective> table_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_DINING_PHILOSOPHERS_H_
