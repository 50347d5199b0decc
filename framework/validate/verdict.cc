// SPDX-License-Identifier: Apache-2.0
// The words for verdicts: file names and JSON are made of them.
#include "framework/validate/verdict.h"

namespace formfuzz {

std::string_view NameOf(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::kPassed:
      return "passed";
    case VerdictKind::kCrashed:
      return "crashed";
    case VerdictKind::kHung:
      return "hung";
    case VerdictKind::kLeaked:
      return "leaked";
    case VerdictKind::kViolated:
      return "violated";
    case VerdictKind::kDiverged:
      return "diverged";
    case VerdictKind::kNotLinearizable:
      return "not_linearizable";
    case VerdictKind::kDeadlocked:
      return "deadlocked";
    case VerdictKind::kSlow:
      return "slow";
    case VerdictKind::kNondeterministic:
      return "nondeterministic";
    case VerdictKind::kHarnessBroken:
      return "harness_broken";
    case VerdictKind::kEnvironmentFailed:
      return "environment_failed";
  }
  return "unknown";
}

}  // namespace formfuzz
