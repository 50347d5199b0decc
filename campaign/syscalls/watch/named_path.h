// SPDX-License-Identifier: Apache-2.0
// The path that a system call is given, read from the process that makes it.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_NAMED_PATH_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_NAMED_PATH_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace formfuzz::campaign {

// Where it is, of a native call with these arguments that looks for a file
// below the current folder or the root; 0 of others.
uint64_t PathOfCall(uint64_t number, uint64_t first, uint64_t second);

// "" where it cannot be read, or is longer than any that matters.
std::string ReadPath(pid_t process, uint64_t address);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_NAMED_PATH_H_
