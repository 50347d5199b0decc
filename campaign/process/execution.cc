// SPDX-License-Identifier: Apache-2.0
// From how a program ended to what that means.

#include "campaign/process/execution.h"

#include <algorithm>
#include <csignal>
#include <cstring>

#include "campaign/process/judging.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

// Codes that sanitizers end with unless told otherwise, apart from 1, which
// says nothing: MemorySanitizer, ThreadSanitizer, LeakSanitizer.
constexpr int kSanitizerCodes[] = {86, 66, 23};

// libFuzzer's exit codes (FuzzerOptions.h).
constexpr int kLibFuzzerTimeout = 70;
constexpr int kLibFuzzerOutOfMemory = 71;
constexpr int kLibFuzzerCrash = 77;

// Each is the beginning of a report that no sane program prints.
constexpr std::string_view kReportMarks[] = {
    "ERROR: AddressSanitizer",        "ERROR: LeakSanitizer",
    "WARNING: MemorySanitizer",       "WARNING: ThreadSanitizer",
    "ERROR: HWAddressSanitizer",      "SUMMARY: UndefinedBehaviorSanitizer",
    "ERROR: libFuzzer: deadly signal"};

bool DumpsCore(int signal) {
  switch (signal) {
    case SIGABRT:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGQUIT:
    case SIGSEGV:
    case SIGSYS:
    case SIGTRAP:
      return true;
    default:
      return false;
  }
}

bool IsIn(const std::vector<int>& codes, int code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

void JudgeLibFuzzer(Execution& execution) {
  if (execution.kind != ExitKind::kExited) return;
  if (execution.code == kLibFuzzerTimeout) {
    execution.kind = ExitKind::kTimedOut;
  } else if (execution.code == kLibFuzzerOutOfMemory) {
    execution.kind = ExitKind::kOutOfMemory;
  } else if (execution.code == kLibFuzzerCrash) {
    execution.kind = ExitKind::kSanitizer;
  }
}

bool IsCrash(const CrashRules& rules, const Execution& execution) {
  switch (execution.kind) {
    case ExitKind::kExited:
      return IsIn(rules.exit_codes, execution.code);
    case ExitKind::kSignaled:
      return DumpsCore(execution.signal)
                 ? rules.fatal_signals
                 : rules.other_signals && execution.signal != SIGXFSZ;
    case ExitKind::kSanitizer:
      return rules.sanitizer_reports;
    case ExitKind::kOutOfMemory:
    case ExitKind::kTooMany:
      return rules.exhaustion;
    case ExitKind::kTimedOut:
      return false;
  }
  return false;
}

std::string SignalText(int signal) {
  return Concat("killed by signal ", signal, " (", strsignal(signal), ")");
}

}  // namespace

bool HoldsSanitizerReport(std::string_view errors) {
  return std::any_of(
      std::begin(kReportMarks), std::end(kReportMarks),
      [&](std::string_view mark) { return errors.find(mark) != errors.npos; });
}

bool IsSanitizerCode(int code) {
  return std::find(std::begin(kSanitizerCodes), std::end(kSanitizerCodes),
                   code) != std::end(kSanitizerCodes);
}

void SetStatus(int status, bool limited_cpu, Execution& execution) {
  if (WIFSIGNALED(status)) {
    execution.kind = ExitKind::kSignaled;
    execution.signal = WTERMSIG(status);
    if (limited_cpu && execution.signal == SIGXCPU) {
      execution.kind = ExitKind::kTimedOut;
    }
  } else {
    execution.kind = ExitKind::kExited;
    execution.code = WEXITSTATUS(status);
  }
}

void Judge(const CrashRules& rules, bool libfuzzer, Execution& execution) {
  const bool ended_badly =
      execution.kind != ExitKind::kExited || execution.code != 0;
  if (ended_badly && HoldsSanitizerReport(execution.errors)) {
    execution.kind = ExitKind::kSanitizer;
  } else if (execution.kind == ExitKind::kExited &&
             IsSanitizerCode(execution.code) && rules.sanitizer_codes) {
    execution.kind = ExitKind::kSanitizer;
  } else if (libfuzzer) {
    JudgeLibFuzzer(execution);
  }
  execution.crashed = IsCrash(rules, execution);
}

std::string ToString(const Execution& execution) {
  switch (execution.kind) {
    case ExitKind::kExited:
      return Concat("exit code ", execution.code);
    case ExitKind::kSignaled:
      return SignalText(execution.signal);
    case ExitKind::kSanitizer:
      return execution.signal != 0
                 ? Concat("sanitizer, ", SignalText(execution.signal))
                 : Concat("sanitizer, exit code ", execution.code);
    case ExitKind::kTimedOut:
      return "timed out";
    case ExitKind::kOutOfMemory:
      return "out of memory";
    case ExitKind::kTooMany:
      return "too many processes";
  }
  return "";
}

}  // namespace formfuzz::campaign
