// SPDX-License-Identifier: Apache-2.0
// What is rare: growing, and making room in the middle.
#include "framework/input/byte_sink.h"

#include <algorithm>

namespace formfuzz {
namespace {

constexpr size_t kCapacityMin = 256;

}  // namespace

void ByteSink::Grow(size_t more) {
  const size_t capacity = std::max({kCapacityMin, 2 * capacity_, size_ + more});
  auto bytes = std::make_unique_for_overwrite<uint8_t[]>(capacity);
  if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

void ByteSink::Insert(size_t offset, uint8_t byte) {
  if (size_ == capacity_) Grow(1);
  uint8_t* at = bytes_.get() + offset;
  std::memmove(at + 1, at, size_ - offset);
  *at = byte;
  ++size_;
}

}  // namespace formfuzz
