// SPDX-License-Identifier: Apache-2.0
// Lock-order inversion: money moves between two accounts under both locks.
// Taken in the order of the transfer, two opposite transfers wait for each
// other; taken in one order for all, they cannot.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_LOCK_ORDER_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_LOCK_ORDER_H_

#include <array>
#include <mutex>
#include <utility>

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class Bank {
 public:
  void Move(size_t from, size_t to, int amount) {
    if (from == to) return;
    size_t first = from;
    size_t second = to;
    if (!kDefective && first > second) std::swap(first, second);
    const std::lock_guard outer(accounts_[first].mutex);
    const std::lock_guard inner(accounts_[second].mutex);
    accounts_[from].balance -= amount;
    accounts_[to].balance += amount;
  }
  int Total() const {
    int total = 0;
    for (const auto& account : accounts_) {
      const std::lock_guard lock(account.mutex);
      total += account.balance;
    }
    return total;
  }

 private:
  struct Account {
    mutable typename Sync::mutex mutex;
    int balance = 100;
  };
  std::array<Account, 2> accounts_;
};

template <bool kDefective>
class LockOrder {
 public:
  void Move(size_t from, size_t to) { bank_.Move(from, to, 10); }
  bool MoneyIsKept() const { return bank_.Total() == 200; }

  static void Describe(HarnessBuilder<LockOrder> harness) {
    const auto account = InRange<size_t>(0, 1);
    harness
        .Step("move", &LockOrder::Move, Arg("from", account),
              Arg("to", account))
        .Strategy("race", {"move"}, Tasks(2))
        .Invariant("MoneyIsKept", &LockOrder::MoneyIsKept);
  }

 private:
  Bank<TaskSync, kDefective> bank_;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_LOCK_ORDER_H_
