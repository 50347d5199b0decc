// SPDX-License-Identifier: Apache-2.0
// Files as whole values: read with a limit, written whole or not at all.
#ifndef FORMFUZZ_FRAMEWORK_BASE_FILE_H_
#define FORMFUZZ_FRAMEWORK_BASE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace formfuzz {

// Reads a regular file of at most `size_max` bytes. Errors: NotFound,
// InvalidArgument (a directory, a device), ResourceExhausted (larger),
// Unavailable (anything else the system says).
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t size_max);

// Writes beside `path`, flushes to disk, renames: after a crash at any moment
// `path` holds the old content or the new one. The directory must exist.
absl::Status WriteFileAtomically(const std::string& path,
                                 std::string_view content);

// Regular files below `path` in byte order of their names; `path` itself if
// it is a file. Names that start with a dot are left out.
absl::StatusOr<std::vector<std::string>> ListFiles(const std::string& path);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_FILE_H_
