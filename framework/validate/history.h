// SPDX-License-Identifier: Apache-2.0
// The history of a concurrent run: which operation was called when, by which
// task, and what came of it.
//
// Whoever plays the tasks fills it: Invoke just before an operation begins,
// Return just after it ended, on the one thread that runs. What never
// returned (its task was stopped, or the run ended) is pending: it may have
// taken effect or not. Arguments stay in the arena of the run. Reused from
// run to run; a steady state allocates nothing.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_HISTORY_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_HISTORY_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "framework/base/check.h"
#include "framework/input/handle_counts.h"
#include "framework/scenario/outcome.h"
#include "framework/scenario/scenario.h"

namespace formfuzz {

// One operation. Times count invocations and returns from 0 and are all
// different; there are no others.
struct Operation {
  static constexpr uint32_t kPending = std::numeric_limits<uint32_t>::max();

  Step step{};                      // kind, task, arguments
  uint16_t index = 0;               // of the step in its scenario
  uint16_t made = kNoHandle;        // the ordinal of what it makes, if it does
  uint32_t invoked = 0;             // when it was called
  uint32_t returned = kPending;     // when it came back
  Outcome outcome = Outcome::Ok();  // of one that returned

  bool pending() const { return returned == kPending; }
  // Whether it was over before the other began: no order may swap them.
  bool Precedes(const Operation& other) const {
    return returned < other.invoked;
  }
};

class History {
 public:
  void Clear() {
    operations_.clear();
    now_ = 0;
  }

  // Returns the number of the operation, for Return.
  size_t Invoke(const Step& step, size_t index, uint16_t made = kNoHandle) {
    operations_.push_back({.step = step,
                           .index = static_cast<uint16_t>(index),
                           .made = made,
                           .invoked = now_++});
    return operations_.size() - 1;
  }
  void Return(size_t operation, Outcome outcome) {
    Operation& ended = operations_[operation];
    FORMFUZZ_CHECK(ended.pending(), "an operation that returns twice");
    ended.returned = now_++;
    ended.outcome = outcome;
  }
  // The moment at which one ended of which nothing can be told: it stays
  // pending.
  uint32_t Leave() { return now_++; }

  // In the order of their invocation.
  std::span<const Operation> operations() const { return operations_; }

 private:
  std::vector<Operation> operations_;
  uint32_t now_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_HISTORY_H_
