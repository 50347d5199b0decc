// SPDX-License-Identifier: Apache-2.0
// What became of a run.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_VERDICT_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_VERDICT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace formfuzz {

enum class VerdictKind : uint8_t {
  kPassed,
  kCrashed,            // a signal, a sanitizer report, an exception, an exit
  kHung,               // longer than the time limit
  kLeaked,             // memory that nothing refers to any more
  kViolated,           // a rule of the harness does not hold
  kDiverged,           // the model says otherwise
  kNotLinearizable,    // no order of the operations explains the outcomes
  kDeadlocked,         // every task waits for another
  kSlow,               // costs more than its size explains
  kNondeterministic,   // the same bytes, another trace
  kHarnessBroken,      // not the component's fault
  kEnvironmentFailed,  // nobody's fault: no disk, no memory
};

// "passed", "crashed", … "environment_failed".
std::string_view NameOf(VerdictKind kind);

struct Verdict {
  VerdictKind kind = VerdictKind::kPassed;
  std::string validator;  // the rule, or the sanitizer's name of the error
  std::string message;    // one line, or several
  size_t step = 0;        // index of the step it came to light in

  bool passed() const { return kind == VerdictKind::kPassed; }
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_VERDICT_H_
