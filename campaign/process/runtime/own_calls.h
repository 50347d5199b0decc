// SPDX-License-Identifier: Apache-2.0
// System calls of the forkserver, made by code of its own: a filter tells them
// by that from those of the program, and the C library is left alone.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_OWN_CALLS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_OWN_CALLS_H_

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <cerrno>

#include "campaign/process/wire/nursery_messages.h"

// What the kernel gives back: an error is -errno.
extern "C" __attribute__((visibility("hidden"))) long FormfuzzOwnCall(
    long number, const long* six_arguments);

namespace formfuzz::campaign {

OwnCode CodeOfOwnCalls();

template <class... Arguments>
long OwnCall(long number, Arguments... arguments) {
  const long all[6] = {(long)arguments...};
  const long result = FormfuzzOwnCall(number, all);
  if (result >= 0 || result < -4095) return result;
  errno = static_cast<int>(-result);
  return -1;
}

struct OwnCalls {
  static ssize_t Send(int socket, const msghdr* message, int flags) {
    return OwnCall(SYS_sendmsg, socket, message, flags);
  }
  static ssize_t Receive(int socket, msghdr* message, int flags) {
    return OwnCall(SYS_recvmsg, socket, message, flags);
  }
  static pid_t Wait(pid_t pid, int* status, int flags, rusage* usage) {
    return static_cast<pid_t>(OwnCall(SYS_wait4, pid, status, flags, usage));
  }
  // Of any child that has ended: 0 if none has, negative if there is none.
  // Leaves errno alone: after a fork, writing to it copies a page.
  static pid_t Reap(int* status) {
    const long all[6] = {-1, (long)status, WNOHANG};
    return static_cast<pid_t>(FormfuzzOwnCall(SYS_wait4, all));
  }
};

// What is said to who watches the calls of this process.
inline void MarkPhase(PhaseMark mark) {
  const int before = errno;
  OwnCall(kPhaseCall, static_cast<uint32_t>(mark));
  errno = before;
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_OWN_CALLS_H_
