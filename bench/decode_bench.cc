// SPDX-License-Identifier: Apache-2.0
// One batch decoded from the same random 1 KiB: by FuzzedDataProvider, into
// views, into owning types; and once more by domains of which the compiler
// knows only the type, as in a harness, where they are members of steps. The
// counter `allocations` is of one decode with an arena that was used before.
#include <benchmark/benchmark.h>

#include <vector>

#include "bench/allocations.h"
#include "bench/provider_batch.h"
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

// `decode` takes an input and gives the batch.
template <class Decode>
[[gnu::always_inline]] inline void Measure(benchmark::State& state,
                                           Decode&& decode) {
  const auto inputs = Inputs();
  size_t next = 0;
  const uint64_t before = Allocations();
  for (auto _ : state) {
    benchmark::DoNotOptimize(decode(inputs[next++ % kInputs]));
  }
  state.counters["allocations"] =
      benchmark::Counter(static_cast<double>(Allocations() - before),
                         benchmark::Counter::kAvgIterations);
}

void Provider(benchmark::State& state) {
  Measure(state, [](const std::vector<uint8_t>& input) {
    return DecodeByProvider(input.data(), input.size());
  });
}
BENCHMARK(Provider);

template <class Domain>
[[gnu::always_inline]] inline void Decode(benchmark::State& state,
                                          const Domain& domain) {
  Arena arena;
  arena.Allocate(1, 1);
  Measure(state, [&](const std::vector<uint8_t>& input) {
    arena.Reset();
    ByteSource in(input, arena);
    return domain.Decode(in);
  });
}

// The domain is a constant beside the code that decodes.
template <auto kMake>
void Known(benchmark::State& state) {
  Decode(state, kMake());
}
BENCHMARK(Known<ViewDomain>)->Name("KnownViews");
BENCHMARK(Known<OwnerDomain>)->Name("KnownOwners");

template <auto kMake>
void Opaque(benchmark::State& state) {
  auto domain = kMake();
  benchmark::DoNotOptimize(domain);
  Decode(state, domain);
}
BENCHMARK(Opaque<ViewDomain>)->Name("OpaqueViews");
BENCHMARK(Opaque<OwnerDomain>)->Name("OpaqueOwners");

}  // namespace
}  // namespace formfuzz::bench
