// SPDX-License-Identifier: Apache-2.0
// What a run has made, read where it started before that is emptied.
#ifndef FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_LEFT_FILES_H_
#define FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_LEFT_FILES_H_

#include <sys/types.h>

#include <cstddef>
#include <vector>

#include "campaign/process/program_input.h"

namespace formfuzz::campaign {

// Of one run; where there is more, or folders lie deeper, nothing comes back:
// what is cut is not what the program has made.
inline constexpr size_t kLeftFilesMax = 256;  // with links and folders
inline constexpr size_t kLeftBytesMax = size_t{512} << 10;
inline constexpr int kLeftDepthMax = 8;  // 1: of what lies where runs start
// Larger files are passed over.
inline constexpr size_t kLeftFileBytesMax = size_t{128} << 10;

// Files, links and folders where the process, which is stopped and in a
// sandbox, was started; each folder before what it holds. Follows no link: the
// process may have made them all.
std::vector<InputFile> FilesLeftBy(pid_t process);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_SYSCALLS_WATCH_LEFT_FILES_H_
