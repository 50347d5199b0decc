// SPDX-License-Identifier: Apache-2.0
// The file system that a fuzzed program sees: the host's, under overlays whose
// upper layers are memory and are thrown away; nothing it writes reaches the
// host. What cannot have an overlay is read-only. /dev holds the harmless
// devices alone, /proc and /sys are read-only, /run is empty.
//
// Made in a mount namespace of its own, by a process that may mount.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_ROOT_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_ROOT_H_

#include <cstdint>

#include "campaign/process/nursery/trouble.h"

namespace formfuzz::campaign {

struct RootFolders {
  int scratch = -1;  // kScratchFolder
  int layers = -1;   // the memory below the overlays
};

// Builds it and moves into it. `folders` are descriptors, close-on-exec.
Trouble EnterRoot(uint64_t disk_bytes, RootFolders& folders);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_NURSERY_ROOT_H_
