// SPDX-License-Identifier: Apache-2.0
// What namespaces(7) and capabilities(7) offer, applied once a sandbox.

#include "campaign/process/nursery/namespaces.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>

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

}  // namespace

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
  if (!trouble &&
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    trouble = TroubleWith("part the mounts");
  }
  LimitProcesses(set_up.processes_max);
  ForgetEndedConnections();
  return 0;
}

Trouble FinishNamespaces() {
  if (sethostname("formfuzz", 8) != 0) return TroubleWith("name the host");
  if (const Trouble trouble = RaiseLoopback()) return trouble;
  for (int capability = 0; capability <= CAP_LAST_CAP; ++capability) {
    if (!IsKept(capability)) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return TroubleWith("forgo new privileges");
  }
  return {};
}

}  // namespace formfuzz::campaign
