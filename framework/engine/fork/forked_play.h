// SPDX-License-Identifier: Apache-2.0
// Plays each scenario in a forked child: nothing that a component keeps, in
// memory or in the kernel's tables of the process, reaches the next one.
//
// The child leaves the verdict, the trace, coverage of edges and states and
// what mutation is guided by in shared memory. One that dies has recorded why,
// as the process that is watched; the caller then ends in the same way. What
// is left with the child: operands of comparisons, coverage of libraries that
// are loaded at run time, coverage profiles, memory for LeakSanitizer to see.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_FORK_FORKED_PLAY_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_FORK_FORKED_PLAY_H_

#include "absl/functional/function_ref.h"
#include "framework/validate/judge.h"

namespace formfuzz {

class ForkedPlay {
 public:
  // Both must outlive it; `judge` visits states of `coverage`.
  ForkedPlay(Judge& judge, StateCoverage& coverage);
  ~ForkedPlay();
  ForkedPlay(const ForkedPlay&) = delete;
  ForkedPlay& operator=(const ForkedPlay&) = delete;

  // Calls `play`, which plays by the judge, in a child. Stays valid until the
  // next Play.
  const Verdict& Play(absl::FunctionRef<const Verdict&()> play);

 private:
  struct Slot;

  [[noreturn]] void PlayInChild(absl::FunctionRef<const Verdict&()> play);
  void Adopt();

  Judge& judge_;
  StateCoverage& coverage_;
  Slot* slot_;     // shared with the children
  size_t mapped_;  // bytes
  Verdict verdict_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_FORK_FORKED_PLAY_H_
