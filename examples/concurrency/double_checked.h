// SPDX-License-Identifier: Apache-2.0
// Double-checked locking: the first look is without the lock. With a plain
// pointer nothing orders it with the write, and what it points to may not be
// there yet; with an atomic it is right. A data race, found in any order.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_DOUBLE_CHECKED_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_DOUBLE_CHECKED_H_

#include <mutex>
#include <optional>
#include <type_traits>

#include "framework/formfuzz.h"
#include "framework/schedule/shared.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class Lazy {
 public:
  int Get() {
    const Shared<int>* made = pointer_.load();
    if (made == nullptr) made = Make();
    return made->load();
  }

 private:
  const Shared<int>* Make() {
    const std::lock_guard lock(mutex_);
    if (const Shared<int>* made = pointer_.load()) return made;
    value_.store(42);
    pointer_.store(&value_);
    return &value_;
  }

  struct PlainPointer : Shared<const Shared<int>*> {
    PlainPointer() : Shared("lazy.pointer", nullptr) {}
  };
  struct AtomicPointer : Sync::template atomic<const Shared<int>*> {
    AtomicPointer() : Sync::template atomic<const Shared<int>*>(nullptr) {}
  };

  typename Sync::mutex mutex_;
  Shared<int> value_{"lazy.value"};
  std::conditional_t<kDefective, PlainPointer, AtomicPointer> pointer_;
};

template <bool kDefective>
class DoubleChecked {
 public:
  explicit DoubleChecked(Run& run) : run_(run) {}

  void Get() { run_.Expect(lazy_.Get() == 42, "ItIsReady"); }

  static void Describe(HarnessBuilder<DoubleChecked> harness) {
    harness.Step("get", &DoubleChecked::Get)
        .Strategy("race", {"get"}, Tasks(2));
  }

 private:
  Run& run_;
  Lazy<TaskSync, kDefective> lazy_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_DOUBLE_CHECKED_H_
