// SPDX-License-Identifier: Apache-2.0
// The time seam. NowMs may stand still or jump in either direction; the manager
// never sees time go backwards because it keeps the highest value seen.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_CLOCK_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_CLOCK_H_

#include <cstdint>

namespace vm_manager {

class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since the Unix epoch, 0 or more. Called under the manager's
  // lock.
  virtual int64_t NowMs() = 0;
};

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_CLOCK_H_
