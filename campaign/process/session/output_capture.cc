// SPDX-License-Identifier: Apache-2.0
// Reading what a program wrote, into bounded memory.

#include "campaign/process/session/output_capture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace formfuzz::campaign {

void OutputCapture::Clear() {
  text_.clear();
  cut_ = false;
}

size_t OutputCapture::from() const {
  return keeps_ == Keeps::kEnd && text_.size() > bytes_max_
             ? text_.size() - bytes_max_
             : 0;
}

void OutputCapture::Append(std::string_view more) {
  if (keeps_ == Keeps::kBeginning) {
    const size_t room = bytes_max_ - text_.size();
    cut_ = cut_ || more.size() > room;
    text_.append(more.substr(0, room));
    return;
  }
  text_.append(more);
  cut_ = cut_ || text_.size() > bytes_max_;
  if (text_.size() > 2 * bytes_max_) text_.erase(0, text_.size() - bytes_max_);
}

bool OutputCapture::Drain(int fd) {
  char buffer[1 << 16];
  while (fd >= 0) {
    const ssize_t size = read(fd, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN;
    if (size == 0) return false;
    Append({buffer, static_cast<size_t>(size)});
    // A short read of a pipe has emptied it.
    if (static_cast<size_t>(size) < sizeof(buffer)) return true;
  }
  return false;
}

void OutputCapture::TakeFile(int fd) {
  struct stat file{};
  if (fstat(fd, &file) != 0) return;
  const auto size = static_cast<size_t>(file.st_size);
  if (size == 0) {
    Clear();
    return;
  }
  const size_t wanted = std::min(size, bytes_max_);
  const size_t start = keeps_ == Keeps::kEnd ? size - wanted : 0;
  text_.resize(wanted);
  const ssize_t got =
      pread(fd, text_.data(), wanted, static_cast<off_t>(start));
  text_.resize(got > 0 ? static_cast<size_t>(got) : 0);
  cut_ = size > wanted;
}

}  // namespace formfuzz::campaign
