// SPDX-License-Identifier: Apache-2.0
// The one name for a read-only run of bytes.
#ifndef FORMFUZZ_FRAMEWORK_BASE_BYTES_H_
#define FORMFUZZ_FRAMEWORK_BASE_BYTES_H_

#include <cstdint>
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

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_BASE_BYTES_H_
