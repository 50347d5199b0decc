// SPDX-License-Identifier: Apache-2.0
// The table of arguments that count, with the kernel's widths: an `int` is
// compared in its lower half, whatever the upper one holds.

#include "campaign/syscalls/calls/call.h"

#include <sys/syscall.h>

#include <algorithm>
#include <vector>

#include "campaign/syscalls/names/arch.h"

namespace formfuzz::campaign {
namespace {

constexpr uint64_t kInt = 0xffffffff;
constexpr uint64_t kLong = ~uint64_t{0};

ClassRule One(long number, uint8_t index, uint64_t mask = kInt) {
  return {static_cast<uint32_t>(number), 1, {{{index, mask}}}};
}
ClassRule Two(long number, uint8_t first, uint8_t second,
              uint64_t mask = kInt) {
  return {static_cast<uint32_t>(number), 2, {{{first, mask}, {second, mask}}}};
}
ClassRule Three(long number, uint8_t first, uint8_t second, uint8_t third) {
  return {static_cast<uint32_t>(number),
          3,
          {{{first, kInt}, {second, kInt}, {third, kInt}}}};
}

std::vector<ClassRule> RulesOfCommands() {
  return {
      One(SYS_ioctl, 1),          One(SYS_fcntl, 1),
      One(SYS_prctl, 0),          One(SYS_futex, 1),
      One(SYS_epoll_ctl, 1),      One(SYS_bpf, 0),
      One(SYS_seccomp, 0),        One(SYS_ptrace, 0, kLong),
      One(SYS_keyctl, 0),         One(SYS_quotactl, 0),
      One(SYS_shmctl, 1),         One(SYS_semctl, 2),
      One(SYS_msgctl, 1),         One(SYS_prlimit64, 1),
      One(SYS_lseek, 2),          One(SYS_flock, 1),
      One(SYS_rt_sigprocmask, 0), One(SYS_shutdown, 1),
      One(SYS_personality, 0),    One(SYS_clock_gettime, 0),
      One(SYS_clock_getres, 0),   One(SYS_clock_settime, 0),
      One(SYS_timer_create, 0),   One(SYS_timerfd_create, 0),
      One(SYS_setitimer, 0),      One(SYS_getitimer, 0),
      One(SYS_getpriority, 0),    One(SYS_setpriority, 0),
      One(SYS_ioprio_set, 0),     One(SYS_kcmp, 2),
      One(SYS_membarrier, 0),     One(SYS_sched_setscheduler, 1),
      One(SYS_rseq, 2),           Two(SYS_clock_nanosleep, 0, 1),
      Two(SYS_setsockopt, 1, 2),  Two(SYS_getsockopt, 1, 2),
      Three(SYS_socket, 0, 1, 2), Three(SYS_socketpair, 0, 1, 2),
  };
}

std::vector<ClassRule> RulesOfFlags() {
  return {
      One(SYS_openat, 2),
      Two(SYS_mmap, 2, 3, kLong),  // protection and flags belong together
      One(SYS_mprotect, 2, kLong),
      One(SYS_madvise, 2),
      One(SYS_msync, 2),
      One(SYS_mremap, 3, kLong),
      One(SYS_mlockall, 0),
      One(SYS_clone, 0, kLong),
      One(SYS_unshare, 0, kLong),
      One(SYS_setns, 1),
      One(SYS_wait4, 2),
      Two(SYS_waitid, 0, 3),
      One(SYS_pipe2, 1),
      One(SYS_dup3, 2),
      One(SYS_eventfd2, 1),
      One(SYS_signalfd4, 3),
      One(SYS_epoll_create1, 0),
      One(SYS_inotify_init1, 0),
      One(SYS_memfd_create, 1),
      One(SYS_accept4, 3),
      One(SYS_sendto, 3),
      One(SYS_recvfrom, 3),
      One(SYS_sendmsg, 2),
      One(SYS_recvmsg, 2),
      One(SYS_sendmmsg, 3),
      One(SYS_recvmmsg, 3),
      One(SYS_getrandom, 2),
      One(SYS_fallocate, 1),
      One(SYS_fadvise64, 3),
      One(SYS_sync_file_range, 3),
      One(SYS_splice, 5),
      One(SYS_tee, 3),
      One(SYS_vmsplice, 3),
      One(SYS_mount, 3, kLong),
      One(SYS_umount2, 1),
      One(SYS_unlinkat, 2),
      One(SYS_linkat, 4),
      One(SYS_renameat2, 4),
      One(SYS_fchownat, 4),
      One(SYS_newfstatat, 3),
      One(SYS_utimensat, 3),
      One(SYS_name_to_handle_at, 4),
      One(SYS_statx, 2),
      One(SYS_execveat, 4),
      One(SYS_preadv2, 5),
      One(SYS_pwritev2, 5),
      One(SYS_faccessat2, 3),
      One(SYS_close_range, 2),
      One(SYS_io_uring_setup, 0),
#ifdef SYS_open
      One(SYS_open, 1),
      One(SYS_arch_prctl, 0),
#endif
  };
}

}  // namespace

const ClassRule* ClassRuleOf(uint32_t number) {
  static const std::vector<ClassRule> rules = [] {
    std::vector<ClassRule> all = RulesOfCommands();
    for (ClassRule rule : RulesOfFlags()) {
      rule.flags = true;
      all.push_back(rule);
    }
    std::ranges::sort(all, {}, &ClassRule::number);
    return all;
  }();
  const auto found =
      std::ranges::lower_bound(rules, number, {}, &ClassRule::number);
  return found != rules.end() && found->number == number ? &*found : nullptr;
}

CallClass ClassOf(const Call& call) {
  CallClass values{};
  const ClassRule* rule =
      call.arch == NativeArch() ? ClassRuleOf(call.number) : nullptr;
  for (size_t i = 0; rule != nullptr && i < rule->count; ++i) {
    const ClassArgument& argument = rule->arguments[i];
    values[i] = call.arguments[argument.index] & argument.mask;
  }
  return values;
}

}  // namespace formfuzz::campaign
