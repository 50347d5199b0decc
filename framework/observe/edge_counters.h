// SPDX-License-Identifier: Apache-2.0
// The counters that the compiler put into what is fuzzed: inline 8-bit ones of
// SanitizerCoverage, which the linker gathers, of this binary.
#ifndef FORMFUZZ_FRAMEWORK_OBSERVE_EDGE_COUNTERS_H_
#define FORMFUZZ_FRAMEWORK_OBSERVE_EDGE_COUNTERS_H_

#include <cstddef>
#include <cstdint>
#include <span>

// Made by the linker where code has such counters; null without any.
extern "C" uint8_t __start___sancov_cntrs[]
    __attribute__((weak, visibility("hidden")));
extern "C" uint8_t __stop___sancov_cntrs[]
    __attribute__((weak, visibility("hidden")));

namespace formfuzz {

inline std::span<uint8_t> EdgeCounters() {
  uint8_t* const first = __start___sancov_cntrs;
  return {first, static_cast<size_t>(__stop___sancov_cntrs - first)};
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_OBSERVE_EDGE_COUNTERS_H_
