// SPDX-License-Identifier: Apache-2.0
// Tables of what is implied.

#include "campaign/syscalls/policy/implied.h"

#include <set>
#include <string>

#include "campaign/syscalls/names/call_names.h"

namespace formfuzz::campaign {
namespace {

struct ImpliedCall {
  std::string_view name;
  std::string_view reason;
};

constexpr std::string_view kVdso =
    "answered without the kernel on this host; a real call where the clock "
    "source or the hypervisor does not allow that";
constexpr std::string_view kHandlers = "every signal handler returns by it";

constexpr ImpliedCall kImplied[] = {
    {"restart_syscall",
     "the kernel makes it when a sleep goes on after SIGSTOP and SIGCONT"},
    {"rt_sigreturn", kHandlers},
    {"sigreturn", kHandlers},
    {"exit", "a thread ends by it"},
    {"exit_group", "a process ends by it"},
    {"execve", "the filter is in force before the program is executed"},
    {"clock_gettime", kVdso},
    {"clock_gettime64", kVdso},
    {"clock_getres", kVdso},
    {"clock_getres_time64", kVdso},
    {"gettimeofday", kVdso},
    {"time", kVdso},
    {"getcpu", kVdso},
};

// What strace saw of runc 1.1.5 and crun 1.8.1 between the filter and execve,
// with and without no_new_privs, in twelve starts each. runc is written in Go,
// whose runtime schedules, sleeps and grows when it likes, and its later
// releases take the newer calls for files; both are in the list.
constexpr std::string_view kRuncCalls[] = {
    "capget",         "capset",       "chdir",       "clone",
    "close",          "close_range",  "dup3",        "epoll_ctl",
    "epoll_pwait",    "execve",       "exit_group",  "faccessat2",
    "fcntl",          "fstat",        "fstatfs",     "futex",
    "getcwd",         "getdents64",   "getpid",      "getppid",
    "gettid",         "madvise",      "mmap",        "munmap",
    "nanosleep",      "newfstatat",   "openat",      "openat2",
    "prctl",          "read",         "readlinkat",  "rt_sigaction",
    "rt_sigprocmask", "rt_sigreturn", "sched_yield", "setgid",
    "setgroups",      "setuid",       "sigaltstack", "statx",
    "tgkill",         "write"};
constexpr std::string_view kCrunCalls[] = {
    "capset",         "close",   "execve",    "prctl",     "rt_sigaction",
    "rt_sigprocmask", "seccomp", "setresgid", "setresuid", "write"};

void AddImplied(Arch arch, const ImpliedCall& call, Profile* profile) {
  const auto number = NumberOfCall(arch, call.name);
  if (!number) return;
  if (ProfileEntry* entry = Find(*profile, arch, *number)) {
    if (entry->allowed()) {
      entry->arguments.clear();
      entry->phases = 0;
      return;
    }
    entry->presence = Presence::kImplied;
    entry->reason = std::string(call.reason);
    return;
  }
  profile->entries.push_back({.arch = arch,
                              .number = *number,
                              .name = std::string(call.name),
                              .presence = Presence::kImplied,
                              .reason = std::string(call.reason)});
  Sort(*profile);
}

}  // namespace

void AddImplied(Profile& profile) {
  std::set<Arch> arches;
  Sort(profile);
  for (const ProfileEntry& entry : profile.entries) {
    if (entry.allowed()) arches.insert(entry.arch);
  }
  if (arches.empty()) arches.insert(NativeArch());
  for (const Arch arch : arches) {
    for (const ImpliedCall& call : kImplied) AddImplied(arch, call, &profile);
  }
}

std::span<const std::string_view> CallsOf(Runtime runtime) {
  switch (runtime) {
    case Runtime::kNone:
      return {};
    case Runtime::kRunc:
      return kRuncCalls;
    case Runtime::kCrun:
      return kCrunCalls;
  }
  return {};
}

std::string_view ReasonOf(Runtime runtime) {
  switch (runtime) {
    case Runtime::kNone:
      return "";
    case Runtime::kRunc:
      return "runc's own calls between its filter and the program are allowed";
    case Runtime::kCrun:
      return "crun's own calls between its filter and the program are allowed";
  }
  return "";
}

}  // namespace formfuzz::campaign
