// SPDX-License-Identifier: Apache-2.0
// Faults below the mocks: what a binary that was linked with INJECT can make
// fail of its own allocations and calls of libc.
//
// The parts in framework/fault/inject/ stand in front of functions by
// ld --wrap; which of them are in a binary is what its link chose. They fail
// calls made inside_component only, and only those of code linked statically:
// what happens within shared libraries passes by.
#ifndef FORMFUZZ_FRAMEWORK_FAULT_INJECTION_H_
#define FORMFUZZ_FRAMEWORK_FAULT_INJECTION_H_

#include <span>
#include <string_view>
#include <vector>

namespace formfuzz {

// The points of this binary, in the order of their names.
std::vector<std::string_view> InjectedPoints();

// Called by each part before main().
bool AddInjectedPoints(std::span<const std::string_view> names);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FAULT_INJECTION_H_
