// SPDX-License-Identifier: Apache-2.0
// Where a domain encodes to: a growing buffer, the inverse of ByteSource.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_BYTE_SINK_H_
#define FORMFUZZ_FRAMEWORK_INPUT_BYTE_SINK_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "framework/base/bytes.h"

namespace formfuzz {

class ByteSink {
 public:
  // Little-endian, `kBytes` wide.
  template <size_t kBytes>
  void Fixed(uint64_t value) {
    static_assert(kBytes >= 1 && kBytes <= 8);
    Fixed(kBytes, value);
  }
  // `bytes` is at most 8.
  void Fixed(size_t bytes, uint64_t value) {
    if (capacity_ - size_ < 8) [[unlikely]]
      Grow(8);
    std::memcpy(bytes_.get() + size_, &value, 8);
    size_ += bytes;
  }

  void Put(Bytes bytes) {
    if (capacity_ - size_ < bytes.size()) [[unlikely]]
      Grow(bytes.size());
    if (!bytes.empty()) {
      std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    }
    size_ += bytes.size();
  }

  // Overwrites what was put at `offset` before.
  void Patch(size_t offset, uint8_t byte) { bytes_[offset] = byte; }
  // Makes room in the middle, for a length that is known only afterwards.
  void Insert(size_t offset, uint8_t byte);

  Bytes bytes() const { return {bytes_.get(), size_}; }
  size_t size() const { return size_; }
  void Clear() { size_ = 0; }  // keeps the memory

 private:
  void Grow(size_t more);

  std::unique_ptr<uint8_t[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_BYTE_SINK_H_
