// SPDX-License-Identifier: Apache-2.0
// Numbers come by the callbacks of SanitizerCoverage, texts by wrapped
// functions of the C library. A place in the code notes a few pairs only, each
// once: a loop's counter must not fill the log.

#include "campaign/process/runtime/compare/comparisons.h"

#include <algorithm>
#include <cstring>

namespace formfuzz::campaign {
namespace {

constexpr size_t kPlaces = 4096;  // of code, folded
constexpr uint8_t kNotedOfPlace = 24;
constexpr size_t kPairs = 8192;  // remembered, folded
constexpr uint64_t kCasesMax = 256;

ComparisonLog* log = nullptr;
uint8_t noted[kPlaces];
uint32_t pairs[kPairs];

// Counted from here: the same wherever the program is loaded, but for places in
// shared libraries where addresses are drawn.
uint32_t PlaceOf(const void* address) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(address) -
                               reinterpret_cast<uintptr_t>(&TraceComparisons));
}

uint64_t Mixed(uint64_t value) {
  value *= 0x9e3779b97f4a7c15;
  return value ^ value >> 29;
}

// Whether the pair is worth a line; `most` of this place are.
bool IsNew(uint32_t place, uint64_t pair, uint8_t most) {
  const uint64_t at = Mixed(place);
  if (noted[at % kPlaces] >= most) return false;
  const uint64_t digest = Mixed(at ^ pair);
  uint32_t& known = pairs[digest % kPairs];
  const auto mark = static_cast<uint32_t>(digest >> 32) | 1;
  if (known == mark) return false;
  known = mark;
  ++noted[at % kPlaces];
  return true;
}

void NoteNumbers(const ComparedNumbers& numbers, uint8_t most = kNotedOfPlace) {
  const uint64_t pair = Mixed(numbers.left) ^ numbers.right;
  if (numbers.left == numbers.right || !IsNew(numbers.place, pair, most)) {
    return;
  }
  const uint32_t at = log->number_count.fetch_add(1, std::memory_order_relaxed);
  if (at < kComparedNumbersMax) log->numbers[at] = numbers;
}

void NoteTexts(uint32_t place, const void* left, size_t left_bytes,
               const void* right, size_t right_bytes) {
  ComparedTexts texts{};
  texts.place = place;
  texts.left_bytes =
      static_cast<uint8_t>(std::min<size_t>(left_bytes, kComparedBytesMax));
  texts.right_bytes =
      static_cast<uint8_t>(std::min<size_t>(right_bytes, kComparedBytesMax));
  memcpy(texts.left, left, texts.left_bytes);
  memcpy(texts.right, right, texts.right_bytes);
  uint64_t digest = 0;
  for (size_t i = 0; i < kComparedBytesMax; ++i) {
    digest = Mixed(digest ^ texts.left[i]) + texts.right[i];
  }
  if (!IsNew(place, digest, kNotedOfPlace)) return;
  const uint32_t at = log->text_count.fetch_add(1, std::memory_order_relaxed);
  if (at < kComparedTextsMax) log->texts[at] = texts;
}

}  // namespace

void TraceComparisons(ComparisonLog* to) {
  log = to;
  if (to == nullptr) return;
  memset(noted, 0, sizeof(noted));
  memset(pairs, 0, sizeof(pairs));
  to->number_count.store(0, std::memory_order_relaxed);
  to->text_count.store(0, std::memory_order_relaxed);
}

}  // namespace formfuzz::campaign

namespace ours = formfuzz::campaign;

#define FORMFUZZ_PLACE ours::PlaceOf(__builtin_return_address(0))
#define FORMFUZZ_NUMBERS(NAME, TYPE, CONSTANT)                    \
  extern "C" void NAME(TYPE left, TYPE right) {                   \
    if (__builtin_expect(ours::log != nullptr, 0)) {              \
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
  if (__builtin_expect(ours::log == nullptr, 1)) return;
  const uint64_t count = std::min(cases[0], ours::kCasesMax);
  for (uint64_t i = 0; i < count; ++i) {
    ours::NoteNumbers({cases[2 + i], value, static_cast<uint16_t>(cases[1] / 8),
                       1, FORMFUZZ_PLACE},
                      255);
  }
}

namespace {

void NoteMemory(uint32_t place, const void* left, const void* right,
                size_t size) {
  if (__builtin_expect(ours::log == nullptr, 1)) return;
  ours::NoteTexts(place, left, size, right, size);
}

void NoteStrings(uint32_t place, const char* left, const char* right,
                 size_t most) {
  if (__builtin_expect(ours::log == nullptr, 1)) return;
  ours::NoteTexts(place, left, strnlen(left, most), right,
                  strnlen(right, most));
}

}  // namespace

extern "C" {

int __real_memcmp(const void* left, const void* right, size_t size);
int __wrap_memcmp(const void* left, const void* right, size_t size) {
  NoteMemory(FORMFUZZ_PLACE, left, right, size);
  return __real_memcmp(left, right, size);
}
int __real_bcmp(const void* left, const void* right, size_t size);
int __wrap_bcmp(const void* left, const void* right, size_t size) {
  NoteMemory(FORMFUZZ_PLACE, left, right, size);
  return __real_bcmp(left, right, size);
}
int __real_strcmp(const char* left, const char* right);
int __wrap_strcmp(const char* left, const char* right) {
  NoteStrings(FORMFUZZ_PLACE, left, right, ours::kComparedBytesMax);
  return __real_strcmp(left, right);
}
int __real_strncmp(const char* left, const char* right, size_t most);
int __wrap_strncmp(const char* left, const char* right, size_t most) {
  NoteStrings(FORMFUZZ_PLACE, left, right, most);
  return __real_strncmp(left, right, most);
}
int __real_strcasecmp(const char* left, const char* right);
int __wrap_strcasecmp(const char* left, const char* right) {
  NoteStrings(FORMFUZZ_PLACE, left, right, ours::kComparedBytesMax);
  return __real_strcasecmp(left, right);
}
int __real_strncasecmp(const char* left, const char* right, size_t most);
int __wrap_strncasecmp(const char* left, const char* right, size_t most) {
  NoteStrings(FORMFUZZ_PLACE, left, right, most);
  return __real_strncasecmp(left, right, most);
}
char* __real_strstr(const char* text, const char* word);
char* __wrap_strstr(const char* text, const char* word) {
  NoteStrings(FORMFUZZ_PLACE, text, word, strlen(word));
  return __real_strstr(text, word);
}
}
