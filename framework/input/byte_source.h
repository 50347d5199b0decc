// SPDX-License-Identifier: Apache-2.0
// Where a domain decodes from: the bytes of one input, front to back.
//
// Total by construction: once the bytes are used up every read gives zeros,
// and zeros decode to a small value. Views that are handed out live as long
// as the input and the arena do.
#ifndef FORMFUZZ_FRAMEWORK_INPUT_BYTE_SOURCE_H_
#define FORMFUZZ_FRAMEWORK_INPUT_BYTE_SOURCE_H_

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "framework/base/arena.h"
#include "framework/base/bytes.h"
#include "framework/input/handle_counts.h"

namespace formfuzz {

class ByteSource {
 public:
  ByteSource(Bytes bytes, Arena& arena, const HandleCounts* handles = nullptr)
      : at_(bytes.data()),
        left_(bytes.size()),
        arena_(&arena),
        handles_(handles) {}

  // Little-endian, `kBytes` wide; what is missing reads as zero.
  template <size_t kBytes>
  [[gnu::always_inline]] uint64_t Fixed() {
    static_assert(kBytes >= 1 && kBytes <= 8);
    uint64_t value = 0;
    if (left_ >= kBytes) [[likely]] {
      std::memcpy(&value, at_, kBytes);
      Skip(kBytes);
    } else {
      if (left_ > 0) std::memcpy(&value, at_, left_);
      Skip(left_);
    }
    return value;
  }

  // The same for a width known at run time, at most 8; `mask` covers it.
  [[gnu::always_inline]] uint64_t Masked(size_t bytes, uint64_t mask) {
    if (left_ < 8) [[unlikely]]
      return AtEnd(bytes);
    uint64_t value = 0;
    std::memcpy(&value, at_, sizeof value);
    Skip(bytes);
    return value & mask;
  }

  // The same, at most 8 bytes wide.
  uint64_t Fixed(size_t bytes) {
    return Masked(bytes, bytes == 0 ? 0 : ~uint64_t{0} >> (64 - 8 * bytes));
  }

  // At most `size` bytes, fewer at the end.
  [[gnu::always_inline]] Bytes Take(size_t size) {
    const Bytes taken(at_, std::min(size, left_));
    Skip(taken.size());
    return taken;
  }

  // Goes on where a copy of this source has stopped.
  void ContinueAt(const ByteSource& copy) {
    at_ = copy.at_;
    left_ = copy.left_;
  }

  size_t left() const { return left_; }
  Arena& arena() { return *arena_; }
  const HandleCounts* handles() const { return handles_; }

 private:
  // The last up to seven bytes, one by one: without a call that would take the
  // address of this source and so keep it out of registers.
  uint64_t AtEnd(size_t bytes) {
    uint64_t value = 0;
    const size_t size = std::min(bytes, left_);
    for (size_t i = size; i-- > 0;) value = value << 8 | at_[i];
    Skip(size);
    return value;
  }
  void Skip(size_t size) {
    at_ += size;
    left_ -= size;
  }

  const uint8_t* at_;
  size_t left_;
  Arena* arena_;
  const HandleCounts* handles_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_INPUT_BYTE_SOURCE_H_
