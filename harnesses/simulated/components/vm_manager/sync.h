// SPDX-License-Identifier: Apache-2.0
// Stands in for the VM manager's header of the same path when the manager is
// built to be fuzzed: its locks are yield points of the run.
#ifndef FORMFUZZ_HARNESSES_SIMULATED_COMPONENTS_VM_MANAGER_SYNC_H_
#define FORMFUZZ_HARNESSES_SIMULATED_COMPONENTS_VM_MANAGER_SYNC_H_

#include <mutex>

#include "framework/schedule/sync/condition_variable.h"
#include "framework/schedule/sync/mutex.h"

namespace vm_manager {

using Mutex = formfuzz::sync::mutex;
using MutexLock = std::unique_lock<Mutex>;
using ConditionVariable = formfuzz::sync::condition_variable;

}  // namespace vm_manager

#endif  // FORMFUZZ_HARNESSES_SIMULATED_COMPONENTS_VM_MANAGER_SYNC_H_
