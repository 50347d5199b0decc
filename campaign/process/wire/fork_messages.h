// SPDX-License-Identifier: Apache-2.0
// What the supervisor and a forkserver inside of a program say to each other,
// as packets over kForkSocketFd, or in the launch block (launch_block.h), where
// words always are.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_FORK_MESSAGES_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_FORK_MESSAGES_H_

#include <cstddef>
#include <cstdint>

#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

// Present, with one of these values, where a supervisor listens. On the host
// nobody may be killed but one's own descendants.
inline constexpr char kForkServerVariable[] = "FORMFUZZ_FORKSERVER";
inline constexpr char kInSandbox[] = "sandbox";
inline constexpr char kOnHost[] = "host";
// Present where the library only says how far the program has come.
inline constexpr char kMarksVariable[] = "FORMFUZZ_MARKS";

// What the C library is told where a forkserver starts: without its record of
// the CPU, which the kernel writes into every new process, a fork costs less.
inline constexpr char kTunablesVariable[] = "GLIBC_TUNABLES";
inline constexpr char kTunables[] = "glibc.pthread.rseq=0";

// Present where a forkserver is to load the locale that its environment names:
// every process that calls setlocale would map a dozen files, which costs more
// than the fork.
inline constexpr char kLocalesVariable[] = "FORMFUZZ_LOCALES";

// Under which conditions main is to run; see Conditions.
inline constexpr char kConditionsVariable[] = "FORMFUZZ_CONDITIONS";

// The library's descriptor while the dynamic loader opens it by name.
inline constexpr int kLibraryFd = 60;
inline constexpr char kLibraryPath[] = "/proc/self/fd/60";

// In the file of a program that was built with our runtime, and of one that
// moreover takes many inputs in one process.
inline constexpr char kRuntimeMark[] = "formfuzz runtime: forks";
inline constexpr char kPersistentMark[] = "formfuzz runtime: loops";

// "Fork once": descriptors come along. What is the same as for the last process
// is not sent and not done again: most of a fork is what the new process does
// before it is the program.
struct ForkAsked {
  uint32_t keeps_words = 0;  // those in the launch block were read before
  uint32_t keeps_fds = 0;    // none come along
  uint32_t fd_count = 0;
  int32_t fd_as[kPassedFdsMax] = {};
  uint32_t closed = 0;  // bit n: no descriptor n
  uint32_t terminal = 0;
  uint32_t cpu_s = 0;
  uint32_t traces = 0;  // what is compared is to be noted
  // What code it touches is to be carried by later forks.
  uint32_t observes = 0;
  // Forks nothing, but puts itself under the filter in the launch block; told
  // as kGuarded with the listener.
  uint32_t guard = 0;
  char folder[kPathMax] = "";  // to start in; empty: as the last one
};

struct ForkTold {
  enum class Kind : uint32_t { kHello, kEnded, kFailed, kGuarded };
  Kind kind = Kind::kHello;
  int32_t status = 0;  // kEnded: as wait(2) gives it; kFailed: an errno
  uint64_t cpu_ns = 0;
  uint64_t memory_peak_bytes = 0;
  uint64_t coverage_bytes = 0;  // kHello: of hit counts in shared memory
  uint32_t persistent = 0;      // kHello
  uint32_t orphans = 0;         // kEnded: killed after it
  OwnCode own;                  // kHello
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_FORK_MESSAGES_H_
