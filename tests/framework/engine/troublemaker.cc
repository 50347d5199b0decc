// SPDX-License-Identifier: Apache-2.0
// A harness whose component dies in every way there is: one step, one way.
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "framework/formfuzz.h"

namespace {

enum class Trouble {
  kNone,
  kAbort,
  kException,
  kExit,
  kForkedExit,
  kHang,
  kHeapOverflow,
  kImmediateExit,
  kKernelExit,
  kKill,
  kLeak,
  kNull,
  kOverflow,
  kQuickExit,
  kStackOverflow,
  kUseAfterFree,
  kViolation,
  kHarnessBroken,
  kNondeterministic,
};

volatile int sink = 0;
volatile bool for_ever = true;
int runs_in_this_process = 0;

// As an engine whose report of a death waits for a lock that is never left.
// Engines leave a handler alone that is there before theirs.
const bool engine_waits = [] {
  if (std::getenv("TROUBLEMAKER_ENGINE_WAITS") == nullptr) return false;
  std::signal(SIGABRT, [](int) {
    constexpr char kMark[] = "the engine waits\n";
    if (write(STDERR_FILENO, kMark, sizeof kMark - 1) < 0) return;
    while (for_ever) pause();
  });
  return true;
}();

int Recurse(int depth) {
  volatile char frame[1024];
  frame[0] = static_cast<char>(depth);
  return for_ever ? Recurse(depth + 1) + frame[0] : 0;
}

// A child's end is not the component's.
void LeaveInChild() {
  const pid_t child = fork();
  if (child == 0) _exit(3);
  if (child > 0) waitpid(child, nullptr, 0);
}

// True if `trouble` is a way out of the process, which was not taken then.
bool Leave(Trouble trouble) {
  switch (trouble) {
    case Trouble::kExit:
      std::exit(3);
    case Trouble::kImmediateExit:
      _exit(3);
    case Trouble::kKernelExit:
      syscall(SYS_exit_group, 3);
      return true;
    case Trouble::kKill:
      raise(SIGKILL);
      return true;
    case Trouble::kQuickExit:
      std::quick_exit(3);
    case Trouble::kForkedExit:
      LeaveInChild();
      return true;
    default:
      return false;
  }
}

void Die(Trouble trouble) {
  if (Leave(trouble)) return;
  std::unique_ptr<int[]> heap(new int[4]());
  // The compiler must not see where it points, or it warns and optimises.
  volatile int* volatile hidden = heap.get();
  switch (trouble) {
    case Trouble::kAbort:
      std::abort();
    case Trouble::kException:
      throw std::out_of_range("at: 9");
    case Trouble::kHang:
      while (for_ever) sink = sink ^ 1;
      break;
    case Trouble::kHeapOverflow:
      sink = hidden[4];
      break;
    case Trouble::kLeak:
      (void)heap.release();
      break;
    case Trouble::kNull:
      sink = *static_cast<volatile int*>(nullptr);
      break;
    case Trouble::kOverflow:
      sink = 2147483647 + (sink | 1);
      break;
    case Trouble::kStackOverflow:
      sink = Recurse(0);
      break;
    case Trouble::kUseAfterFree:
      heap.reset();
      sink = *hidden;
      break;
    case Trouble::kHarnessBroken:
      FORMFUZZ_CHECK(trouble == Trouble::kNone, "this harness broke itself");
      break;
    default:
      break;
  }
}

class Troublemaker {
 public:
  explicit Troublemaker(formfuzz::Run& run) : run_(run) {
    ++runs_in_this_process;
  }
  formfuzz::Outcome Make(Trouble trouble) {
    run_.Expect(trouble != Trouble::kViolation, "NoTrouble", "as asked for");
    if (trouble == Trouble::kNondeterministic && runs_in_this_process > 1) {
      return formfuzz::Outcome::Refused("seen_before");
    }
    Die(trouble);
    return formfuzz::Outcome::Ok();
  }
  void Rest() {}

 private:
  formfuzz::Run& run_;
};

FORMFUZZ_HARNESS(troublemaker, Troublemaker)
    .Step("make", &Troublemaker::Make,
          formfuzz::Arg("trouble", formfuzz::Arbitrary<Trouble>()))
    .Step("rest", &Troublemaker::Rest);

}  // namespace
