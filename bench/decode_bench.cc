// SPDX-License-Identifier: Apache-2.0
// One batch decoded from the same random 1 KiB: by FuzzedDataProvider, into
// views, into owning types.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/fuzzed_data_batch.h"
#include "framework/base/random.h"

namespace formfuzz::bench {
namespace {

constexpr size_t kInputs = 64;  // different ones, so that nothing is foretold

std::vector<std::vector<uint8_t>> Inputs() {
  Random random(1);
  std::vector<std::vector<uint8_t>> inputs(kInputs);
  for (auto& input : inputs) {
    input.resize(kInputBytes);
    for (uint8_t& byte : input) byte = static_cast<uint8_t>(random.Next());
  }
  return inputs;
}

void ByProvider(benchmark::State& state) {
  const auto inputs = Inputs();
  size_t next = 0;
  for (auto _ : state) {
    const auto& input = inputs[next++ % kInputs];
    benchmark::DoNotOptimize(DecodeByProvider(input.data(), input.size()));
  }
}
BENCHMARK(ByProvider);

template <class Domain>
void ByDomain(benchmark::State& state, const Domain& domain) {
  const auto inputs = Inputs();
  Arena arena;
  size_t next = 0;
  for (auto _ : state) {
    arena.Reset();
    ByteSource in(inputs[next++ % kInputs], arena);
    benchmark::DoNotOptimize(domain.Decode(in));
  }
}
BENCHMARK_CAPTURE(ByDomain, views, ViewDomain());
BENCHMARK_CAPTURE(ByDomain, owners, OwnerDomain());

}  // namespace
}  // namespace formfuzz::bench
