// SPDX-License-Identifier: Apache-2.0
// What the program compares, for the runs in which somebody wants to know:
// clang's callbacks for numbers, the linker's --wrap for texts. In all other
// runs a comparison costs one call and one branch more.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COMPARE_COMPARISONS_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COMPARE_COMPARISONS_H_

#include "campaign/process/wire/comparison_log.h"

namespace formfuzz::campaign {

// Notes from now on, into an emptied log; nullptr: nothing.
void TraceComparisons(ComparisonLog* log);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_COMPARE_COMPARISONS_H_
