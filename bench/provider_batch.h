// SPDX-License-Identifier: Apache-2.0
// The batch as FuzzedDataProvider's users write it.
#ifndef FORMFUZZ_BENCH_PROVIDER_BATCH_H_
#define FORMFUZZ_BENCH_PROVIDER_BATCH_H_

#include <fuzzer/FuzzedDataProvider.h>

#include <vector>

#include "bench/batch.h"

namespace formfuzz::bench {

inline std::vector<RequestOwner> DecodeByProvider(const uint8_t* data,
                                                  size_t size) {
  FuzzedDataProvider in(data, size);
  std::vector<RequestOwner> requests;
  for (size_t i = 0; i < kRequests; ++i) {
    RequestOwner request;
    request.name = in.ConsumeRandomLengthString(kNameMax);
    request.vcpus = in.ConsumeIntegralInRange<uint32_t>(1, 64);
    request.memory_mb = in.ConsumeIntegral<uint64_t>();
    request.action = static_cast<Action>(in.ConsumeIntegralInRange(0, 4));
    const size_t tags = in.ConsumeIntegralInRange<size_t>(0, kTagsMax);
    for (size_t tag = 0; tag < tags; ++tag) {
      request.tags.push_back(in.ConsumeRandomLengthString(kTagMax));
    }
    request.weight = in.ConsumeFloatingPoint<double>();
    requests.push_back(std::move(request));
  }
  return requests;
}

}  // namespace formfuzz::bench

#endif  // FORMFUZZ_BENCH_PROVIDER_BATCH_H_
