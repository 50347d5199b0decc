// SPDX-License-Identifier: Apache-2.0
// Who called: the frames of a thread that its tracer has stopped.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_CALL_STACK_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_CALL_STACK_H_

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace formfuzz::campaign {

inline constexpr size_t kStackFramesMax = 32;

// Whether this program was built with what it takes (libdw).
bool CanLookAtStacks();

// "getcwd+0x1b libc.so.6", innermost first; a frame without a symbol is
// "0x4c20 ls". By the thread that traces it alone. Empty: it cannot be told.
std::vector<std::string> StackOf(pid_t thread);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_CALL_STACK_H_
