// SPDX-License-Identifier: Apache-2.0
// Numbers that a worker leaves for the one who started it. Both are the same
// binary, so the struct itself is what is written.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <type_traits>

#include "campaign/loop/session/program_run.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

static_assert(std::is_trivially_copyable_v<Statistics>);

}  // namespace

absl::Status WriteStatistics(const std::string& path,
                             const Statistics& statistics) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  const ssize_t size =
      fd < 0 ? -1 : pwrite(fd, &statistics, sizeof statistics, 0);
  const int error = errno;
  if (fd >= 0) close(fd);
  if (size == static_cast<ssize_t>(sizeof statistics)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(
      Concat("cannot write ", path, ": ", std::strerror(error)));
}

Statistics ReadStatistics(const std::string& path) {
  Statistics statistics;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return statistics;
  Statistics read;
  const bool whole = pread(fd, &read, sizeof read, 0) == sizeof read;
  close(fd);
  return whole ? read : statistics;
}

}  // namespace formfuzz::campaign
