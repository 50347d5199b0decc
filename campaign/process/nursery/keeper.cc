// SPDX-License-Identifier: Apache-2.0
// Filter, fork, obey.

#include "campaign/process/nursery/keeper.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "campaign/process/nursery/children.h"
#include "campaign/process/wire/guard.h"
#include "campaign/process/wire/packet_socket.h"

extern "C" const char __executable_start[];
extern "C" const char etext[];

namespace formfuzz::campaign {
namespace {

// Orphans that fork are looked for so often; then the keeper goes with them.
constexpr int kRoundsMax = 100;

[[noreturn]] void Keep(int socket, LaunchBlock& block, bool is_init,
                       pid_t nursery) {
  static LaunchWords words;
  close(kNurserySocketFd);
  Answer guarded;
  const int listener = GuardSelf(block);
  if (listener < 0) guarded.error = -listener;
  SendPacket(socket, &guarded, sizeof(guarded),
             std::span(&listener, listener < 0 ? 0 : 1));
  if (listener < 0) _exit(1);
  close(listener);
  while (true) {
    Start start;
    ReceivedFds received;
    if (ReceivePacket(socket, &start, sizeof(start), received) !=
        sizeof(start)) {
      _exit(0);
    }
    Answer answer;
    answer.value =
        words.Read(block)
            ? StartProgram(start, words, received.all(), {is_init, nursery})
            : -EINVAL;
    SendPacket(socket, &answer, sizeof(answer));
    for (const int fd : received.all()) close(fd);
  }
}

// Those that the kernel lists as ours; read anew each time.
int OpenChildren() {
  char path[64];
  snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
  return open(path, O_RDONLY | O_CLOEXEC);
}

}  // namespace

OwnCode CodeOfNursery() {
  return {reinterpret_cast<uint64_t>(__executable_start),
          reinterpret_cast<uint64_t>(etext)};
}

int Keeper::Renew(LaunchBlock& block) {
  End();
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) != 0) {
    return -errno;
  }
  const pid_t nursery = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    close(sockets[0]);
    Keep(sockets[1], block, is_init_, nursery);
  }
  const int error = errno;
  close(sockets[1]);
  socket_ = sockets[0];
  if (pid_ < 0) {
    Lost();
    return -error;
  }
  Answer answer;
  ReceivedFds received;
  if (ReceivePacket(socket_, &answer, sizeof(answer), received) !=
      sizeof(answer)) {
    End();
    return -ESRCH;
  }
  if (received.count != 1) End();
  return received.count == 1 ? received.fds[0] : -answer.error;
}

pid_t Keeper::Start(const struct Start& start, std::span<const int> fds) {
  Answer answer;
  ReceivedFds received;
  const bool answered = SendPacket(socket_, &start, sizeof(start), fds) &&
                        ReceivePacket(socket_, &answer, sizeof(answer),
                                      received) == sizeof(answer);
  return answered ? answer.value : -ESRCH;
}

bool Keeper::EndOthersOnce(int children) const {
  int status = 0;
  while (waitpid(-1, &status, WNOHANG) > 0) {
  }
  char text[4096];
  const ssize_t size = pread(children, text, sizeof(text) - 1, 0);
  if (size < 0) return false;
  text[size] = '\0';
  bool others = false;
  char* at = text;
  for (long pid = strtol(at, &at, 10); pid > 0; pid = strtol(at, &at, 10)) {
    if (pid == pid_) continue;
    others = true;
    kill(static_cast<pid_t>(pid), SIGKILL);
  }
  if (others) waitpid(-1, &status, 0);
  return !others;
}

void Keeper::EndOthers() {
  const int children = OpenChildren();
  bool done = false;
  for (int round = 0; !done && round < kRoundsMax; ++round) {
    done = EndOthersOnce(children);
  }
  close(children);
  if (done) return;
  KillEverybody(is_init_);
  Lost();
}

void Keeper::End() {
  if (pid_ > 0) {
    int status = 0;
    kill(pid_, SIGKILL);
    waitpid(pid_, &status, 0);
  }
  Lost();
}

void Keeper::Lost() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  pid_ = -1;
}

}  // namespace formfuzz::campaign
