// SPDX-License-Identifier: Apache-2.0
// fork, wait, tell.

#include "campaign/process/runtime/forks/fork_server.h"

#include <fcntl.h>
#include <locale.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "campaign/process/runtime/environment.h"
#include "campaign/process/runtime/forks/hot_pages.h"
#include "campaign/process/runtime/own_calls.h"
#include "campaign/process/wire/guard.h"
#include "campaign/process/wire/packet_socket.h"
#include "campaign/process/wire/run_memory.h"

namespace formfuzz::campaign {
namespace {

bool in_sandbox = false;
bool loads_locale = false;
locale_t locale = nullptr;  // kept: only what is used stays loaded
bool guarded = false;
uint32_t* stage = nullptr;  // in the launch block, in a forked process
LaunchWords words;
HotPages hot_pages;
// Text of the words: a program may write over its own. What is short lies
// beside the program's own memory, so that a fork copies one table less.
char short_text[16 << 10];
char* long_text = nullptr;

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

char* TextOf(size_t bytes) {
  if (bytes <= sizeof(short_text)) return short_text;
  if (long_text == nullptr) {
    const long at =
        OwnCall(SYS_mmap, 0L, sizeof(LaunchBlock), PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == -1) return nullptr;
    long_text = reinterpret_cast<char*>(at);
  }
  return long_text;
}

bool ReadWords(const LaunchBlock& block) {
  const size_t bytes = block.text_bytes;
  if (bytes > sizeof(block.text)) return false;
  char* text = TextOf(bytes);
  if (text == nullptr) return false;
  memcpy(text, block.text, bytes);
  return words.Read(block, text, bytes);
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
    const pid_t pid = OwnCalls::Reap(&status);
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

void TellOfRun(LaunchBlock& block, const ForkTold& told) {
  if (guarded) return Tell(told);  // the program may write to the block
  block.told = told;
  const auto awaits = static_cast<Awaits>(
      block.awaits.exchange(static_cast<uint32_t>(Awaits::kNothing)));
  if (awaits == Awaits::kWord) {
    Wake(block.awaits);
  } else {
    Tell(told);
  }
}

void AwaitEnd(LaunchBlock& block, pid_t child, const ForkServerHooks& hooks) {
  ForkTold told;
  told.kind = ForkTold::Kind::kEnded;
  rusage usage{};
  while (true) {
    const pid_t awaited = hot_pages.witness() != 0 ? -1 : child;
    const pid_t ended = OwnCalls::Wait(awaited, &told.status, 0, &usage);
    if (ended == child || (ended < 0 && errno != EINTR)) break;
    if (ended == hot_pages.witness()) hot_pages.Forget();
  }
  if (hot_pages.witness() != 0) hot_pages.Learn();
  told.cpu_ns = NanosecondsOf(usage.ru_utime) + NanosecondsOf(usage.ru_stime);
  told.memory_peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  told.orphans = EndOrphans(child);
  if (hooks.on_ended != nullptr) hooks.on_ended();
  TellOfRun(block, told);
}

ForkTold Failure(int error) {
  ForkTold told;
  told.kind = ForkTold::Kind::kFailed;
  told.status = error;
  return told;
}

// From now on all that is forked from here is under the filter in the block.
void Guard(LaunchBlock& block) {
  const int listener = GuardSelf(block);
  if (listener < 0) {
    Tell(Failure(-listener));
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

bool SupervisorIsGone() {
  char byte = 0;
  return recv(kForkSocketFd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

Order AwaitOrder(LaunchBlock& block) {
  constexpr timespec kLookEvery{1, 0};
  // A process that sees the block might give orders by it.
  if (guarded) return Order::kInPacket;
  constexpr auto kNone = static_cast<uint32_t>(Order::kNone);
  while (block.order.load(std::memory_order_acquire) == kNone) {
    WaitWhile(block.order, kNone, &kLookEvery);
    if (block.order.load() == kNone && SupervisorIsGone()) _exit(0);
  }
  return static_cast<Order>(block.order.exchange(kNone));
}

void TakeOrder(LaunchBlock& block, ForkAsked& asked, ReceivedFds& received) {
  if (AwaitOrder(block) == Order::kInBlock) {
    asked = block.asked;
    asked.folder[sizeof(asked.folder) - 1] = '\0';
    if (asked.fd_count != 0 || asked.guard != 0) _exit(0);
    return;
  }
  if (ReceivePacket<OwnCalls>(kForkSocketFd, &asked, sizeof(asked), received) !=
          sizeof(asked) ||
      asked.fd_count != received.count) {
    _exit(0);
  }
}

}  // namespace

bool HasSupervisor() {
  const char* value = getenv(kForkServerVariable);
  if (value == nullptr) return false;
  in_sandbox = strcmp(value, kInSandbox) == 0;
  TakeOut(kForkServerVariable);
  TakeOut("LD_PRELOAD");
  TakeOut("LD_BIND_NOW");
  loads_locale = getenv(kLocalesVariable) != nullptr;
  TakeOut(kLocalesVariable);
  const char* tunables = getenv(kTunablesVariable);
  if (tunables != nullptr && strcmp(tunables, kTunables) == 0) {
    TakeOut(kTunablesVariable);
  }
  personality(PER_LINUX);  // programs that it starts are to be as ever
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
  // The program's own locale stays what it is until it asks for another.
  if (loads_locale) locale = newlocale(LC_ALL_MASK, "", nullptr);
  ForkTold hello = hooks.hello;
  hello.own = CodeOfOwnCalls();
  Tell(hello);
  const ThreadRecord thread = ReadThreadRecord();
  while (true) {
    ForkAsked asked;
    ReceivedFds received;
    TakeOrder(*block, asked, received);
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
    const bool observes = ready && asked.observes != 0 && hot_pages.Observe();
    const pid_t child = ready ? Fork(thread) : -1;
    if (child == 0) {
      if (observes) hot_pages.LeaveWitness();
      BeginLife(asked);
      if (traces) hooks.on_traced(TracedFork::kInProcess);
      SetStage(PhaseMark::kStartUp);
      return words;
    }
    const int error = ready ? errno : EINVAL;
    if (observes) hot_pages.MeetWitness();
    if (traces) hooks.on_traced(TracedFork::kAfter);
    block->forked = child;
    if (child > 0) {
      AwaitEnd(*block, child, hooks);
    } else {
      TellOfRun(*block, Failure(error));
    }
  }
}

}  // namespace formfuzz::campaign
