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

#include "campaign/process/runtime/environment.h"
#include "campaign/process/runtime/own_calls.h"
#include "campaign/process/wire/guard.h"
#include "campaign/process/wire/packet_socket.h"

namespace formfuzz::campaign {
namespace {

bool in_sandbox = false;
bool guarded = false;
LaunchWords words;

uint64_t NanosecondsOf(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(time.tv_usec) * 1'000;
}

bool Place(const ForkAsked& asked, const int* fds) {
  for (uint32_t i = 0; i < asked.fd_count; ++i) {
    // The received ones are higher than any place, or in their place.
    if (OwnCall(SYS_dup2, fds[i], asked.fd_as[i]) < 0) return false;
    OwnCall(SYS_close, fds[i]);
  }
  for (int fd = 0; fd < 3; ++fd) {
    if ((asked.closed & (1U << fd)) != 0) OwnCall(SYS_close, fd);
  }
  return true;
}

// What a process that was started by exec would have of its own.
void BeginLife(const ForkAsked& asked, const int* fds) {
  OwnCall(SYS_close, kForkSocketFd);
  // A session of its own costs the scheduler more than a group does.
  if (asked.terminal != 0) {
    OwnCall(SYS_setsid);
  } else {
    OwnCall(SYS_setpgid, 0, 0);
  }
  if (!Place(asked, fds) ||
      (asked.folder[0] != '\0' && OwnCall(SYS_chdir, asked.folder) != 0)) {
    _exit(127);
  }
  if (asked.terminal != 0) OwnCall(SYS_ioctl, 0, TIOCSCTTY, 0);
  if (asked.cpu_s != 0) {
    const rlimit limit{asked.cpu_s, asked.cpu_s + 1};
    OwnCall(SYS_prlimit64, 0, RLIMIT_CPU, &limit, nullptr);
  }
}

// Descendants of the ended process have become our children.
uint32_t EndOrphans(pid_t group) {
  uint32_t orphans = 0;
  int status = 0;
  while (true) {
    const pid_t pid = OwnCalls::Wait(-1, &status, WNOHANG, nullptr);
    if (pid < 0) return orphans;
    if (pid > 0) {
      ++orphans;
      continue;
    }
    // On the host only its session is known to be its own; the nursery sees
    // to the others.
    if (OwnCall(SYS_kill, in_sandbox ? -1 : -group, SIGKILL) != 0 &&
        !in_sandbox) {
      return orphans + 1;
    }
    if (OwnCalls::Wait(-1, &status, 0, nullptr) > 0) ++orphans;
  }
}

void Tell(const ForkTold& told) {
  if (!SendPacket<OwnCalls>(kForkSocketFd, &told, sizeof(told))) _exit(0);
}

void AwaitEnd(pid_t child, const ForkServerHooks& hooks) {
  ForkTold told;
  told.kind = ForkTold::Kind::kEnded;
  rusage usage{};
  while (OwnCalls::Wait(child, &told.status, 0, &usage) < 0 && errno == EINTR) {
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

// From now on all that is forked from here is under the filter in the block.
void Guard(LaunchBlock& block) {
  const int listener = GuardSelf(block);
  if (listener < 0) {
    TellFailed(-listener);
    return;
  }
  guarded = true;
  ForkTold told;
  told.kind = ForkTold::Kind::kGuarded;
  SendPacket<OwnCalls>(kForkSocketFd, &told, sizeof(told),
                       std::span(&listener, 1));
  OwnCall(SYS_close, listener);
  MarkPhase(PhaseMark::kServer);
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
  OwnCall(SYS_close, kLibraryFd);
  return fcntl(kForkSocketFd, F_GETFD) >= 0;
}

bool IsGuarded() { return guarded; }

bool HasObserver() {
  if (getenv(kMarksVariable) == nullptr) return false;
  TakeOut(kMarksVariable);
  TakeOut("LD_PRELOAD");
  OwnCall(SYS_close, kLibraryFd);
  return true;
}

LaunchWords& ServeForks(const ForkServerHooks& hooks) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  LaunchBlock* block = MapBlock();
  ForkTold hello = hooks.hello;
  hello.own = CodeOfOwnCalls();
  Tell(hello);
  while (true) {
    ForkAsked asked;
    ReceivedFds received;
    if (ReceivePacket<OwnCalls>(kForkSocketFd, &asked, sizeof(asked),
                                received) != sizeof(asked) ||
        asked.fd_count != received.count) {
      _exit(0);
    }
    if (asked.guard != 0) {
      Guard(*block);
      continue;
    }
    const bool readable = words.Read(*block);
    const pid_t child = readable ? _Fork() : -1;
    if (child == 0) {
      BeginLife(asked, received.fds);
      return words;
    }
    const int error = readable ? errno : EINVAL;
    block->forked = child;
    for (const int fd : received.all()) OwnCall(SYS_close, fd);
    if (child > 0) {
      AwaitEnd(child, hooks);
    } else {
      TellFailed(error);
    }
  }
}

}  // namespace formfuzz::campaign
