// SPDX-License-Identifier: Apache-2.0
// How a number in [0, highest] stands in bytes: in the fewest of 0, 1, 2, 4
// or 8, little-endian, itself where it fits and wrapped into the range where
// it does not, so that numbers stay legible in the bytes. On the hot path of
// every domain: no branch depends on the value of up to four bytes.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_RANGE_CODE_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_RANGE_CODE_H_

#include <cstddef>
#include <cstdint>

#include "framework/input/byte_sink.h"
#include "framework/input/byte_source.h"

namespace formfuzz {

class RangeCode {
 public:
  explicit constexpr RangeCode(uint64_t highest)
      : highest_(highest),
        width_(WidthOf(highest)),
        mask_(width_ == 0 ? 0 : ~uint64_t{0} >> (64 - 8 * width_)),
        reciprocal_(width_ <= 4 ? ~uint64_t{0} / (highest + 1) + 1 : 0) {}

  [[gnu::always_inline]] uint64_t Decode(ByteSource& in) const {
    return Wrap(in.Masked(width_, mask_));
  }
  void Encode(uint64_t number, ByteSink& out) const {
    out.Fixed(width_, number);
  }

  // Any number into the range: what Decode makes of its bytes.
  constexpr uint64_t Fold(uint64_t number) const {
    return Wrap(number & mask_);
  }

  constexpr uint64_t highest() const { return highest_; }
  constexpr size_t width() const { return width_; }  // bytes

 private:
  // `raw` modulo (highest + 1); `raw` has at most this code's width.
  constexpr uint64_t Wrap(uint64_t raw) const {
    if (width_ > 4) [[unlikely]] {
      return raw <= highest_ ? raw : raw % (highest_ + 1);
    }
    // Lemire, Kaser, Kurz: Faster remainder by direct computation (2019).
    __extension__ using Wide = unsigned __int128;
    const uint64_t fraction = reciprocal_ * raw;
    return static_cast<uint64_t>((Wide{fraction} * (highest_ + 1)) >> 64);
  }

  static constexpr size_t WidthOf(uint64_t highest) {
    if (highest == 0) return 0;
    if (highest <= 0xff) return 1;
    if (highest <= 0xffff) return 2;
    return highest <= 0xffffffff ? 4 : 8;
  }

  uint64_t highest_;
  size_t width_;
  uint64_t mask_;
  uint64_t reciprocal_;
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_RANGE_CODE_H_
