// SPDX-License-Identifier: Apache-2.0
// memfd_create, pipe2, socketpair, openpty.

#include "campaign/process/sandbox/memory_file.h"

#include <fcntl.h>
#include <pty.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "framework/base/text.h"

namespace formfuzz::campaign {
namespace {

UniqueFd MovedUp(int fd) {
  if (fd < 0 || fd >= kFirstOwnFd) return UniqueFd(fd);
  const UniqueFd low(fd);
  return UniqueFd(fcntl(fd, F_DUPFD_CLOEXEC, kFirstOwnFd));
}

}  // namespace

absl::Status SystemTrouble(std::string_view doing, int error) {
  return absl::UnavailableError(
      Concat("cannot ", doing, ": ", strerror(error)));
}

absl::StatusOr<UniqueFd> MemoryFile(const char* name, size_t size) {
  UniqueFd fd = MovedUp(memfd_create(name, MFD_CLOEXEC));
  if (!fd.ok() || ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
    return SystemTrouble("make a file in memory", errno);
  }
  return fd;
}

absl::StatusOr<UniqueFd> MemoryFileOf(const char* name, Bytes content) {
  auto fd = MemoryFile(name, 0);
  if (!fd.ok()) return fd;
  if (absl::Status done = Rewrite(fd->get(), content); !done.ok()) return done;
  return fd;
}

absl::Status Rewrite(int fd, Bytes content) {
  struct stat file{};
  const auto size = static_cast<off_t>(content.size());
  // Pages that are kept are cheaper than pages that are made anew.
  if (fstat(fd, &file) != 0 ||
      (file.st_size != size && ftruncate(fd, size) != 0)) {
    return SystemTrouble("resize a file", errno);
  }
  size_t written = 0;
  while (written < content.size()) {
    const ssize_t more =
        pwrite(fd, content.data() + written, content.size() - written,
               static_cast<off_t>(written));
    if (more < 0 && errno == EINTR) continue;
    if (more <= 0) return SystemTrouble("write an input", errno);
    written += static_cast<size_t>(more);
  }
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> ReadOnly(int fd) {
  const std::string path = Concat("/proc/self/fd/", fd);
  UniqueFd copy = MovedUp(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!copy.ok()) return SystemTrouble("reopen a file in memory", errno);
  return copy;
}

absl::StatusOr<Ends> MakePipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return SystemTrouble("make a pipe", errno);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return Ends{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

absl::StatusOr<Ends> MakePacketSockets() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    return SystemTrouble("make sockets", errno);
  }
  Ends sockets{MovedUp(ends[0]), MovedUp(ends[1])};
  if (!sockets.first.ok() || !sockets.second.ok()) {
    return SystemTrouble("make sockets", errno);
  }
  return sockets;
}

absl::StatusOr<Ends> MakeTerminal() {
  int master = -1;
  int terminal = -1;
  if (openpty(&master, &terminal, nullptr, nullptr, nullptr) != 0) {
    return SystemTrouble("make a terminal", errno);
  }
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(terminal, F_SETFD, FD_CLOEXEC);
  fcntl(master, F_SETFL, O_NONBLOCK);
  // What is typed comes through as it is, and is not echoed as output.
  termios mode{};
  tcgetattr(terminal, &mode);
  mode.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
  mode.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  tcsetattr(terminal, TCSANOW, &mode);
  return Ends{UniqueFd(master), UniqueFd(terminal)};
}

}  // namespace formfuzz::campaign
