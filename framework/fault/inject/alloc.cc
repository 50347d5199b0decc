// SPDX-License-Identifier: Apache-2.0
// Memory that is refused: one point, `alloc`, counts every way to ask for it.
#include <cstdlib>
#include <new>

#include "framework/fault/inject/call.h"
#include "framework/fault/injection.h"

namespace formfuzz {
namespace {

constexpr LibcPoint kAlloc{"alloc", {ENOMEM}, CanDo()};

constexpr std::string_view kNames[] = {kAlloc.name};
[[maybe_unused]] const bool added = AddInjectedPoints(kNames);

// What is out of memory may throw, in its own way.
bool Refuses() {
  if (!ShowAt(kAlloc)) [[likely]]
    return false;
  fault_gate->NoteThrown();
  errno = ENOMEM;
  return true;
}

template <class Real>
void* AllocateOrNull(const Real& real) {
  return Refuses() ? nullptr : real();
}

template <class Real>
void* AllocateOrThrow(const Real& real) {
  if (Refuses()) throw std::bad_alloc();
  return real();
}

}  // namespace
}  // namespace formfuzz

using formfuzz::AllocateOrNull;
using formfuzz::AllocateOrThrow;
using Nothrow = const std::nothrow_t&;

extern "C" {

void* __real_malloc(size_t size);
void* __wrap_malloc(size_t size) {
  return AllocateOrNull([=] { return __real_malloc(size); });
}
void* __real_calloc(size_t count, size_t size);
void* __wrap_calloc(size_t count, size_t size) {
  return AllocateOrNull([=] { return __real_calloc(count, size); });
}
void* __real_realloc(void* memory, size_t size);
void* __wrap_realloc(void* memory, size_t size) {
  return AllocateOrNull([=] { return __real_realloc(memory, size); });
}
void* __real_aligned_alloc(size_t alignment, size_t size);
void* __wrap_aligned_alloc(size_t alignment, size_t size) {
  return AllocateOrNull([=] { return __real_aligned_alloc(alignment, size); });
}
char* __real_strdup(const char* text);
char* __wrap_strdup(const char* text) {
  return static_cast<char*>(
      AllocateOrNull([=] { return __real_strdup(text); }));
}

// operator new and new[], with and without alignment, and those that do not
// throw, by their names in the Itanium ABI.
void* __real__Znwm(size_t size);
void* __wrap__Znwm(size_t size) {
  return AllocateOrThrow([=] { return __real__Znwm(size); });
}
void* __real__Znam(size_t size);
void* __wrap__Znam(size_t size) {
  return AllocateOrThrow([=] { return __real__Znam(size); });
}
void* __real__ZnwmSt11align_val_t(size_t size, std::align_val_t alignment);
void* __wrap__ZnwmSt11align_val_t(size_t size, std::align_val_t alignment) {
  return AllocateOrThrow(
      [=] { return __real__ZnwmSt11align_val_t(size, alignment); });
}
void* __real__ZnamSt11align_val_t(size_t size, std::align_val_t alignment);
void* __wrap__ZnamSt11align_val_t(size_t size, std::align_val_t alignment) {
  return AllocateOrThrow(
      [=] { return __real__ZnamSt11align_val_t(size, alignment); });
}
void* __real__ZnwmRKSt9nothrow_t(size_t size, Nothrow tag);
void* __wrap__ZnwmRKSt9nothrow_t(size_t size, Nothrow tag) {
  return AllocateOrNull([&] { return __real__ZnwmRKSt9nothrow_t(size, tag); });
}
void* __real__ZnamRKSt9nothrow_t(size_t size, Nothrow tag);
void* __wrap__ZnamRKSt9nothrow_t(size_t size, Nothrow tag) {
  return AllocateOrNull([&] { return __real__ZnamRKSt9nothrow_t(size, tag); });
}

}  // extern "C"
