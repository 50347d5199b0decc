// SPDX-License-Identifier: Apache-2.0
// Hit counts of the program's own edges, as clang's inline-8bit-counters keep
// them, laid into shared memory in place: not a byte is copied, and they
// outlive the process.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COVERAGE_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COVERAGE_H_

#include <cstddef>
#include <cstdint>

namespace formfuzz::campaign {

// Puts the counters of all modules into the file at `offset`; says how many
// bytes of it they span. Modules linked without the wrapper are left out:
// their counters share pages with other data.
size_t ShareCounters(int fd, size_t offset);

// Of a batch: appends the counts to `to` and makes them zero.
void TakeCounts(uint8_t* to);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COVERAGE_H_
