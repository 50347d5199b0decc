// SPDX-License-Identifier: Apache-2.0
// The batch by FuzzedDataProvider under libFuzzer, as a target's whole run.
#include "bench/batch_check.h"
#include "bench/provider_batch.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto batch = formfuzz::bench::DecodeByProvider(data, size);
  formfuzz::bench::Check(batch);
  return 0;
}
