// SPDX-License-Identifier: Apache-2.0
// Counts what a program takes from the heap. Linking allocations.cc replaces
// operator new of the whole program; malloc() called directly is not counted.
#ifndef FORMFUZZ_BENCH_ALLOCATIONS_H_
#define FORMFUZZ_BENCH_ALLOCATIONS_H_

#include <cstdint>

namespace formfuzz::bench {

// Calls of operator new so far. For programs of one thread.
uint64_t Allocations();

}  // namespace formfuzz::bench

#endif  // FORMFUZZ_BENCH_ALLOCATIONS_H_
