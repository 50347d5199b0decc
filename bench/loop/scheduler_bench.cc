// SPDX-License-Identifier: Apache-2.0
// Picking an entry and weighing it anew, with a thousand and a million entries.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "campaign/loop/queue/scheduler.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kFeaturesEach = 16;

std::vector<Entry> MakeEntries(size_t count, FeatureCounts& counts) {
  Random random(1);
  std::vector<Entry> entries(count);
  for (size_t i = 0; i < count; ++i) {
    Entry& entry = entries[i];
    entry.id = static_cast<EntryId>(i);
    entry.size = static_cast<uint32_t>(random.Below(4096));
    entry.run_ns = 1000 + random.Below(100'000);
    entry.favoured = random.OneIn(8);
    for (size_t k = 0; k < kFeaturesEach; ++k) {
      entry.features.push_back(static_cast<Feature>(random.Below(1 << 16)));
    }
    counts.Count(entry.features);
  }
  return entries;
}

void PickAndReweigh(benchmark::State& state, std::string_view name) {
  FeatureCounts counts;
  auto scheduler = *MakeScheduler(name, counts);
  std::vector<Entry> entries =
      MakeEntries(static_cast<size_t>(state.range(0)), counts);
  for (const Entry& entry : entries) scheduler->Add(entry);
  Random random(2);
  for (auto _ : state) {
    Entry& entry = entries[scheduler->Pick(random)];
    ++entry.picks;
    entry.executions += 256;
    entry.path_hits = random.Below(1 << 20);
    scheduler->Update(entry);
  }
  state.SetItemsProcessed(state.iterations());
}

void Register() {
  for (const std::string_view name : SchedulerNames()) {
    benchmark::RegisterBenchmark(
        std::string(name).c_str(),
        [name](benchmark::State& state) { PickAndReweigh(state, name); })
        ->Arg(1000)
        ->Arg(1'000'000);
  }
}

const bool registered = (Register(), true);

}  // namespace
}  // namespace formfuzz::campaign
