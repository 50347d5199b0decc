// SPDX-License-Identifier: Apache-2.0
// operator new and malloc that take from the active region, where there is one.
//
// The operators are replaced for the whole program, shared libraries too; the
// functions of libc by ld --wrap, in what is linked statically. Memory that is
// in no region is the C library's, or the sanitizer's, as ever: what is lost of
// AddressSanitizer is telling new from malloc.
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "framework/restore/region.h"

extern "C" {
void* __real_malloc(size_t size);
void* __real_calloc(size_t count, size_t size);
void* __real_realloc(void* memory, size_t size);
void __real_free(void* memory);
void* __wrap_malloc(size_t size);
void* __wrap_calloc(size_t count, size_t size);
void* __wrap_realloc(void* memory, size_t size);
void __wrap_free(void* memory);
}

namespace formfuzz {
namespace {

[[maybe_unused]] const bool has_memory = SetHasRegionMemory();

constexpr size_t kAlignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

void* Take(size_t size, size_t alignment) {
  Region* const region = active_region;
  if (region != nullptr) return region->Allocate(size, alignment);
  if (alignment <= kAlignment) return __real_malloc(size);
  void* memory = nullptr;
  return posix_memalign(&memory, alignment, size) == 0 ? memory : nullptr;
}

void* TakeOrThrow(size_t size, size_t alignment) {
  void* const memory = Take(size == 0 ? 1 : size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void GiveBack(void* memory) {
  if (!Region::Holds(memory)) __real_free(memory);
}

size_t Of(std::align_val_t alignment) { return static_cast<size_t>(alignment); }

}  // namespace
}  // namespace formfuzz

using formfuzz::GiveBack;
using formfuzz::kAlignment;
using formfuzz::Of;
using formfuzz::Region;
using formfuzz::Take;
using formfuzz::TakeOrThrow;

void* operator new(size_t size) { return TakeOrThrow(size, kAlignment); }
void* operator new[](size_t size) { return TakeOrThrow(size, kAlignment); }
void* operator new(size_t size, std::align_val_t alignment) {
  return TakeOrThrow(size, Of(alignment));
}
void* operator new[](size_t size, std::align_val_t alignment) {
  return TakeOrThrow(size, Of(alignment));
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return Take(size == 0 ? 1 : size, kAlignment);
}
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return Take(size == 0 ? 1 : size, kAlignment);
}
void operator delete(void* memory) noexcept { GiveBack(memory); }
void operator delete[](void* memory) noexcept { GiveBack(memory); }
void operator delete(void* memory, size_t) noexcept { GiveBack(memory); }
void operator delete[](void* memory, size_t) noexcept { GiveBack(memory); }
void operator delete(void* memory, std::align_val_t) noexcept {
  GiveBack(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  GiveBack(memory);
}
void operator delete(void* memory, size_t, std::align_val_t) noexcept {
  GiveBack(memory);
}
void operator delete[](void* memory, size_t, std::align_val_t) noexcept {
  GiveBack(memory);
}

void* __wrap_malloc(size_t size) {
  if (formfuzz::active_region == nullptr) return __real_malloc(size);
  return Take(size, kAlignment);
}
void* __wrap_calloc(size_t count, size_t size) {
  if (formfuzz::active_region == nullptr) return __real_calloc(count, size);
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) return nullptr;
  return std::memset(Take(bytes, kAlignment), 0, bytes);
}
void* __wrap_realloc(void* memory, size_t size) {
  const bool held = Region::Holds(memory);
  if (!held && (memory != nullptr || formfuzz::active_region == nullptr)) {
    return __real_realloc(memory, size);
  }
  void* const moved = Take(size, kAlignment);
  if (held && moved != nullptr) {
    const size_t before = Region::SizeOf(memory);
    std::memcpy(moved, memory, before < size ? before : size);
  }
  return moved;
}
void __wrap_free(void* memory) { GiveBack(memory); }
