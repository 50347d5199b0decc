// SPDX-License-Identifier: Apache-2.0
// What the program compares, for the runs in which somebody wants to know. In
// all other runs a comparison costs a call and a branch more.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COMPARE_COMPARISONS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COMPARE_COMPARISONS_H_

#include <cstddef>
#include <cstdint>

#include "campaign/process/wire/comparison_log.h"

namespace formfuzz::campaign {

inline constexpr uint8_t kNotedOfPlace = 24;

// Notes from now on, into an emptied log; nullptr: nothing.
void TraceComparisons(ComparisonLog* log);

// Set by TraceComparisons, for IsTraced to look at without a call.
extern ComparisonLog* comparison_log __attribute__((visibility("hidden")));
inline bool IsTraced() {
  return __builtin_expect(comparison_log != nullptr, 0);
}

// Where a comparison is made: what __builtin_return_address says.
uint32_t PlaceOf(const void* address);

// While IsTraced(). Of one place no more than `most` pairs.
void NoteNumbers(const ComparedNumbers& numbers, uint8_t most = kNotedOfPlace);
void NoteMemory(uint32_t place, const void* left, const void* right,
                size_t size);
// Up to `most` bytes of each, or to its end.
void NoteStrings(uint32_t place, const char* left, const char* right,
                 size_t most);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COMPARE_COMPARISONS_H_
