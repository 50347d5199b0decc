// SPDX-License-Identifier: Apache-2.0
// What an execution that crashed or hung is called, so that the same defect is
// told once. With a sanitizer's report: the error and the innermost frames.
// Without: the signal or exit code, the form of the last thing said (an
// assertion, an allocator's complaint), and the edges taken.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_FAILURE_H_
#define FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_FAILURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "campaign/process/execution.h"

namespace formfuzz::campaign {

// What a failure is called whose processes had to be ended as there were more
// and more of them.
inline constexpr char kTooManyProcesses[] = "too many processes";

struct Failure {
  bool hung = false;    // else crashed
  std::string what;     // "heap-buffer-overflow", "SIGSEGV", "exit 3"
  std::string message;  // one line
  std::vector<std::string> frames;  // innermost first; may be empty
  std::string said;  // form of the last line; empty if frames are
  int code = 0;      // as it ended, if it did
  int signal = 0;
  uint64_t edges = 0;  // digest of those taken; 0 if frames are, or none
  std::string errors;  // stderr, its end
  std::string output;  // stdout, its beginning

  // Equal for what is likely the same defect, whatever way led to it: what an
  // input must keep while it is made smaller.
  uint64_t Likeness() const;
};

// Of an execution that crashed or hung.
Failure FailureOf(const Execution& execution, uint64_t timeout_ms);

// "SIGSEGV"; "signal 99" for what has no name.
std::string SignalName(int signal);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_TRIAGE_FAILURE_H_
