// SPDX-License-Identifier: Apache-2.0
// Every other form of operator new ends in one of these two; nothing here
// fails, as a benchmark that is out of memory has nothing left to measure.
#include "bench/allocations.h"

#include <cstdlib>
#include <new>

namespace {

uint64_t allocations = 0;

}  // namespace

namespace formfuzz::bench {

uint64_t Allocations() { return allocations; }

}  // namespace formfuzz::bench

void* operator new(size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}

void* operator new(size_t size, std::align_val_t alignment) {
  ++allocations;
  const auto step = static_cast<size_t>(alignment);
  void* memory = std::aligned_alloc(step, (size + step - 1) / step * step);
  if (memory == nullptr) std::abort();
  return memory;
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  std::free(memory);
}
