// SPDX-License-Identifier: Apache-2.0
// States as AFL++ sees them: in a part of its own map, beside the edges, so
// that a library without coverage is explored by afl-fuzz as well. What IJON
// does by annotations, for any version that has trace-pc-guard's runtime.
#ifndef FORMFUZZ_FRAMEWORK_ENGINE_AFL_STATES_H_
#define FORMFUZZ_FRAMEWORK_ENGINE_AFL_STATES_H_

#include <cstddef>
#include <cstdint>
#include <span>

namespace formfuzz {

inline constexpr size_t kAflStatesMax = 512;

// Whether AFL++'s runtime is linked.
bool HasAflMap();

// Moves what a run left in the counters, at most kAflStatesMax, into the map.
// AFL++ tells the same eight ranges of a value apart as libFuzzer does.
void ShowStatesToAfl(std::span<uint8_t> counters);

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_ENGINE_AFL_STATES_H_
