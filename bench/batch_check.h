// SPDX-License-Identifier: Apache-2.0
// Looks at every field of a batch, so that decoding it was not for nothing.
#ifndef FORMFUZZ_BENCH_BATCH_CHECK_H_
#define FORMFUZZ_BENCH_BATCH_CHECK_H_

#include <cstdint>

#include "bench/batch.h"

namespace formfuzz::bench {

inline volatile uint64_t checked = 0;

template <class Batch>
void Check(const Batch& batch) {
  uint64_t sum = 0;
  for (const auto& request : batch) {
    sum += request.name.size() + request.vcpus + request.memory_mb;
    sum += static_cast<uint64_t>(request.action) + request.tags.size();
    if (request.weight > 1.0) ++sum;
    for (const auto& tag : request.tags) sum += tag.size();
  }
  checked = sum;
}

}  // namespace formfuzz::bench

#endif  // FORMFUZZ_BENCH_BATCH_CHECK_H_
