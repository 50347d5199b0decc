// SPDX-License-Identifier: Apache-2.0
// What namespaces(7) and capabilities(7) offer, applied once a sandbox.

#include "campaign/process/nursery/namespaces.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "campaign/process/wire/guard.h"
#include "campaign/process/wire/keyrings.h"

namespace formfuzz::campaign {
namespace {

// What is left to a program that runs as root: to own and enter files, which
// are its sandbox's, to change users and to end what it started.
constexpr int kKeptCapabilities[] = {
    CAP_CHOWN,  CAP_DAC_OVERRIDE, CAP_FOWNER,     CAP_FSETID,          CAP_KILL,
    CAP_SETGID, CAP_SETUID,       CAP_SYS_CHROOT, CAP_NET_BIND_SERVICE};

bool IsKept(int capability) {
  for (const int kept : kKeptCapabilities) {
    if (kept == capability) return true;
  }
  return false;
}

bool WriteWhole(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const ssize_t size = static_cast<ssize_t>(strlen(text));
  const bool done = write(fd, text, strlen(text)) == size;
  close(fd);
  return done;
}

// Everybody stays who they are; other users look like nobody.
bool MapUser(uid_t uid, gid_t gid) {
  char map[64];
  snprintf(map, sizeof(map), "%u %u 1", uid, uid);
  if (!WriteWhole("/proc/self/setgroups", "deny") ||
      !WriteWhole("/proc/self/uid_map", map)) {
    return false;
  }
  snprintf(map, sizeof(map), "%u %u 1", gid, gid);
  return WriteWhole("/proc/self/gid_map", map);
}

// From Linux 6.14 on the setting is one of each PID namespace; before, writing
// it would change the host.
bool HasOwnPidMax() {
  utsname kernel{};
  int major = 0;
  int minor = 0;
  return uname(&kernel) == 0 &&
         sscanf(kernel.release, "%d.%d", &major, &minor) == 2 &&
         (major > 6 || (major == 6 && minor >= 14));
}

// A hard limit on processes, which counts root's as well, unlike
// RLIMIT_NPROC: so many fork no more, however fast they are.
void LimitProcesses(uint32_t processes_max) {
  constexpr uint32_t kReservedPids = 300;  // the kernel's; fewer are refused
  constexpr uint32_t kOurs = 16;           // nursery, forkserver, and air
  if (processes_max == 0 || !HasOwnPidMax()) return;
  char most[16];
  snprintf(most, sizeof(most), "%u", kReservedPids + processes_max + kOurs);
  WriteWhole("/proc/sys/kernel/pid_max", most);
}

// The port of a server that closed a connection first would stay taken for a
// minute: no server of the next run could have it.
void ForgetEndedConnections() {
  WriteWhole("/proc/sys/net/ipv4/tcp_max_tw_buckets", "0");
}

Trouble RaiseLoopback() {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return TroubleWith("open a socket");
  ifreq request{};
  strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const bool up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
  const Trouble trouble = up ? Trouble{} : TroubleWith("raise lo");
  close(fd);
  return trouble;
}

// Every address of IPv4 is one of this network's own: who connects elsewhere is
// refused, as where nobody listens, and a resolver gets as far as to have
// asked. Where the kernel will not have it, nobody can be reached.
void OwnAllAddresses() {
  struct {
    nlmsghdr header{};
    rtmsg route{};
    rtattr about{};
    uint32_t device = if_nametoindex("lo");
  } request;
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = RTM_NEWROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE;
  request.route.rtm_family = AF_INET;
  request.route.rtm_table = RT_TABLE_LOCAL;
  request.route.rtm_protocol = RTPROT_BOOT;
  request.route.rtm_scope = RT_SCOPE_HOST;
  request.route.rtm_type = RTN_LOCAL;
  request.about.rta_type = RTA_OIF;
  request.about.rta_len = RTA_LENGTH(sizeof(request.device));
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0) return;
  [[maybe_unused]] const ssize_t sent =
      send(fd, &request, sizeof(request), MSG_NOSIGNAL);
  close(fd);
}

constexpr uint16_t kLoad = BPF_LD | BPF_W | BPF_ABS;
constexpr uint16_t kAtLeast = BPF_JMP | BPF_JGE | BPF_K;
constexpr uint16_t kReturn = BPF_RET | BPF_K;
constexpr size_t kRuleSize = 7;

// For one architecture, whose token is loaded; others jump behind it.
void WriteRule(const KeyringNumbers& calls, uint32_t refusal,
               sock_filter* rule) {
  const sock_filter code[kRuleSize] = {
      {BPF_JMP | BPF_JEQ | BPF_K, 0, kRuleSize - 1, calls.arch},
      {kLoad, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_ALU | BPF_AND | BPF_K, 0, 0, ~kX32NumberBit},
      {kAtLeast, 0, 2, calls.first},
      {kAtLeast, 1, 0, calls.first + kKeyringCalls},
      {kReturn, 0, 0, refusal},
      {kReturn, 0, 0, SECCOMP_RET_ALLOW}};
  for (size_t i = 0; i < kRuleSize; ++i) rule[i] = code[i];
}

// Looks at numbers alone: the kernel remembers of each call that it passes,
// and runs no filter for it. Where calls are watched, a question must come
// before the refusal: that of a trace which nobody follows, ENOSYS as well,
// ranks below it, and holds until the watcher's filter is in force.
Trouble RefuseKeyrings(bool watched) {
  const uint32_t refusal =
      watched ? SECCOMP_RET_TRACE : SECCOMP_RET_ERRNO | ENOSYS;
  constexpr size_t kSize = std::size(kKeyringNumbers) * kRuleSize + 2;
  // Without this kernels before 5.16 slow down whoever is under a filter.
  constexpr unsigned long kSpeculate = 1UL << 2;
  sock_filter code[kSize] = {{kLoad, 0, 0, offsetof(seccomp_data, arch)}};
  sock_filter* rule = code + 1;
  for (const KeyringNumbers& calls : kKeyringNumbers) {
    WriteRule(calls, refusal, rule);
    rule += kRuleSize;
  }
  *rule = {kReturn, 0, 0, SECCOMP_RET_ALLOW};
  const sock_fprog program{static_cast<unsigned short>(kSize), code};
  if (syscall(SYS_seccomp, kSetModeFilter, kSpeculate, &program) != 0) {
    return TroubleWith("keep programs from keyrings");
  }
  return {};
}

// A chroot need not be a mount: all of the namespace is parted, from its top.
bool PartMounts() {
  const int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  const bool parted =
      GoToTopOfMounts() &&
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
      fchdir(root) == 0 && chroot(".") == 0;
  const int error = errno;
  close(root);
  errno = error;
  return parted;
}

}  // namespace

