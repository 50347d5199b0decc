// SPDX-License-Identifier: Apache-2.0
// Scenarios of networking that put at most so many datagrams on the wire, all
// of what comes after the last step included. Counter "datagrams": of a
// scenario, on average.
#include "bench/played/played.h"

namespace formfuzz::bench {
namespace {

constexpr size_t kDatagramSent = 0;  // fault point that each shows once

void Networking(benchmark::State& state) {
  const auto datagrams_max = static_cast<uint64_t>(state.range(0));
  uint64_t scenarios = 0;
  uint64_t datagrams = 0;
  PlayScenarios(state, [&](const Player& player) {
    const uint64_t sent = player.hits(kDatagramSent);
    if (sent == 0 || sent > datagrams_max) return false;
    ++scenarios;
    datagrams += sent;
    return true;
  });
  state.counters["datagrams"] =
      static_cast<double>(datagrams) / static_cast<double>(scenarios);
}
BENCHMARK(Networking)->Arg(32)->Arg(1000);

}  // namespace
}  // namespace formfuzz::bench
