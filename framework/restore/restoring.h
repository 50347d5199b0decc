// SPDX-License-Identifier: Apache-2.0
// How a subject comes back to its first state before each scenario.
#ifndef FORMFUZZ_FRAMEWORK_RESTORE_RESTORING_H_
#define FORMFUZZ_FRAMEWORK_RESTORE_RESTORING_H_

#include <cstdint>

namespace formfuzz {

enum class Restoring : uint8_t {
  // Destroyed and made anew: always right, and the default.
  kRebuild,
  // Its own `void Reset(Run&)`; made anew after a scenario that failed.
  kReset,
  // Made once, without faults, in memory of its own, which is then restored;
  // never destroyed. For strategies of one task, with SNAPSHOT at link time.
  // What it keeps elsewhere stays as it is: files, descriptors, and what a
  // static first made in a step refers to.
  kSnapshot,
  // Each scenario in a forked child, which is thrown away with whatever it
  // holds: for components whose statics nobody can reset. For strategies of
  // one task; slow, and blind to what only the process sees (docs/faults.md).
  kFork,
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_RESTORE_RESTORING_H_