bool GoToTopOfMounts() {
  const int own = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  if (own < 0) return false;
  const bool gone = setns(own, CLONE_NEWNS) == 0;
  const int error = errno;
  close(own);
  errno = error;
  return gone;
}

pid_t EnterNamespaces(const SetUp& set_up, Trouble& trouble) {
  unsigned long flags =
      CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | SIGCHLD;
  if (set_up.share_ipc == 0) flags |= CLONE_NEWIPC;
  const uid_t uid = geteuid();
  const gid_t gid = getegid();
  if (uid != 0) flags |= CLONE_NEWUSER;
  const pid_t pid = static_cast<pid_t>(
      syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
  if (pid < 0) trouble = TroubleWith("make namespaces");
  if (pid != 0) return pid;
  if (uid != 0 && !MapUser(uid, gid)) trouble = TroubleWith("map the user");
  if (!trouble && !PartMounts()) trouble = TroubleWith("part the mounts");
  LimitProcesses(set_up.processes_max);
  ForgetEndedConnections();
  return 0;
}

Trouble FinishNamespaces(const SetUp& set_up) {
  if (sethostname("formfuzz", 8) != 0) return TroubleWith("name the host");
  if (const Trouble trouble = RaiseLoopback()) return trouble;
  if (set_up.owns_addresses != 0) OwnAllAddresses();
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    if (!IsKept(capability)) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return TroubleWith("forgo new privileges");
  }
  return RefuseKeyrings(set_up.watched != 0);
}

}  // namespace formfuzz::campaign
