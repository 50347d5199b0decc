// SPDX-License-Identifier: Apache-2.0
// The descriptors of a run: what it reads and what it writes.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "campaign/process/session/run_io.h"

namespace formfuzz::campaign {
namespace {

// What an unprivileged process may make of a pipe (fs.pipe-max-size).
constexpr size_t kPipeBytesMax = size_t{1} << 20;
constexpr size_t kPipeBytes = size_t{64} << 10;
constexpr char kEndOfFile = 4;  // as typed on a terminal
// The file of a persistent process's stderr is emptied when it is larger.
constexpr off_t kErrorsFileMax = off_t{1} << 20;

void MakeNonBlocking(int fd) { fcntl(fd, F_SETFL, O_NONBLOCK); }

}  // namespace

void RunIo::Begin() {
  fds_.clear();
  fd_as_.clear();
  closed_ = 0;
  terminal_ = false;
  long_lived_ = false;
  feed_.reset();
  fed_ = 0;
  output_.Clear();
  errors_.Clear();
  stdin_ = {};
  if (!keeps_pipes_ || stdout_kind_ != StdoutKind::kPipe) stdout_ = {};
  if (!keeps_pipes_) stderr_ = {};
  if (!nothing_.ok()) {
    renewed_ = true;
    nothing_ = UniqueFd(open("/dev/null", O_RDWR | O_CLOEXEC));
  }
}

void RunIo::Give(int fd, int as) {
  fds_.push_back(fd);
  fd_as_.push_back(as);
}

// What the last run did to a pipe that they share is undone.
absl::Status RunIo::RenewPipe(Ends& ends) {
  if (ends.first.ok() && ends.second.ok()) {
    fcntl(ends.second.get(), F_SETFL, 0);
    return absl::OkStatus();
  }
  auto made = MakePipe();
  if (!made.ok()) return made.status();
  ends = *std::move(made);
  // What fits is read when the run is over; a program that must wait for a
  // reader waits until the run is no short one any more.
  fcntl(ends.second.get(), F_SETPIPE_SZ, static_cast<int>(kPipeBytesMax));
  renewed_ = true;
  return absl::OkStatus();
}

void RunIo::NoteDescriptors() {
  const bool same = !renewed_ && fds_ == last_fds_ && fd_as_ == last_fd_as_ &&
                    closed_ == last_closed_;
  renewed_ = false;
  if (same) return;
  ++descriptors_version_;
  last_fds_ = fds_;
  last_fd_as_ = fd_as_;
  last_closed_ = closed_;
}

absl::Status RunIo::PrepareStdin(const ProgramInput& input) {
  const Bytes bytes = uses_file_ ? Bytes() : input.bytes;
  switch (input.stdin_kind) {
    case StdinKind::kFile:
      if (!uses_file_) return StdinFromFile(bytes);
      [[fallthrough]];
    case StdinKind::kNothing:
      Give(nothing_.get(), STDIN_FILENO);
      break;
    case StdinKind::kPipe:
      return StdinFromPipe(bytes);
    case StdinKind::kTerminal:
      return StdinFromTerminal(bytes);
    case StdinKind::kSocket:
      return StdinFromSocket(bytes);
    case StdinKind::kClosed:
      closed_ |= 1U << STDIN_FILENO;
      break;
  }
  return absl::OkStatus();
}

absl::Status RunIo::StdinFromFile(Bytes bytes) {
  if (!stdin_file_.ok()) {
    auto file = MemoryFile("formfuzz-stdin", 0);
    if (!file.ok()) return file.status();
    stdin_file_ = *std::move(file);
  }
  absl::Status done = Rewrite(stdin_file_.get(), bytes);
  if (!done.ok()) return done;
  if (!stdin_reader_.ok()) {
    auto reader = ReadOnly(stdin_file_.get());
    if (!reader.ok()) return reader.status();
    stdin_reader_ = *std::move(reader);
    renewed_ = true;
  }
  // Offset and flags belong to what all runs share.
  lseek(stdin_reader_.get(), 0, SEEK_SET);
  fcntl(stdin_reader_.get(), F_SETFL, 0);
  Give(stdin_reader_.get(), STDIN_FILENO);
  return absl::OkStatus();
}

absl::Status RunIo::StdinFromPipe(Bytes bytes) {
  renewed_ = true;
  auto ends = MakePipe();
  if (!ends.ok()) return ends.status();
  stdin_ = *std::move(ends);
  fcntl(stdin_.first.get(), F_SETFL, 0);  // the program's end: blocking
  if (bytes.size() > kPipeBytes) {
    fcntl(stdin_.second.get(), F_SETPIPE_SZ,
          static_cast<int>(std::min(bytes.size(), kPipeBytesMax)));
  }
  feed_ = std::move(stdin_.second);
  MakeNonBlocking(feed_.get());
  to_feed_.assign(AsText(bytes));
  Feed();
  Give(stdin_.first.get(), STDIN_FILENO);
  return absl::OkStatus();
}

absl::Status RunIo::StdinFromTerminal(Bytes bytes) {
  renewed_ = true;
  auto ends = MakeTerminal();
  if (!ends.ok()) return ends.status();
  stdin_ = *std::move(ends);
  terminal_ = true;
  to_feed_.assign(AsText(bytes));
  // Ends the line that is being typed, then the file.
  to_feed_ += kEndOfFile;
  to_feed_ += kEndOfFile;
  feed_ = UniqueFd(fcntl(stdin_.first.get(), F_DUPFD_CLOEXEC, 0));
  Feed();
  Give(stdin_.second.get(), STDIN_FILENO);
  return absl::OkStatus();
}

absl::Status RunIo::StdinFromSocket(Bytes bytes) {
  renewed_ = true;
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return SystemTrouble("make sockets", errno);
  }
  stdin_ = {UniqueFd(ends[0]), {}};
  feed_ = UniqueFd(ends[1]);
  MakeNonBlocking(feed_.get());
  to_feed_.assign(AsText(bytes));
  Feed();
  Give(stdin_.first.get(), STDIN_FILENO);
  return absl::OkStatus();
}

