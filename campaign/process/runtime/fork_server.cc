// SPDX-License-Identifier: Apache-2.0
// fork, wait, tell.

#include "campaign/process/runtime/fork_server.h"

#include <fcntl.h>
#include <sched.h>
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
uint32_t* stage = nullptr;  // in the launch block, in a forked process
LaunchWords words;
char* own_text = nullptr;  // of the words: a program may write over its own

uint64_t NanosecondsOf(const timeval& time) {
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(time.tv_usec) * 1'000;
}

// Descriptors and folder are the server's own, for its processes to inherit.
bool Place(const ForkAsked& asked, const int* fds) {
  for (uint32_t i = 0; i < asked.fd_count; ++i) {
    // The received ones are higher than any place, or in their place.
    if (fds[i] == asked.fd_as[i]) continue;
    if (OwnCall(SYS_dup2, fds[i], asked.fd_as[i]) < 0) return false;
    OwnCall(SYS_close, fds[i]);
  }
  return asked.folder[0] == '\0' || OwnCall(SYS_chdir, asked.folder) == 0;
}

bool ReadWords(const LaunchBlock& block) {
  if (block.text_bytes > sizeof(block.text)) return false;
  if (own_text == nullptr) {
    const long at =
        OwnCall(SYS_mmap, 0L, sizeof(block.text), PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == -1) return false;
    own_text = reinterpret_cast<char*>(at);
  }
  memcpy(own_text, block.text, block.text_bytes);
  return words.Read(block, own_text);
}

// What a process that was started by exec would have of its own.
void BeginLife(const ForkAsked& asked) {
  OwnCall(SYS_close, kForkSocketFd);
  // A session of its own costs the scheduler more than a group does.
  if (asked.terminal != 0) {
    OwnCall(SYS_setsid);
  } else {
    OwnCall(SYS_setpgid, 0, 0);
  }
  for (int fd = 0; fd < 3; ++fd) {
    if ((asked.closed & (1U << fd)) != 0) OwnCall(SYS_close, fd);
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
  OwnCall(SYS_madvise, &block, sizeof(block), MADV_DOFORK);  // its stage
  ForkTold told;
  told.kind = ForkTold::Kind::kGuarded;
  SendPacket<OwnCalls>(kForkSocketFd, &told, sizeof(told),
                       std::span(&listener, 1));
  OwnCall(SYS_close, listener);
  MarkPhase(PhaseMark::kServer);
}

// What the C library keeps of the thread that forks, as the kernel knows it.
struct ThreadRecord {
  int* id = nullptr;
  void* robust_list = nullptr;
  size_t robust_bytes = 0;
};

ThreadRecord ReadThreadRecord() {
  constexpr int kGetTidAddress = 40;  // PR_GET_TID_ADDRESS
  ThreadRecord record;
  if (prctl(kGetTidAddress, &record.id, 0, 0, 0) != 0) record.id = nullptr;
  if (syscall(SYS_get_robust_list, 0, &record.robust_list,
              &record.robust_bytes) != 0) {
    record.id = nullptr;
  }
  return record;
}

// Does what _Fork does by calls of our own, which no filter asks about.
pid_t Fork(const ThreadRecord& thread) {
  if (!guarded || thread.id == nullptr) return _Fork();
  const pid_t child = static_cast<pid_t>(
      OwnCall(SYS_clone, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD,
              nullptr, nullptr, thread.id, nullptr));
  if (child == 0) {
    OwnCall(SYS_set_robust_list, thread.robust_list, thread.robust_bytes);
  }
  return child;
}

LaunchBlock* MapBlock() {
  void* at = mmap(nullptr, kLaunchBlockBytes, PROT_READ | PROT_WRITE,
                  MAP_SHARED, kForkBlockFd, 0);
  if (at == MAP_FAILED) _exit(127);
  close(kForkBlockFd);
  madvise(at, kLaunchBlockBytes, MADV_DONTFORK);
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

void SetStage(PhaseMark mark) {
  if (stage != nullptr) *stage = static_cast<uint32_t>(mark);
}

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
  const ThreadRecord thread = ReadThreadRecord();
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
    const bool ready = Place(asked, received.fds) &&
                       (asked.keeps_words != 0 || ReadWords(*block));
    // In the server: each process that writes there copies a page.
    if (hooks.replaces_environment && environ != words.variables) {
      environ = words.variables;
    }
    if (guarded) stage = &block->stage;
    block->stage = 0;
    const bool traces = asked.traces != 0 && hooks.on_traced != nullptr;
    if (traces) hooks.on_traced(TracedFork::kBefore);
    const pid_t child = ready ? Fork(thread) : -1;
    if (child == 0) {
      BeginLife(asked);
      if (traces) hooks.on_traced(TracedFork::kInProcess);
      SetStage(PhaseMark::kStartUp);
      return words;
    }
    const int error = ready ? errno : EINVAL;
    if (traces) hooks.on_traced(TracedFork::kAfter);
    block->forked = child;
    if (child > 0) {
      AwaitEnd(child, hooks);
    } else {
      TellFailed(error);
    }
  }
}

}  // namespace formfuzz::campaign
