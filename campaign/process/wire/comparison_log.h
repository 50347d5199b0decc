// SPDX-License-Identifier: Apache-2.0
// What a program compared during one run, in memory shared with its
// supervisor, which believes nothing in it unchecked. Filled only in runs that
// were asked to; bounded: what finds no room is left out.
#ifndef FORMFUZZ_CAMPAIGN_PROCESS_WIRE_COMPARISON_LOG_H_
#define FORMFUZZ_CAMPAIGN_PROCESS_WIRE_COMPARISON_LOG_H_

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace formfuzz::campaign {

inline constexpr uint32_t kComparedNumbersMax = 8192;
inline constexpr uint32_t kComparedTextsMax = 1024;
inline constexpr uint32_t kComparedBytesMax = 32;  // kept of a text

struct ComparedNumbers {
  uint64_t left;
  uint64_t right;
  uint16_t bytes;  // of each
  // The left one is in the program's code: no input makes it another one.
  uint16_t left_is_constant;
  uint32_t place;  // in the program's code
};

struct ComparedTexts {
  uint32_t place;
  uint8_t left_bytes;
  uint8_t right_bytes;
  uint8_t left[kComparedBytesMax];
  uint8_t right[kComparedBytesMax];
};

struct ComparisonLog {
  alignas(64) std::atomic<uint32_t> number_count;  // may exceed what there is
  std::atomic<uint32_t> text_count;                // likewise
  // Of an unmodified program: instructions that may be looked at, and were.
  uint32_t steps_max;
  std::atomic<uint32_t> steps;
  ComparedNumbers numbers[kComparedNumbersMax];
  ComparedTexts texts[kComparedTextsMax];
};

inline constexpr size_t kComparisonLogBytes =
    (sizeof(ComparisonLog) + 4095) / 4096 * 4096;

}  // namespace formfuzz::campaign

#endif  // FORMFUZZ_CAMPAIGN_PROCESS_WIRE_COMPARISON_LOG_H_