absl::Status RunIo::StdoutToFile() {
  if (!stdout_file_.ok()) {
    auto file = MemoryFile("formfuzz-stdout", 0);
    if (!file.ok()) return file.status();
    stdout_file_ = *std::move(file);
    renewed_ = true;
  }
  absl::Status done = Rewrite(stdout_file_.get(), {});
  lseek(stdout_file_.get(), 0, SEEK_SET);
  if (done.ok()) Give(stdout_file_.get(), STDOUT_FILENO);
  return done;
}

absl::Status RunIo::StdoutToTerminal() {
  auto ends = MakeTerminal();
  if (!ends.ok()) return ends.status();
  stdout_ = *std::move(ends);
  renewed_ = true;
  return absl::OkStatus();
}

absl::Status RunIo::StdoutToNobody() {
  auto ends = MakePipe();
  if (!ends.ok()) return ends.status();
  stdout_ = *std::move(ends);
  stdout_.first.reset();
  renewed_ = true;
  return absl::OkStatus();
}

absl::Status RunIo::StdoutToFullDevice() {
  stdout_.second = UniqueFd(open("/dev/full", O_WRONLY | O_CLOEXEC));
  if (!stdout_.second.ok()) return SystemTrouble("open /dev/full", errno);
  renewed_ = true;
  return absl::OkStatus();
}

absl::Status RunIo::PrepareStdout(StdoutKind kind) {
  stdout_kind_ = kind;
  absl::Status done = absl::OkStatus();
  switch (kind) {
    case StdoutKind::kNothing:
      Give(nothing_.get(), STDOUT_FILENO);
      return absl::OkStatus();
    case StdoutKind::kClosed:
      closed_ |= 1U << STDOUT_FILENO;
      return absl::OkStatus();
    case StdoutKind::kFile:
      return StdoutToFile();
    case StdoutKind::kPipe:
      done = RenewPipe(stdout_);
      break;
    case StdoutKind::kTerminal:
    case StdoutKind::kTerminalForBoth:
      done = StdoutToTerminal();
      break;
    case StdoutKind::kUnread:
      done = StdoutToNobody();
      break;
    case StdoutKind::kFull:
      done = StdoutToFullDevice();
      break;
  }
  Give(stdout_.second.get(), STDOUT_FILENO);
  return done;
}

absl::Status RunIo::PrepareStderr() {
  if (stdout_kind_ == StdoutKind::kTerminalForBoth) {
    Give(stdout_.second.get(), STDERR_FILENO);
    return absl::OkStatus();
  }
  absl::Status done = RenewPipe(stderr_);
  Give(stderr_.second.get(), STDERR_FILENO);
  return done;
}

// Our copies of the ends that the program writes to stay: their closing would
// wake us a moment before we are told that the run is over. So do those that it
// reads from: feeding what nobody else reads is no reason for a SIGPIPE.
void RunIo::HandedOver() {
  if (terminal_) stdin_.second.reset();
}

void RunIo::Feed() {
  while (feed_.ok() && fed_ < to_feed_.size()) {
    const ssize_t size =
        write(feed_.get(), to_feed_.data() + fed_, to_feed_.size() - fed_);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) break;  // nobody reads any more
    fed_ += static_cast<size_t>(size);
  }
  feed_.reset();
}

size_t RunIo::AddPolls(pollfd* polls) const {
  size_t count = 0;
  if (stdout_.first.ok()) polls[count++] = {stdout_.first.get(), POLLIN, 0};
  if (stderr_.first.ok()) polls[count++] = {stderr_.first.get(), POLLIN, 0};
  if (feed_.ok()) polls[count++] = {feed_.get(), POLLOUT, 0};
  return count;
}

void RunIo::Move() {
  if (!output_.Drain(stdout_.first.get())) stdout_.first.reset();
  if (!errors_.Drain(stderr_.first.get())) stderr_.first.reset();
  Feed();
}

void RunIo::Finish(Execution& execution) {
  Move();
  if (long_lived_) {
    errors_.TakeFile(errors_file_.get());
  } else if (stdout_kind_ == StdoutKind::kFile) {
    output_.TakeFile(stdout_file_.get());
  }
  feed_.reset();
  execution.output = output_.text();
  execution.errors = errors_.text();
  execution.output_cut = output_.cut() || errors_.cut();
}

void RunIo::TrimErrors() { LimitErrors(kErrorsFileMax); }

void RunIo::ForgetErrors() { LimitErrors(0); }

void RunIo::LimitErrors(off_t most) {
  struct stat file{};
  if (fstat(errors_file_.get(), &file) == 0 && file.st_size > most &&
      ftruncate(errors_file_.get(), 0) != 0) {
    errors_file_.reset();
  }
}

}  // namespace formfuzz::campaign
