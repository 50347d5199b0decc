// SPDX-License-Identifier: Apache-2.0
// The log of comparisons, read with suspicion.

#include "campaign/process/protocol/run_memory_file.h"

#include <algorithm>
#include <cstring>

namespace formfuzz::campaign {
namespace {

std::string BytesOf(uint64_t number, size_t bytes) {
  std::string text(sizeof(number), '\0');
  memcpy(text.data(), &number, sizeof(number));
  text.resize(bytes);
  return text;
}

std::string TextOf(const uint8_t* at, size_t bytes) {
  return {reinterpret_cast<const char*>(at),
          std::min<size_t>(bytes, kComparedBytesMax)};
}

}  // namespace

void RunMemoryFile::ClearComparisons(uint32_t steps_max) {
  log().steps_max = steps_max;
  log().steps.store(0, std::memory_order_relaxed);
  log().number_count.store(0, std::memory_order_relaxed);
  log().text_count.store(0, std::memory_order_relaxed);
}

void RunMemoryFile::TakeComparisons(std::vector<Comparison>& comparisons) {
  const uint32_t numbers =
      std::min(log().number_count.load(), kComparedNumbersMax);
  for (uint32_t i = 0; i < numbers; ++i) {
    const ComparedNumbers noted = log().numbers[i];
    const size_t bytes = noted.bytes;
    if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) continue;
    comparisons.push_back({.left = BytesOf(noted.left, bytes),
                           .right = BytesOf(noted.right, bytes),
                           .numbers = true,
                           .left_is_constant = noted.left_is_constant != 0,
                           .place = noted.place});
  }
  const uint32_t texts = std::min(log().text_count.load(), kComparedTextsMax);
  for (uint32_t i = 0; i < texts; ++i) {
    const ComparedTexts noted = log().texts[i];
    comparisons.push_back({.left = TextOf(noted.left, noted.left_bytes),
                           .right = TextOf(noted.right, noted.right_bytes),
                           .numbers = false,
                           .left_is_constant = false,
                           .place = noted.place});
  }
}

}  // namespace formfuzz::campaign
