// SPDX-License-Identifier: Apache-2.0
// vfork, exec, kill and wait inside of a sandbox.

#include "campaign/process/nursery/children.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace formfuzz::campaign {
namespace {

// Descriptors are first moved out of the way of where they go.
constexpr int kParkedFdsFrom = 240;
constexpr size_t kBirthStackBytes = size_t{64} << 10;
constexpr int kDescendantsMax = 8192;  // without a namespace: looked at at once

void Limit(int resource, uint64_t value) {
  const rlimit limit{value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &limit);
}

void SetLimits(const Start& start) {
  Limit(RLIMIT_CORE, 0);
  if (start.cpu_s != 0) {
    // The soft limit ends it by SIGXCPU, which tells; the hard one for sure.
    const rlimit limit{start.cpu_s, start.cpu_s + 1};
    setrlimit(RLIMIT_CPU, &limit);
  }
  if (start.file_bytes != 0) Limit(RLIMIT_FSIZE, start.file_bytes);
  if (start.descriptors_max != 0) Limit(RLIMIT_NOFILE, start.descriptors_max);
  if (start.processes_max != 0) Limit(RLIMIT_NPROC, start.processes_max);
}

// In the child of a vfork: system calls alone, and no memory is changed that
// the nursery would miss.
bool PlaceDescriptors(const Start& start, const int* fds) {
  int parked[kPassedFdsMax];
  for (uint32_t i = 0; i < start.fd_count; ++i) {
    parked[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, kParkedFdsFrom);
    if (parked[i] < 0) return false;
  }
  for (uint32_t i = 0; i < start.fd_count; ++i) {
    if (dup2(parked[i], start.fd_as[i]) < 0) return false;
  }
  for (int fd = 0; fd < 3; ++fd) {
    if ((start.closed & (1U << fd)) != 0) close(fd);
  }
  return true;
}

void ResetSignals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  // A handler would be dropped by exec; what is ignored would stay.
  signal(SIGPIPE, SIG_DFL);
}

[[noreturn]] void BecomeProgram(const Start& start, const LaunchWords& words,
                                const int* fds, volatile int* error) {
  // A session of its own costs the scheduler more than a group does.
  if (start.terminal != 0) {
    setsid();
  } else {
    setpgid(0, 0);
  }
  if (!PlaceDescriptors(start, fds)) {
    *error = errno;
    _exit(127);
  }
  if (start.terminal != 0) ioctl(0, TIOCSCTTY, 0);
  SetLimits(start);
  if (start.folder[0] != '\0' && chdir(start.folder) != 0) {
    *error = errno;
    _exit(127);
  }
  ResetSignals();
  if (start.fixed_addresses != 0) personality(ADDR_NO_RANDOMIZE);
  execve(words.arguments[0], words.arguments, words.variables);
  *error = errno;
  _exit(127);
}

// What a new process shares with who starts it.
struct Birth {
  const Start& start;
  const LaunchWords& words;
  const int* fds;
  const Parent& parent;
  volatile int error = 0;
};

int BeBorn(void* argument) {
  Birth& birth = *static_cast<Birth*>(argument);
  if (!birth.parent.is_init) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != birth.parent.pid) _exit(127);
  }
  BecomeProgram(birth.start, birth.words, birth.fds, &birth.error);
}

bool IsNumber(const char* name) { return *name >= '1' && *name <= '9'; }

// A file of /proc/PID; "" if the process has gone meanwhile.
struct ProcessText {
  ProcessText(const char* pid, const char* file) {
    char path[64];
    snprintf(path, sizeof(path), "/proc/%.20s/%s", pid, file);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    const ssize_t size = read(fd, text, sizeof(text) - 1);
    text[size > 0 ? size : 0] = '\0';
    close(fd);
  }

  // The kilobytes in the line that begins so, as bytes; 0 if there is none.
  uint64_t BytesIn(const char* line) const {
    const char* found = strstr(text, line);
    unsigned long long kilobytes = 0;
    if (found != nullptr) sscanf(found + strlen(line), "%llu", &kilobytes);
    return kilobytes << 10;
  }

  char text[4096] = "";
};

