// SPDX-License-Identifier: Apache-2.0
// What an execution of the process loop pays for its event, with nobody
// listening and with somebody who does nothing.
#include <benchmark/benchmark.h>

#include "campaign/loop/run/events.h"

namespace formfuzz::campaign {
namespace {

void TellOf(benchmark::State& state, const Events& events) {
  const Bytes input = AsBytes("hello");
  const Execution execution;
  for (auto _ : state) {
    benchmark::DoNotOptimize(&events);
    benchmark::ClobberMemory();
    Tell(events.OnExecution, input, execution);
  }
}

void NobodyListens(benchmark::State& state) { TellOf(state, Events()); }
BENCHMARK(NobodyListens);

void OneListens(benchmark::State& state) {
  Events events;
  events.OnExecution.push_back([](Bytes, const Execution&) {});
  TellOf(state, events);
}
BENCHMARK(OneListens);

}  // namespace
}  // namespace formfuzz::campaign
