// SPDX-License-Identifier: Apache-2.0
// Of programs that our compiler built: numbers come by the callbacks of
// SanitizerCoverage, texts by the linker's --wrap.

#include <algorithm>
#include <cstring>

#include "campaign/process/runtime/compare/comparisons.h"

namespace ours = formfuzz::campaign;

namespace {

constexpr uint64_t kCasesMax = 256;

}  // namespace

#define FORMFUZZ_PLACE ours::PlaceOf(__builtin_return_address(0))
#define FORMFUZZ_NUMBERS(NAME, TYPE, CONSTANT)                    \
  extern "C" void NAME(TYPE left, TYPE right) {                   \
    if (ours::IsTraced()) {                                       \
      ours::NoteNumbers(                                          \
          {left, right, sizeof(TYPE), CONSTANT, FORMFUZZ_PLACE}); \
    }                                                             \
  }

FORMFUZZ_NUMBERS(__sanitizer_cov_trace_cmp1, uint8_t, 0)
FORMFUZZ_NUMBERS(__sanitizer_cov_trace_cmp2, uint16_t, 0)
FORMFUZZ_NUMBERS(__sanitizer_cov_trace_cmp4, uint32_t, 0)
FORMFUZZ_NUMBERS(__sanitizer_cov_trace_cmp8, uint64_t, 0)
FORMFUZZ_NUMBERS(__sanitizer_cov_trace_const_cmp1, uint8_t, 1)
FORMFUZZ_NUMBERS(__sanitizer_cov_trace_const_cmp2, uint16_t, 1)
FORMFUZZ_NUMBERS(__sanitizer_cov_trace_const_cmp4, uint32_t, 1)
FORMFUZZ_NUMBERS(__sanitizer_cov_trace_const_cmp8, uint64_t, 1)

// cases: how many, their bits, then each.
extern "C" void __sanitizer_cov_trace_switch(uint64_t value, uint64_t* cases) {
  if (!ours::IsTraced()) return;
  const uint64_t count = std::min(cases[0], kCasesMax);
  for (uint64_t i = 0; i < count; ++i) {
    ours::NoteNumbers({cases[2 + i], value, static_cast<uint16_t>(cases[1] / 8),
                       1, FORMFUZZ_PLACE},
                      255);
  }
}

extern "C" {

int __real_memcmp(const void* left, const void* right, size_t size);
int __wrap_memcmp(const void* left, const void* right, size_t size) {
  if (ours::IsTraced()) ours::NoteMemory(FORMFUZZ_PLACE, left, right, size);
  return __real_memcmp(left, right, size);
}
int __real_bcmp(const void* left, const void* right, size_t size);
int __wrap_bcmp(const void* left, const void* right, size_t size) {
  if (ours::IsTraced()) ours::NoteMemory(FORMFUZZ_PLACE, left, right, size);
  return __real_bcmp(left, right, size);
}
int __real_strcmp(const char* left, const char* right);
int __wrap_strcmp(const char* left, const char* right) {
  if (ours::IsTraced())
    ours::NoteStrings(FORMFUZZ_PLACE, left, right, ours::kComparedBytesMax);
  return __real_strcmp(left, right);
}
int __real_strncmp(const char* left, const char* right, size_t most);
int __wrap_strncmp(const char* left, const char* right, size_t most) {
  if (ours::IsTraced()) ours::NoteStrings(FORMFUZZ_PLACE, left, right, most);
  return __real_strncmp(left, right, most);
}
int __real_strcasecmp(const char* left, const char* right);
int __wrap_strcasecmp(const char* left, const char* right) {
  if (ours::IsTraced())
    ours::NoteStrings(FORMFUZZ_PLACE, left, right, ours::kComparedBytesMax);
  return __real_strcasecmp(left, right);
}
int __real_strncasecmp(const char* left, const char* right, size_t most);
int __wrap_strncasecmp(const char* left, const char* right, size_t most) {
  if (ours::IsTraced()) ours::NoteStrings(FORMFUZZ_PLACE, left, right, most);
  return __real_strncasecmp(left, right, most);
}
char* __real_strstr(const char* text, const char* word);
char* __wrap_strstr(const char* text, const char* word) {
  if (ours::IsTraced())
    ours::NoteStrings(FORMFUZZ_PLACE, text, word, strlen(word));
  return __real_strstr(text, word);
}
}
