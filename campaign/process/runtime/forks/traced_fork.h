// SPDX-License-Identifier: Apache-2.0
// The log of comparisons is there in the server, and only in such a process as
// fills it: the others, and forking them, are to be as without it.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_TRACED_FORK_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_TRACED_FORK_H_

#include "campaign/process/runtime/forks/fork_server.h"
#include "campaign/process/wire/comparison_log.h"

namespace formfuzz::campaign {

// Mapped shared, and in no process that is forked from now on.
void SetComparisonLog(ComparisonLog* log);

// For ForkServerHooks::on_traced.
void ShareComparisonLog(TracedFork when);

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_RUNTIME_FORKS_TRACED_FORK_H_
