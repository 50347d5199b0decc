// SPDX-License-Identifier: Apache-2.0
// What one run of a program came to. How it ended is kept apart from whether
// that is a defect: the first is measured, the second is a rule.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_EXECUTION_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_EXECUTION_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace formfuzz::campaign {

enum class ExitKind {
  kExited,       // by itself, with `code`; a persistent target: went on
  kSignaled,     // by `signal`, which was not ours
  kSanitizer,    // with a sanitizer's report on stderr, or by its exit code
  kTimedOut,     // still there after Limits::wall_ms or cpu_ms
  kOutOfMemory,  // it and its descendants held more than Limits::memory_bytes
  kTooMany,      // more processes than Limits::processes_max
};

struct Execution {
  ExitKind kind = ExitKind::kExited;
  int code = 0;             // of kExited and, if it has one, kSanitizer
  int signal = 0;           // of kSignaled and, if it has one, kSanitizer
  bool crashed = false;     // by the executor's CrashRules; never for a hang
  bool output_cut = false;  // it wrote more than was kept
  bool reached = false;     // of a service: it could be connected to
  uint32_t answered = 0;    // so many of its requests were
  uint64_t wall_ns = 0;
  uint64_t cpu_ns = 0;             // 0 where a run is no process of its own
  uint64_t memory_peak_bytes = 0;  // of the first process; 0 likewise

  // Borrowed from the executor until its next run.
  std::string_view output;  // the beginning of what it wrote to stdout
  std::string_view errors;  // the end of what it wrote to stderr
  // 8-bit hit counts, one an edge or map cell; empty without instrumentation.
  // May be written to by the one who reads it.
  std::span<uint8_t> coverage;

  bool hung() const { return kind == ExitKind::kTimedOut; }
};

// What counts as a crash. A crash outranks a hang: a program that printed a
// sanitizer's report and then did not end has crashed.
struct CrashRules {
  // Signals whose default action dumps core, except those that limits send.
  bool fatal_signals = true;
  // Any other signal too, say SIGKILL or SIGTERM from the program itself.
  bool other_signals = false;
  bool sanitizer_reports = true;
  // The codes that MSan, TSan and LSan end with (86, 66, 23), without a report:
  // other programs may use them.
  bool sanitizer_codes = false;
  bool exhaustion = true;       // more memory or processes than Limits allow
  std::vector<int> exit_codes;  // of a program that says so by its code
};

// "exit code 3", "killed by signal 11 (Segmentation fault)", "timed out", ...
std::string ToString(const Execution& execution);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_EXECUTION_H_
