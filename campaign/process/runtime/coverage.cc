// SPDX-License-Identifier: Apache-2.0
// The callbacks of SanitizerCoverage and the remapping of what they announce.

#include "campaign/process/runtime/coverage.h"

#include <sys/mman.h>

#include <cstring>

#include "campaign/process/wire/run_memory.h"

namespace formfuzz::campaign {
namespace {

// Executable and shared libraries with counters; more are not measured.
constexpr size_t kModulesMax = 64;

struct Module {
  uint8_t* counters = nullptr;
  size_t mapped = 0;  // bytes to the end of its last page
  size_t used = 0;    // of these, edges
  size_t at = 0;      // in the shared counts
};

Module modules[kModulesMax];
size_t module_count = 0;
size_t last_module = 0;

bool IsPage(const void* at) {
  return reinterpret_cast<uintptr_t>(at) % kPageBytes == 0;
}

void AddModule(uint8_t* start, uint8_t* stop) {
  if (start == stop) return;
  for (last_module = 0; last_module < module_count; ++last_module) {
    if (modules[last_module].counters == start) return;
  }
  if (module_count == kModulesMax) return;
  const size_t size = static_cast<size_t>(stop - start);
  modules[module_count++] = {start, size, size, 0};
}

bool Share(int fd, size_t offset, Module& module) {
  if (!IsPage(module.counters) || module.mapped % kPageBytes != 0) return false;
  return mmap(module.counters, module.mapped, PROT_READ | PROT_WRITE,
              MAP_SHARED | MAP_FIXED, fd,
              static_cast<off_t>(offset + module.at)) != MAP_FAILED;
}

}  // namespace

size_t ShareCounters(int fd, size_t offset) {
  size_t end = 0;
  size_t next = 0;
  for (size_t i = 0; i < module_count; ++i) {
    Module& module = modules[i];
    module.at = next;
    if (next + module.mapped > kCountersMax || !Share(fd, offset, module)) {
      module.used = 0;
      continue;
    }
    end = next + module.used;
    next += module.mapped;
  }
  return end;
}

void TakeCounts(uint8_t* to) {
  for (size_t i = 0; i < module_count; ++i) {
    const Module& module = modules[i];
    memcpy(to + module.at, module.counters, module.used);
    memset(module.counters, 0, module.used);
  }
}

}  // namespace formfuzz::campaign

extern "C" {

void __sanitizer_cov_8bit_counters_init(uint8_t* start, uint8_t* stop) {
  formfuzz::campaign::AddModule(start, stop);
}

// Two words an edge: tells how many of the counters are not padding.
void __sanitizer_cov_pcs_init(const uintptr_t* begin, const uintptr_t* end) {
  using namespace formfuzz::campaign;  // NOLINT: two names of one file
  if (last_module >= module_count) return;
  const size_t edges = static_cast<size_t>(end - begin) / 2;
  Module& module = modules[last_module];
  if (edges <= module.mapped) module.used = edges;
}
}
