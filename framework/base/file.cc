// SPDX-License-Identifier: Apache-2.0
// Reading with a limit, writing by rename.
#include "framework/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "framework/base/text.h"

namespace formfuzz {
namespace {

namespace fs = std::filesystem;

absl::Status SystemError(std::string_view verb, const std::string& path,
                         int error) {
  const std::string text =
      Concat("cannot ", verb, " ", path, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(text)
                         : absl::UnavailableError(text);
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status WriteAll(int fd, std::string_view content,
                      const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError("write", path, errno);
    content.remove_prefix(static_cast<size_t>(written));
  }
  if (fsync(fd) != 0) return SystemError("flush", path, errno);
  return absl::OkStatus();
}

absl::Status WriteNew(const std::string& path, std::string_view content) {
  const Descriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return SystemError("create", path, errno);
  return WriteAll(file.get(), content, path);
}

absl::Status CheckReadable(const Descriptor& file, const std::string& path,
                           size_t size_max) {
  struct stat status{};
  if (fstat(file.get(), &status) != 0) return SystemError("stat", path, errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::InvalidArgumentError(
        Concat("cannot read ", path, ": not a regular file"));
  }
  if (static_cast<size_t>(status.st_size) > size_max) {
    return absl::ResourceExhaustedError(
        Concat("cannot read ", path, ": ", status.st_size,
               " bytes, the limit is ", size_max));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t size_max) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return SystemError("open", path, errno);
  if (absl::Status status = CheckReadable(file, path, size_max); !status.ok()) {
    return status;
  }
  std::string content;
  char block[1 << 16];
  while (content.size() <= size_max) {
    const ssize_t got = read(file.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("read", path, errno);
    if (got == 0) return content;
    content.append(block, static_cast<size_t>(got));
  }
  return absl::ResourceExhaustedError(Concat("cannot read ", path,
                                             ": it grew past ", size_max,
                                             " bytes while it was read"));
}

absl::Status WriteFileAtomically(const std::string& path,
                                 std::string_view content) {
  const std::string beside = Concat(path, ".new.", getpid());
  absl::Status status = WriteNew(beside, content);
  if (status.ok() && rename(beside.c_str(), path.c_str()) != 0) {
    status = SystemError("rename", beside, errno);
  }
  if (!status.ok()) unlink(beside.c_str());
  return status;
}

absl::StatusOr<std::vector<std::string>> ListFiles(const std::string& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return std::vector<std::string>{path};
  fs::recursive_directory_iterator at(path, error);
  if (error) return SystemError("list", path, error.value());
  std::vector<std::string> files;
  for (; at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (error) return SystemError("list", path, error.value());
    if (at->path().filename().native().starts_with('.')) continue;
    if (at->is_regular_file(error)) files.push_back(at->path().native());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace formfuzz
