// SPDX-License-Identifier: Apache-2.0
// Putting the calling process, and all that it starts, under a filter that
// somebody else has made. Raw, so that it serves static and preloaded code.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_GUARD_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_GUARD_H_

#include <linux/filter.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "campaign/process/wire/launch_block.h"

namespace formfuzz::campaign {

// The kernel's, which older headers do not know all of.
inline constexpr unsigned kSetModeFilter = 1;
inline constexpr unsigned long kNewListener = 1UL << 3;
inline constexpr unsigned long kWaitKillable = 1UL << 5;  // Linux 5.19

// The block holds the instructions, text_bytes of them. The listener,
// close-on-exec, or -errno.
inline int GuardSelf(LaunchBlock& block) {
  sock_fprog program{};
  program.len =
      static_cast<unsigned short>(block.text_bytes / sizeof(sock_filter));
  program.filter = reinterpret_cast<sock_filter*>(block.text);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
  const long listener = syscall(SYS_seccomp, kSetModeFilter,
                                kNewListener | kWaitKillable, &program);
  return listener < 0 ? -errno : static_cast<int>(listener);
}

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_GUARD_H_
