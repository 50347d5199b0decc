// SPDX-License-Identifier: Apache-2.0
// Which mounts of the host a sandbox is to show.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_MOUNTS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_MOUNTS_H_

#include <cstddef>

#include "campaign/process/wire/nursery_messages.h"

namespace formfuzz::campaign {

struct HostMount {
  char path[kPathMax];
  bool read_only = false;
};

// More mounts than this are not shown: their folders look empty.
inline constexpr size_t kHostMountsMax = 128;

struct HostMounts {
  HostMount mounts[kHostMountsMax];  // in the order of their mounting
  size_t count = 0;
};

// File systems below /. Those of the kernel, below /dev, /proc and /sys, and
// those below /run are left out.
void FindHostMounts(HostMounts& found);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_MOUNTS_H_
