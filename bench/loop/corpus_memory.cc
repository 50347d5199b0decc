// SPDX-License-Identifier: Apache-2.0
// What kept inputs cost the process loop in memory; prints Markdown:
//   corpus_memory [ENTRIES]
// As many entries as asked for (1,000,000), of 40 bytes and 16 features each,
// held in memory, with the scheduler that is the default. The heap's own
// rounding is part of it.

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "campaign/corpus/corpus.h"
#include "campaign/loop/mutate/deterministic_walks.h"
#include "campaign/loop/queue/scheduler.h"

namespace formfuzz::campaign {
namespace {

constexpr size_t kInputBytes = 40;
constexpr size_t kLongBytes = 4096;  // of what is walked
constexpr size_t kFeaturesEach = 16;

size_t HeapBytes() {
  const struct mallinfo2 now = mallinfo2();
  return now.uordblks + now.hblkhd;
}

// What `make` leaves on the heap, for each of `count` entries.
template <class Make>
void Report(const char* what, size_t count, Make make) {
  const size_t before = HeapBytes();
  make();
  const size_t after = HeapBytes();
  printf("| %s | %zu | %.0f | %.0f MiB |\n", what, count,
         static_cast<double>(after - before) / static_cast<double>(count),
         static_cast<double>(after - before) / (1 << 20));
}

Entry MakeEntry(Random& random) {
  Entry entry;
  entry.run_ns = 1000 + random.Below(100'000);
  entry.coverage_score = 1;
  Feature feature = 0;
  for (size_t i = 0; i < kFeaturesEach; ++i) {
    feature += 1 + static_cast<Feature>(random.Below(4096));
    entry.features.push_back(feature);
  }
  entry.features.shrink_to_fit();
  return entry;
}

int Main(int argc, char** argv) {
  const size_t count = argc > 1 ? strtoull(argv[1], nullptr, 10) : 1'000'000;
  if (count == 0 || count > UINT32_MAX) {
    fprintf(stderr, "usage: corpus_memory [ENTRIES]\n");
    return 2;
  }
  Random random(1);
  Corpus corpus({.entries_max = count, .memory_bytes_max = SIZE_MAX});
  FeatureCounts counts;
  auto scheduler = *MakeScheduler("fast", counts);
  DeterministicWalks walks;
  printf("| what | entries | bytes each | together |\n|---|---|---|---|\n");
  Report("corpus, inputs held", count, [&] {
    for (size_t i = 0; i < count; ++i) {
      uint8_t input[kInputBytes] = {};
      for (uint8_t& byte : input) byte = static_cast<uint8_t>(random.Next());
      corpus.Add(MakeEntry(random), input);
    }
  });
  Report("scheduler", count, [&] {
    for (const Entry& entry : corpus.entries()) scheduler->Add(entry);
  });
  Report("walks that were begun", count, [&] {
    for (const Entry& entry : corpus.entries()) {
      walks.Of(entry.id, kLongBytes);
    }
  });
  return 0;
}

}  // namespace
}  // namespace formfuzz::campaign

int main(int argc, char** argv) { return formfuzz::campaign::Main(argc, argv); }
