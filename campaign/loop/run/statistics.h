// SPDX-License-Identifier: Apache-2.0
// The numbers of a run of the process loop, as of one moment.
#ifndef FORMFUZZ_CAMPAIGN_LOOP_RUN_STATISTICS_H_
#define FORMFUZZ_CAMPAIGN_LOOP_RUN_STATISTICS_H_

#include <cstdint>

namespace formfuzz::campaign {

struct Statistics {
  uint64_t executions = 0;
  uint64_t run_ns = 0;        // since the start
  uint64_t last_new_ns = 0;   // when something new was seen last
  uint64_t last_new_run = 0;  // executions until then
  uint64_t features = 0;      // learnt; edges, where there are edges
  uint64_t cells = 0;         // of the coverage map; 0 without one
  uint64_t corpus = 0;        // entries
  uint64_t favoured = 0;
  uint64_t depth_max = 0;
  uint64_t crashes = 0;  // executions, the same one again included
  uint64_t hangs = 0;
  uint64_t findings = 0;      // different ones
  uint64_t unstable = 0;      // features that came and went
  uint64_t imported = 0;      // kept inputs that another worker found
  uint64_t corpus_bytes = 0;  // of inputs held in memory
  uint64_t unwritten = 0;     // kept inputs that the disk did not take
  double residual = 1;        // chance that the next execution is new
};

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_LOOP_RUN_STATISTICS_H_
