// SPDX-License-Identifier: Apache-2.0
// By madvise before and after the fork.

#include "campaign/process/runtime/forks/traced_fork.h"

#include <sys/mman.h>

#include "campaign/process/runtime/compare/comparisons.h"
#include "campaign/process/runtime/own_calls.h"

namespace formfuzz::campaign {
namespace {

ComparisonLog* shared = nullptr;

void Advise(int advice) {
  OwnCall(SYS_madvise, shared, kComparisonLogBytes, advice);
}

}  // namespace

void SetComparisonLog(ComparisonLog* log) {
  shared = log;
  Advise(MADV_DONTFORK);
}

void ShareComparisonLog(TracedFork when) {
  if (when == TracedFork::kInProcess) {
    TraceComparisons(shared);
  } else {
    Advise(when == TracedFork::kBefore ? MADV_DOFORK : MADV_DONTFORK);
  }
}

}  // namespace formfuzz::campaign
