// SPDX-License-Identifier: Apache-2.0
// Same bytes, same run: whether two runs of one scenario were the same, and
// if not, where they first differ. What is not under control (addresses, time,
// threads, state left by an earlier run) shows there.
#ifndef FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_REPETITION_H_
#define FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_REPETITION_H_

#include <optional>

#include "framework/validate/trace.h"
#include "framework/validate/verdict.h"

namespace formfuzz {

// None where the traces are equal; else kNondeterministic, at the first step
// that differs, or at the end where only what lies between steps does.
std::optional<Verdict> CompareRuns(const Trace& first, const Trace& second);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_VALIDATE_RERUN_REPETITION_H_
