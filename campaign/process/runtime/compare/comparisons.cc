// SPDX-License-Identifier: Apache-2.0
// A place in the code notes a few pairs only, each once: a loop's counter must
// not fill the log.

#include "campaign/process/runtime/compare/comparisons.h"

#include <algorithm>
#include <cstring>

namespace formfuzz::campaign {
namespace {

constexpr size_t kPlaces = 4096;  // of code, folded
constexpr size_t kPairs = 8192;   // remembered, folded

uint8_t noted[kPlaces];
uint32_t pairs[kPairs];

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
  const uint32_t at =
      comparison_log->text_count.fetch_add(1, std::memory_order_relaxed);
  if (at < kComparedTextsMax) comparison_log->texts[at] = texts;
}

}  // namespace

ComparisonLog* comparison_log = nullptr;

// Counted from here, which is in the program or in the zygote's library. Where
// addresses are drawn (a forkserver asks that they are not) places in other
// objects differ from process to process.
uint32_t PlaceOf(const void* address) {
  return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(address) -
                               reinterpret_cast<uintptr_t>(&TraceComparisons));
}

void NoteNumbers(const ComparedNumbers& numbers, uint8_t most) {
  const uint64_t pair = Mixed(numbers.left) ^ numbers.right;
  if (numbers.left == numbers.right || !IsNew(numbers.place, pair, most)) {
    return;
  }
  const uint32_t at =
      comparison_log->number_count.fetch_add(1, std::memory_order_relaxed);
  if (at < kComparedNumbersMax) comparison_log->numbers[at] = numbers;
}

void NoteMemory(uint32_t place, const void* left, const void* right,
                size_t size) {
  NoteTexts(place, left, size, right, size);
}

void NoteStrings(uint32_t place, const char* left, const char* right,
                 size_t most) {
  NoteTexts(place, left, strnlen(left, most), right, strnlen(right, most));
}

void TraceComparisons(ComparisonLog* to) {
  comparison_log = to;
  if (to == nullptr) return;
  memset(noted, 0, sizeof(noted));
  memset(pairs, 0, sizeof(pairs));
  to->number_count.store(0, std::memory_order_relaxed);
  to->text_count.store(0, std::memory_order_relaxed);
}

}  // namespace formfuzz::campaign
