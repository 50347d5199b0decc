// SPDX-License-Identifier: Apache-2.0
// fork, wait, tell.

#include "campaign/process/runtime/fork_server.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "campaign/process/wire/packet_socket.h"

extern "C" char** environ;

namespace formfuzz::campaign {
namespace {

bool in_sandbox = false;
LaunchWords words;

uint64_t NanosecondsOf(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(time.tv_usec) * 1'000;
}

void TakeOut(const char* name) {
  const size_t size = strlen(name);
  char** to = environ;
  for (char** from = environ; *from != nullptr; ++from) {
    if (strncmp(*from, name, size) != 0 || (*from)[size] != '=') *to++ = *from;
  }
  *to = nullptr;
}

bool Place(const ForkAsked& asked, const int* fds) {
  for (uint32_t i = 0; i < asked.fd_count; ++i) {
    // The received ones are higher than any place, or in their place.
    if (dup2(fds[i], asked.fd_as[i]) < 0) return false;
    close(fds[i]);
  }
  for (int fd = 0; fd < 3; ++fd) {
    if ((asked.closed & (1U << fd)) != 0) close(fd);
  }
  return true;
}

// What a process that was started by exec would have of its own.
void BeginLife(const ForkAsked& asked, const int* fds) {
  close(kForkSocketFd);
  // A session of its own costs the scheduler more than a group does.
  if (asked.terminal != 0) {
    setsid();
  } else {
    setpgid(0, 0);
  }
  if (!Place(asked, fds) ||
      (asked.folder[0] != '\0' && chdir(asked.folder) != 0)) {
    _exit(127);
  }
  if (asked.terminal != 0) ioctl(0, TIOCSCTTY, 0);
  if (asked.cpu_s != 0) {
    const rlimit limit{asked.cpu_s, asked.cpu_s + 1};
    setrlimit(RLIMIT_CPU, &limit);
  }
}

// Descendants of the ended process have become our children.
uint32_t EndOrphans(pid_t group) {
  uint32_t orphans = 0;
  int status = 0;
  while (true) {
    const pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid < 0) return orphans;
    if (pid > 0) {
      ++orphans;
      continue;
    }
    // On the host only its session is known to be its own; the nursery sees
    // to the others.
    if (kill(in_sandbox ? -1 : -group, SIGKILL) != 0 && !in_sandbox) {
      return orphans + 1;
    }
    if (waitpid(-1, &status, 0) > 0) ++orphans;
  }
}

void Tell(const ForkTold& told) {
  if (!SendPacket(kForkSocketFd, &told, sizeof(told))) _exit(0);
}

void AwaitEnd(pid_t child, const ForkServerHooks& hooks) {
  ForkTold told;
  told.kind = ForkTold::Kind::kEnded;
  rusage usage{};
  while (wait4(child, &told.status, 0, &usage) < 0 && errno == EINTR) {
  }
  told.cpu_ns = NanosecondsOf(usage.ru_utime) + NanosecondsOf(usage.ru_stime);
  told.memory_peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  told.orphans = EndOrphans(child);
  if (hooks.on_ended != nullptr) hooks.on_ended();
  Tell(told);
}

void TellFailed(int error) {
  ForkTold told;
  told.kind = ForkTold::Kind::kFailed;
  told.status = error;
  Tell(told);
}

LaunchBlock* MapBlock() {
  void* at = mmap(nullptr, kLaunchBlockBytes, PROT_READ | PROT_WRITE,
                  MAP_SHARED, kForkBlockFd, 0);
  if (at == MAP_FAILED) _exit(127);
  close(kForkBlockFd);
  return static_cast<LaunchBlock*>(at);
}

}  // namespace

bool HasSupervisor() {
  const char* value = getenv(kForkServerVariable);
  if (value == nullptr) return false;
  in_sandbox = strcmp(value, kInSandbox) == 0;
  TakeOut(kForkServerVariable);
  TakeOut("LD_PRELOAD");
  TakeOut("LD_BIND_NOW");
  return fcntl(kForkSocketFd, F_GETFD) >= 0;
}

LaunchWords& ServeForks(const ForkServerHooks& hooks) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  LaunchBlock* block = MapBlock();
  Tell(hooks.hello);
  while (true) {
    ForkAsked asked;
    ReceivedFds received;
    if (ReceivePacket(kForkSocketFd, &asked, sizeof(asked), received) !=
            sizeof(asked) ||
        asked.fd_count != received.count) {
      _exit(0);
    }
    const bool readable = words.Read(*block);
    const pid_t child = readable ? _Fork() : -1;
    if (child == 0) {
      BeginLife(asked, received.fds);
      return words;
    }
    const int error = readable ? errno : EINVAL;
    block->forked = child;
    for (const int fd : received.all()) close(fd);
    if (child > 0) {
      AwaitEnd(child, hooks);
    } else {
      TellFailed(error);
    }
  }
}

}  // namespace formfuzz::campaign