// What a process shares with others counts in parts, which takes the kernel
// long to say: only where there is much of it.
uint64_t MemoryBytes(const char* pid) {
  constexpr uint64_t kMuch = uint64_t{16} << 20;
  const ProcessText status(pid, "status");
  const uint64_t own = status.BytesIn("\nRssAnon:");
  const uint64_t shared = status.BytesIn("\nRssShmem:");
  if (shared <= kMuch) return own + shared;
  const ProcessText parts(pid, "smaps_rollup");
  const uint64_t part = parts.BytesIn("\nPss_Shmem:");
  return own + (part != 0 ? part : shared);
}

// A process closes its sockets only after this can be seen.
bool IsEnding(const char* pid) {
  constexpr unsigned kExiting = 0x4;  // PF_EXITING, in flags of stat
  char path[64];
  snprintf(path, sizeof(path), "/proc/%s/stat", pid);
  char text[512] = "";
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  const ssize_t size = read(fd, text, sizeof(text) - 1);
  close(fd);
  const char* after_name = size > 0 ? strrchr(text, ')') : nullptr;
  unsigned flags = 0;
  return after_name == nullptr ||
         sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %u", &flags) != 1 ||
         (flags & kExiting) != 0;
}

// Calls `visit(pid as text)` for everybody else in our PID namespace.
template <class Visit>
void ForEachInNamespace(Visit visit) {
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return;
  const pid_t self = getpid();
  while (const dirent* entry = readdir(folder)) {
    if (IsNumber(entry->d_name) && atoi(entry->d_name) != self) {
      visit(entry->d_name);
    }
  }
  closedir(folder);
}

void AppendChildrenOf(pid_t parent, pid_t* found, int* count) {
  char path[64];
  snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
  FILE* file = fopen(path, "re");
  if (file == nullptr) return;
  int pid = 0;
  while (*count < kDescendantsMax && fscanf(file, "%d", &pid) == 1) {
    found[(*count)++] = pid;
  }
  fclose(file);
}

// Calls `visit(pid)` for all descendants: we are the reaper of orphans.
template <class Visit>
void ForEachDescendant(Visit visit) {
  static pid_t found[kDescendantsMax];
  int count = 0;
  AppendChildrenOf(getpid(), found, &count);
  for (int i = 0; i < count; ++i) AppendChildrenOf(found[i], found, &count);
  for (int i = 0; i < count; ++i) visit(found[i]);
}

void SignalEverybody(bool is_init) {
  if (is_init) {
    kill(-1, SIGKILL);  // at once: no fork escapes it
    return;
  }
  ForEachDescendant([](pid_t pid) { kill(pid, SIGKILL); });
}

}  // namespace

pid_t StartProgram(const Start& start, const LaunchWords& words,
                   std::span<const int> fds, const Parent& parent) {
  if (start.fd_count != fds.size() || words.argument_count == 0) {
    return -EINVAL;
  }
  const bool given_away = parent.pid != getpid();
  alignas(16) static char stack[kBirthStackBytes];
  Birth birth{start, words, fds.data(), parent};
  const int flags = CLONE_VM | CLONE_VFORK | SIGCHLD;
  const pid_t pid = clone(BeBorn, stack + sizeof(stack),
                          flags | (given_away ? CLONE_PARENT : 0), &birth);
  if (pid < 0) return -errno;
  if (birth.error == 0) return pid;
  int status = 0;
  if (!given_away) waitpid(pid, &status, 0);
  return -birth.error;
}

void SignalOne(bool is_init, pid_t pid, int signal) {
  if (pid <= 1) return;
  if (is_init) {  // nobody else is seen from here
    kill(pid, signal);
    return;
  }
  ForEachDescendant([=](pid_t descendant) {
    if (descendant == pid) kill(pid, signal);
  });
}

int KillEverybody(bool is_init) {
  int reaped = 0;
  while (true) {
    SignalEverybody(is_init);
    int status = 0;
    const pid_t pid = waitpid(-1, &status, 0);
    if (pid > 0) {
      ++reaped;
    } else if (errno != EINTR) {
      return reaped;
    }
  }
}

Population Measure(bool is_init) {
  Population all;
  const auto add = [&all](const char* pid) {
    ++all.processes;
    if (IsEnding(pid)) ++all.ending;
    all.bytes += MemoryBytes(pid);
  };
  if (is_init) {
    ForEachInNamespace(add);
    return all;
  }
  ForEachDescendant([&add](pid_t pid) {
    char text[16];
    snprintf(text, sizeof(text), "%d", pid);
    add(text);
  });
  return all;
}

}  // namespace formfuzz::campaign
