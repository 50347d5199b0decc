// SPDX-License-Identifier: Apache-2.0
// Hooks of the sanitizers' allocator, SanitizerCoverage's counters, and
// perf_event_open(2).
#include "framework/observe/step_meter.h"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <span>

#include "framework/base/clock.h"
#include "framework/observe/edge_counters.h"

// Of sanitizer/allocator_interface.h; there only with a sanitizer.
extern "C" __attribute__((weak)) int __sanitizer_install_malloc_and_free_hooks(
    void (*on_malloc)(const volatile void* memory, size_t size),
    void (*on_free)(const volatile void* memory));

namespace formfuzz {
namespace {

// The allocator's hook has no place for a pointer of ours. Of one thread: a
// step's helpers in other threads are not the step's own cost.
thread_local uint64_t allocations = 0;
thread_local uint64_t allocated_bytes = 0;

void OnMalloc(const volatile void*, size_t size) {
  ++allocations;
  allocated_bytes += size;
}
void OnFree(const volatile void*) {}

bool InstallHooks() {
  return __sanitizer_install_malloc_and_free_hooks != nullptr &&
         __sanitizer_install_malloc_and_free_hooks(&OnMalloc, &OnFree) != 0;
}

int OpenInstructionCounter() {
  perf_event_attr wanted{};
  wanted.type = PERF_TYPE_HARDWARE;
  wanted.size = sizeof wanted;
  wanted.config = PERF_COUNT_HW_INSTRUCTIONS;
  wanted.exclude_kernel = 1;
  wanted.exclude_hv = 1;
  return static_cast<int>(
      syscall(SYS_perf_event_open, &wanted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

}  // namespace

bool StepMeter::counts_allocations() {
  static const bool hooked = InstallHooks();  // can never be taken back
  return hooked;
}

bool StepMeter::counts_edges() { return !EdgeCounters().empty(); }

StepMeter::StepMeter() : perf_fd_(OpenInstructionCounter()) {
  counts_allocations();
}

StepMeter::~StepMeter() {
  if (perf_fd_ >= 0) close(perf_fd_);
}

StepCost StepMeter::Now() const {
  StepCost now{.allocations = allocations, .bytes = allocated_bytes};
  if (perf_fd_ >= 0 &&
      read(perf_fd_, &now.instructions, sizeof now.instructions) !=
          sizeof now.instructions) {
    now.instructions = 0;
  }
  return now;
}

void StepMeter::Begin() {
  const std::span<const uint8_t> edges = EdgeCounters();
  edges_begin_.assign(edges.begin(), edges.end());
  begin_ = Now();
}

StepCost StepMeter::End() {
  const StepCost now = Now();
  StepCost cost{.allocations = now.allocations - begin_.allocations,
                .bytes = now.bytes - begin_.bytes,
                .instructions = now.instructions - begin_.instructions};
  const std::span<const uint8_t> edges = EdgeCounters();
  for (size_t i = 0; i < edges_begin_.size(); ++i) {
    cost.edges += static_cast<uint8_t>(edges[i] - edges_begin_[i]);
  }
  return cost;
}

}  // namespace formfuzz
