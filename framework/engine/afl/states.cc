// SPDX-License-Identifier: Apache-2.0
// To the runtime this is one more module with edges, which it gives places in
// its map before the map is made.
#include "framework/engine/afl/states.h"

// The map, wherever it is now; null without AFL++'s runtime.
extern "C" __attribute__((weak)) uint8_t* __afl_area_ptr;
// What a module compiled with trace-pc-guard calls at its start.
extern "C" __attribute__((weak)) void __sanitizer_cov_trace_pc_guard_init(
    uint32_t* start, uint32_t* stop);

namespace formfuzz {
namespace {

uint32_t places[kAflStatesMax];  // in the map; 0 is none

void AskForPlaces() {
  if (HasAflMap() && &__sanitizer_cov_trace_pc_guard_init != nullptr) {
    __sanitizer_cov_trace_pc_guard_init(places, places + kAflStatesMax);
  }
}

// With those of the compiler's modules: later, the map has its size.
__attribute__((section(".init_array.00002"),
               used)) void (*const ask_for_places)() = &AskForPlaces;

}  // namespace

bool HasAflMap() { return &__afl_area_ptr != nullptr; }

void ShowStatesToAfl(std::span<uint8_t> counters) {
  for (size_t i = 0; i < counters.size() && i < kAflStatesMax; ++i) {
    if (counters[i] == 0) continue;
    if (places[i] != 0) __afl_area_ptr[places[i]] = counters[i];
    counters[i] = 0;
  }
}

}  // namespace formfuzz
