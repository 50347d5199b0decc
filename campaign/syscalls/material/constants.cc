// SPDX-License-Identifier: Apache-2.0
// Looks at every byte as if an instruction began there: what is found by
// mistake costs a run.

#include "campaign/syscalls/material/constants.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace formfuzz::campaign {
namespace {

// A blank may end a word: "SETTIME ".
bool IsPrintable(std::string_view bytes) {
  if (bytes.ends_with(' ')) bytes.remove_suffix(1);
  return std::ranges::all_of(bytes, [](char c) { return c > ' ' && c < 127; });
}

// Of an instruction with a ModRM byte: bytes from it to the immediate operand.
size_t SizeOfOperand(uint8_t modrm, uint8_t sib) {
  const int mode = modrm >> 6;
  const int base = modrm & 7;
  if (mode == 3) return 1;
  size_t size = base == 4 ? 2 : 1;
  if (mode == 1) size += 1;
  if (mode == 2 || (mode == 0 && base == 5)) size += 4;
  if (mode == 0 && base == 4 && (sib & 7) == 5) size += 4;
  return size;
}

// Where the immediate operand of an instruction at `at` is, and its size.
std::string_view ImmediateAt(std::string_view code, size_t at) {
  const auto byte = [&](size_t ahead) {
    return at + ahead < code.size() ? static_cast<uint8_t>(code[at + ahead])
                                    : uint8_t{0};
  };
  constexpr uint8_t kCompareAx = 0x3d;
  constexpr uint8_t kXorAx = 0x35;
  constexpr uint8_t kGroup = 0x81;
  size_t offset = 0;
  size_t size = 4;
  if (byte(0) == kCompareAx || byte(0) == kXorAx) {
    offset = 1;
  } else if (byte(0) == kGroup && ((byte(1) >> 3) & 7) >= 6) {  // xor, cmp
    offset = 1 + SizeOfOperand(byte(1), byte(2));
  } else if ((byte(0) & 0xfe) == 0x48 && (byte(1) & 0xf8) == 0xb8) {
    offset = 2;
    size = 8;
  }
  return offset == 0 || at + offset + size > code.size()
             ? std::string_view()
             : code.substr(at + offset, size);
}

}  // namespace

std::vector<std::string> ComparedConstants(std::string_view program) {
  std::vector<std::string> constants;
  for (size_t at = 0; at < program.size(); ++at) {
    const std::string_view found = ImmediateAt(program, at);
    if (found.empty() || !IsPrintable(found)) continue;
    if (std::ranges::find(constants, found) != constants.end()) continue;
    constants.emplace_back(found);
    if (constants.size() >= kConstantsMax) break;
  }
  return constants;
}

std::vector<std::string> ComparedNumbers(std::string_view program) {
  constexpr uint32_t kLeast = 5;
  constexpr uint32_t kMost = 1 << 24;
  std::vector<std::string> numbers;
  for (size_t at = 0; at < program.size(); ++at) {
    const std::string_view found = ImmediateAt(program, at);
    uint32_t number = 0;
    if (found.size() != sizeof(number)) continue;
    memcpy(&number, found.data(), sizeof(number));
    if (number < kLeast || number > kMost) continue;
    std::string text = std::to_string(number);
    if (std::ranges::find(numbers, text) != numbers.end()) continue;
    numbers.push_back(std::move(text));
    if (numbers.size() >= kNumbersMax) break;
  }
  return numbers;
}

}  // namespace formfuzz::campaign
