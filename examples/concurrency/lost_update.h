// SPDX-License-Identifier: Apache-2.0
// Lost update: two tasks read the same balance, and the second to write undoes
// what the first wrote. No data race is needed for it.
#ifndef FORMFUZZ_EXAMPLES_CONCURRENCY_LOST_UPDATE_H_
#define FORMFUZZ_EXAMPLES_CONCURRENCY_LOST_UPDATE_H_

#include "framework/formfuzz.h"
#include "framework/schedule/sync/task_sync.h"

namespace formfuzz::examples {

template <class Sync, bool kDefective>
class Account {
 public:
  void Deposit(int amount) {
    if constexpr (kDefective) {
      balance_.store(balance_.load() + amount);
    } else {
      balance_.fetch_add(amount);
    }
  }
  int balance() const { return balance_.load(); }

 private:
  typename Sync::template atomic<int> balance_{0};
};

template <bool kDefective>
class LostUpdate {
 public:
  void Deposit(int amount) {
    account_.Deposit(amount);
    deposited_ += amount;
  }
  bool NothingIsLost() const { return account_.balance() == deposited_; }

  static void Describe(HarnessBuilder<LostUpdate> harness) {
    harness.Step("deposit", &LostUpdate::Deposit, InRange(1, 100))
        .Strategy("race", {"deposit"}, Tasks(2))
        .Invariant("NothingIsLost", &LostUpdate::NothingIsLost);
  }

 private:
  Account<TaskSync, kDefective> account_;
  int deposited_ = 0;
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_EXAMPLES_CONCURRENCY_LOST_UPDATE_H_
