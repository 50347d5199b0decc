// SPDX-License-Identifier: Apache-2.0
// A common journal of digests.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "campaign/loop/share/peers.h"
#include "framework/base/digest.h"
#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kLineSize = 17;  // sixteen digits and the end of the line
constexpr size_t kLinesAtOnce = 512;
constexpr size_t kInputSizeMax = size_t{1} << 30;

class WorkerPeers final : public Peers {
 public:
  WorkerPeers(int fd, const CorpusStore& store) : fd_(fd), store_(store) {}
  ~WorkerPeers() override { close(fd_); }

  absl::Status Publish(Bytes input) override {
    const std::string line = ToHex(DigestOf(input)) + "\n";
    ssize_t size = 0;
    do {
      size = write(fd_, line.data(), line.size());
    } while (size < 0 && errno == EINTR);
    if (size == static_cast<ssize_t>(line.size())) return absl::OkStatus();
    return absl::UnavailableError(
        Concat("cannot tell the other workers: ", std::strerror(errno)));
  }

  absl::Status Collect(Visit visit) override {
    char lines[kLineSize * kLinesAtOnce];
    while (true) {
      const ssize_t size = pread(fd_, lines, sizeof lines, offset_);
      if (size < static_cast<ssize_t>(kLineSize)) return absl::OkStatus();
      const size_t whole = static_cast<size_t>(size) / kLineSize;
      offset_ += static_cast<off_t>(whole * kLineSize);
      for (size_t i = 0; i < whole; ++i) {
        const absl::Status status = VisitLine(lines + i * kLineSize, visit);
        if (!status.ok()) return status;
      }
    }
  }

 private:
  absl::Status VisitLine(const char* line, Visit visit) const {
    uint64_t digest = 0;
    const char* const end = line + kLineSize - 1;
    if (std::from_chars(line, end, digest, 16).ptr != end) {
      return absl::OkStatus();
    }
    const auto input = store_.Read(digest, kInputSizeMax);
    // Somebody may have taken the file away.
    return input.ok() ? visit(*input) : absl::OkStatus();
  }

  int fd_;
  const CorpusStore& store_;
  off_t offset_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Peers>> JoinWorkers(const std::string& journal,
                                                   const CorpusStore& store) {
  const int fd =
      open(journal.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) {
    return absl::UnavailableError(
        Concat("cannot open ", journal, ": ", std::strerror(errno)));
  }
  return std::make_unique<WorkerPeers>(fd, store);
}

}  // namespace formfuzz::campaign
