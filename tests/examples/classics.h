// SPDX-License-Identifier: Apache-2.0
// The classic defects of examples/concurrency: for each a scenario that shows
// it, and what it is found as.
#ifndef FORMFUZZ_TESTS_EXAMPLES_CLASSICS_H_
#define FORMFUZZ_TESTS_EXAMPLES_CLASSICS_H_

#include <cstdint>
#include <ostream>

#include "examples/concurrency/bounded_buffer.h"
#include "examples/concurrency/check_then_act.h"
#include "examples/concurrency/dining_philosophers.h"
#include "examples/concurrency/double_checked.h"
#include "examples/concurrency/hazard_pointer.h"
#include "examples/concurrency/leaked_lock.h"
#include "examples/concurrency/lock_order.h"
#include "examples/concurrency/lost_update.h"
#include "examples/concurrency/missed_wakeup.h"
#include "examples/concurrency/pool_shutdown.h"
#include "examples/concurrency/reader_writer.h"
#include "examples/concurrency/seqlock.h"
#include "examples/concurrency/ticket_lock.h"
#include "examples/concurrency/treiber_stack.h"
#include "framework/engine/harness.h"
#include "framework/validate/verdict.h"

namespace formfuzz::examples {

template <class Harness>
Recipe RecipeOf() {
  Recipe recipe;
  recipe.name = "example";
  Harness::Describe(HarnessBuilder<Harness>(recipe));
  recipe.Finish();
  return recipe;
}

struct Classic {
  const char* name;
  Recipe (*correct)();
  Recipe (*defective)();
  const char* scenario;  // the steps
  VerdictKind kind;      // of the defective one
  const char* validator;
  uint32_t preemptions;  // that it needs
  const char* message;   // part of it
};

inline void PrintTo(const Classic& classic, std::ostream* out) {
  *out << classic.name;
}

template <template <bool> class Harness>
constexpr Recipe (*kCorrect)() = RecipeOf<Harness<false>>;
template <template <bool> class Harness>
constexpr Recipe (*kDefective)() = RecipeOf<Harness<true>>;

inline const Classic kClassics[] = {
    {"lost_update", kCorrect<LostUpdate>, kDefective<LostUpdate>,
     "deposit 1\n@1 deposit 2\n", VerdictKind::kViolated, "NothingIsLost", 1,
     ""},
    {"check_then_act", kCorrect<CheckThenAct>, kDefective<CheckThenAct>,
     "reserve\n@1 reserve\n", VerdictKind::kViolated, "NoSeatIsSoldTwice", 1,
     ""},
    {"lock_order", kCorrect<LockOrder>, kDefective<LockOrder>,
     "move from 0 to 1\n@1 move from 1 to 0\n", VerdictKind::kDeadlocked,
     "NoDeadlock", 1, "task 1 waits for mutex"},
    {"missed_wakeup", kCorrect<MissedWakeup>, kDefective<MissedWakeup>,
     "await\n@1 set\n", VerdictKind::kDeadlocked, "NoDeadlock", 1,
     "waits for condition_variable"},
    {"leaked_lock", kCorrect<LeakedLock>, kDefective<LeakedLock>,
     "make\n@1 make\n", VerdictKind::kDeadlocked, "NoDeadlock", 1,
     "held by task"},
    {"dining_philosophers", kCorrect<DiningPhilosophers>,
     kDefective<DiningPhilosophers>, "eat who 0\n@1 eat who 1\n@2 eat who 2\n",
     VerdictKind::kDeadlocked, "NoDeadlock", 1, "task 2 waits for mutex"},
    {"bounded_buffer", kCorrect<BoundedBufferHarness>,
     kDefective<BoundedBufferHarness>, "get\n@1 put 1\n@2 get\n@1 put 2\n",
     VerdictKind::kViolated, "NothingIsNotTaken", 0, ""},
    {"double_checked", kCorrect<DoubleChecked>, kDefective<DoubleChecked>,
     "get\n@1 get\n", VerdictKind::kViolated, "NoDataRace", 0,
     "lazy.pointer: written by task 0 at double_checked.h:"},
    {"reader_writer", kCorrect<ReaderWriter>, kDefective<ReaderWriter>,
     "read\n@1 write\n@2 read\n", VerdictKind::kViolated,
     "WritersAreNotStarved", 1, ""},
    {"treiber_stack", kCorrect<TreiberStackHarness>,
     kDefective<TreiberStackHarness>, "pop\n@1 pop\n@1 pop\n@1 push\n@1 pop\n",
     VerdictKind::kViolated, "NobodyPopsWhatIsOwned", 1, ""},
    {"seqlock", kCorrect<SeqlockHarness>, kDefective<SeqlockHarness>,
     "read\n@1 write 7\n", VerdictKind::kViolated, "NothingIsTorn", 1, ""},
    {"ticket_lock", kCorrect<TicketLockHarness>, kDefective<TicketLockHarness>,
     "enter\n@1 enter\n", VerdictKind::kViolated, "NobodyElseIsInside", 2, ""},
    {"hazard_pointer", kCorrect<HazardPointer>, kDefective<HazardPointer>,
     "read\n@1 replace\n", VerdictKind::kViolated, "NothingReclaimedIsRead", 1,
     ""},
    {"pool_shutdown", kCorrect<PoolShutdown>, kDefective<PoolShutdown>,
     "submit\nstop\n@1 submit\n", VerdictKind::kViolated,
     "EveryAcceptedJobIsDone", 0, ""},
};

}  // namespace formfuzz::examples

#endif  // FORMFUZZ_TESTS_EXAMPLES_CLASSICS_H_
