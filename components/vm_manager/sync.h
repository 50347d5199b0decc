// SPDX-License-Identifier: Apache-2.0
// The locking vocabulary of the VM manager, in one header, so that a build can
// put another implementation in its place by shadowing this file alone.
// Lock order: VmManager's mutex first, then whatever an adapter locks inside
// itself. No call goes back from an adapter into the manager, so no other order
// exists.
#ifndef FORMFUZZ_COMPONENTS_VM_MANAGER_SYNC_H_
#define FORMFUZZ_COMPONENTS_VM_MANAGER_SYNC_H_

#include <condition_variable>
#include <mutex>

namespace vm_manager {

using Mutex = std::mutex;
using MutexLock = std::unique_lock<Mutex>;
using ConditionVariable = std::condition_variable;

}  // namespace vm_manager

#endif  // FORMFUZZ_COMPONENTS_VM_MANAGER_SYNC_H_
