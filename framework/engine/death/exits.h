// SPDX-License-Identifier: Apache-2.0
// A component that ends the process: exit, quick_exit, _exit and _Exit.
//
// The latter two are defined in the binary itself, in front of libc's. What
// calls the kernel directly, or is killed, is seen from outside alone; see
// framework/finding/in_flight.h.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_DEATH_EXITS_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_DEATH_EXITS_H_

namespace formfuzz {

// Once a process.
void WatchExits();

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_DEATH_EXITS_H_
