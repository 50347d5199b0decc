// SPDX-License-Identifier: Apache-2.0
// The one name for a read-only run of bytes.
#ifndef FORMFUZZ_FRAMEWORK_BASE_BYTES_H_
#define FORMFUZZ_FRAMEWORK_BASE_BYTES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace formfuzz {

// Borrowed: whoever hands one out says how long it lives.
using Bytes = std::span<const uint8_t>;

inline Bytes AsBytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline std::string_view AsText(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Without memcmp: engines listen to that one, and would put what they gave us
// into their tables of operands.
inline bool AreSame(Bytes a, Bytes b) {
  if (a.size() != b.size()) return false;
  using Block = std::array<uint64_t, 4>;
  size_t i = 0;
  for (; i + sizeof(Block) <= a.size(); i += sizeof(Block)) {
    Block of_a;
    Block of_b;
    std::memcpy(&of_a, a.data() + i, sizeof(Block));
    std::memcpy(&of_b, b.data() + i, sizeof(Block));
    uint64_t differ = 0;
    for (size_t k = 0; k < of_a.size(); ++k) differ |= of_a[k] ^ of_b[k];
    if (differ != 0) return false;
  }
  for (; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_BYTES_H_
