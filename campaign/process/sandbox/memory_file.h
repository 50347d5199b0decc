// SPDX-License-Identifier: Apache-2.0
// Anonymous files and the pipes and sockets beside them. All descriptors are
// close-on-exec; those of files and sockets are above kFirstOwnFd, away from
// the numbers that a nursery is started with.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_MEMORY_FILE_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_MEMORY_FILE_H_

#include <cstddef>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "campaign/process/sandbox/unique_fd.h"
#include "framework/base/bytes.h"

namespace formfuzz::campaign {

inline constexpr int kFirstOwnFd = 16;

// "cannot <doing>: <what the system says>"; Unavailable.
absl::Status SystemTrouble(std::string_view doing, int error);

absl::StatusOr<UniqueFd> MemoryFile(const char* name, size_t size);
absl::StatusOr<UniqueFd> MemoryFileOf(const char* name, Bytes content);

// Replaces the content; the offset of `fd` stays.
absl::Status Rewrite(int fd, Bytes content);

// A second, read-only descriptor of the same file, with an offset of its own.
absl::StatusOr<UniqueFd> ReadOnly(int fd);

struct Ends {
  UniqueFd first;   // of a pipe: to read from, non-blocking
  UniqueFd second;  // of a pipe: to write to
};
absl::StatusOr<Ends> MakePipe();
absl::StatusOr<Ends> MakePacketSockets();
absl::StatusOr<Ends> MakeTerminal();  // the master, non-blocking; the terminal

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_SANDBOX_MEMORY_FILE_H_
