// SPDX-License-Identifier: Apache-2.0
// Digests as text.
#include "framework/base/digest.h"

namespace formfuzz {

std::string ToHex(uint64_t digest) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(16, '0');
  for (size_t i = 16; i-- > 0; digest >>= 4) hex[i] = kDigits[digest & 15];
  return hex;
}

}  // namespace formfuzz
