// SPDX-License-Identifier: Apache-2.0
// Where a domain encodes to: a growing buffer, the inverse of ByteSource.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_BYTE_SINK_H_
#define FORMFUZZ_FRAMEWORK_INPUT_BYTE_SINK_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "framework/base/bytes.h"

namespace formfuzz {

class ByteSink {
 public:
  template <size_t kBytes>
  void Fixed(uint64_t value) {
    uint8_t bytes[kBytes];
    for (uint8_t& byte : bytes) {
      byte = static_cast<uint8_t>(value);
      value >>= 8;
    }
    Put({bytes, kBytes});
  }

  void Fixed(size_t bytes, uint64_t value) {
    switch (bytes) {
      case 0:
        return;
      case 1:
        return Fixed<1>(value);
      case 2:
        return Fixed<2>(value);
      case 4:
        return Fixed<4>(value);
      default:
        return Fixed<8>(value);
    }
  }

  void Put(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }

  Bytes bytes() const { return bytes_; }
  size_t size() const { return bytes_.size(); }
  void Clear() { bytes_.clear(); }

  // Overwrites what was put at `offset` before.
  void Patch(size_t offset, Bytes bytes) {
    std::copy(bytes.begin(), bytes.end(),
              bytes_.begin() + static_cast<ptrdiff_t>(offset));
  }
  // Makes room in the middle, for a length that is known only afterwards.
  void Insert(size_t offset, Bytes bytes) {
    bytes_.insert(bytes_.begin() + static_cast<ptrdiff_t>(offset),
                  bytes.begin(), bytes.end());
  }

 private:
  std::vector<uint8_t> bytes_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_BYTE_SINK_H_
