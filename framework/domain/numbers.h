// SPDX-License-Identifier: Apache-2.0
// Domains of numbers: bool, integers in a range, floating point.
//
// An integer is encoded in the fewest of 1, 2, 4 or 8 bytes that hold its
// range, little-endian, counted from the number nearest to zero; in the full
// range of a type the bytes are the number itself.
#ifndef FORMFUZZ_FRAMEWORK_DOMAIN_NUMBERS_H_
#define FORMFUZZ_FRAMEWORK_DOMAIN_NUMBERS_H_

#include <bit>
#include <cmath>
#include <concepts>
#include <limits>

#include "framework/domain/domain.h"
#include "framework/domain/range_code.h"

namespace formfuzz {

class BoolDomain {
 public:
  using Value = bool;
  using Repr = bool;

  [[gnu::always_inline]] Repr Decode(ByteSource& in) const {
    return (in.Fixed<1>() & 1) != 0;
  }
  void Encode(const Repr& value, ByteSink& out) const { out.Fixed<1>(value); }
  const Value& Get(const Repr& value) const { return value; }
  size_t BytesMin() const { return 1; }
  void Mutate(Repr& value, Mutation&) const { value = !value; }
  bool Shrink(Repr& value, Arena&, Accept<Repr> accept) const {
    if (!value || !accept(false)) return false;
    value = false;
    return true;
  }
  void Print(const Repr& value, TextSink& out) const {
    out.Put(value ? "true" : "false");
  }
  bool Parse(TextSource& in, Repr* value) const {
    static constexpr std::string_view kWords[] = {"false", "true"};
    size_t index = 0;
    if (!in.ParseOption(kWords, &index)) return false;
    *value = index == 1;
    return true;
  }
  Schema Describe() const { return Schema{.kind = "bool"}; }
};

template <std::integral T>
class IntegerDomain {
 public:
  using Value = T;
  using Repr = T;

  constexpr IntegerDomain(T lowest, T highest)
      : lowest_(lowest),
        span_(Offset(highest, lowest)),
        origin_(Offset(lowest > 0    ? lowest
                       : highest < 0 ? highest
                                     : T{0},
                       lowest)),
        code_(span_) {
    FORMFUZZ_CHECK(lowest <= highest, "InRange: lowest is above highest");
  }

  [[gnu::always_inline]] Repr Decode(ByteSource& in) const {
    return At(code_.Decode(in));
  }
  void Encode(const Repr& value, ByteSink& out) const {
    code_.Encode(RawOf(value), out);
  }
  const Value& Get(const Repr& value) const { return value; }
  size_t BytesMin() const { return code_.width(); }

  void Mutate(Repr& value, Mutation& mutation) const {
    Random& random = mutation.random();
    const uint64_t raw = RawOf(value);
    switch (random.Below(4)) {
      case 0:
        value = At(Nearby(raw, 1 + random.Below(16), random.OneIn(2)));
        break;
      case 1:
        value = At(random.Next() % (span_ + 1 == 0 ? span_ : span_ + 1));
        break;
      case 2:
        value = At(Special(random));
        break;
      default:
        value = At(ByEngine(raw, mutation));
        break;
    }
  }

  // Bisects towards the number nearest to zero.
  bool Shrink(Repr& value, Arena&, Accept<Repr> accept) const {
    const T nearest = At(0);
    if (value == nearest) return false;
    const bool negative = value < nearest;
    uint64_t distance =
        negative ? Offset(nearest, value) : Offset(value, nearest);
    const uint64_t start = distance;
    for (uint64_t low = 0, tried = 0; low <= distance && distance > 0;) {
      tried = low + (distance - low) / 2;
      if (tried == distance) break;
      const T candidate =
          static_cast<T>(negative ? static_cast<uint64_t>(nearest) - tried
                                  : static_cast<uint64_t>(nearest) + tried);
      if (accept(candidate)) {
        distance = tried;
        value = candidate;
      } else {
        low = tried + 1;
      }
      if (distance < low) break;
    }
    return distance != start;
  }

  void Print(const Repr& value, TextSink& out) const {
    if constexpr (std::is_signed_v<T>) {
      out.PutNumber(static_cast<int64_t>(value));
    } else {
      out.PutNumber(static_cast<uint64_t>(value));
    }
  }
  bool Parse(TextSource& in, Repr* value) const {
    if constexpr (std::is_signed_v<T>) {
      int64_t number = 0;
      if (!in.ParseSigned(lowest_, At0(span_), &number)) return false;
      *value = static_cast<T>(number);
    } else {
      uint64_t number = 0;
      if (!in.ParseUnsigned(lowest_, At0(span_), &number)) return false;
      *value = static_cast<T>(number);
    }
    return true;
  }
  Schema Describe() const {
    return Schema{.kind = "integer",
                  .is_signed = std::is_signed_v<T>,
                  .lowest = static_cast<uint64_t>(lowest_),
                  .highest = static_cast<uint64_t>(At0(span_))};
  }

 private:
  static constexpr uint64_t Offset(T value, T from) {
    return static_cast<uint64_t>(value) - static_cast<uint64_t>(from);
  }
  // Counted from the lowest number.
  constexpr T At0(uint64_t offset) const {
    return static_cast<T>(static_cast<uint64_t>(lowest_) + offset);
  }
  // Counted upwards from the origin, past the highest on to the lowest.
  constexpr T At(uint64_t raw) const {
    const uint64_t to_end = span_ - origin_;
    return At0(raw <= to_end ? raw + origin_ : raw - to_end - 1);
  }
  constexpr uint64_t RawOf(T value) const {
    const uint64_t offset = Offset(value, lowest_);
    return offset >= origin_ ? offset - origin_
                             : offset + (span_ - origin_) + 1;
  }
  uint64_t Nearby(uint64_t raw, uint64_t delta, bool down) const {
    if (down) return raw >= delta ? raw - delta : 0;
    return span_ - raw >= delta ? raw + delta : span_;
  }
  uint64_t Special(Random& random) const {
    switch (random.Below(5)) {
      case 0:
        return RawOf(lowest_);
      case 1:
        return RawOf(At0(span_));
      case 2:
        return 0;
      case 3:
        return code_.Fold(uint64_t{1} << random.Below(64));
      default:
        return code_.Fold((uint64_t{1} << random.Below(64)) - 1);
    }
  }
  uint64_t ByEngine(uint64_t raw, Mutation& mutation) const {
    const size_t width = code_.width();
    if (width == 0) return raw;
    uint8_t bytes[8];
    std::memcpy(bytes, &raw, sizeof raw);
    mutation.MutateBytes(bytes, width, width, width);
    uint64_t mutated = 0;
    std::memcpy(&mutated, bytes, width);
    return code_.Fold(mutated);
  }

  T lowest_;
  uint64_t span_;    // highest - lowest
  uint64_t origin_;  // offset of the number nearest to zero
  RangeCode code_;   // of the offset from the origin
};

template <std::floating_point T>
class FloatDomain {
 public:
  using Value = T;
  using Repr = T;
  using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
  static_assert(sizeof(T) == sizeof(Bits));

  // Every value, infinities and one quiet NaN too.
  constexpr FloatDomain() = default;
  constexpr FloatDomain(T lowest, T highest)
      : bounded_(true), lowest_(lowest), highest_(highest) {
    FORMFUZZ_CHECK(
        std::isfinite(lowest) && std::isfinite(highest) && lowest <= highest,
        "InRange: bounds must be finite and in order");
  }

  [[gnu::always_inline]] Repr Decode(ByteSource& in) const {
    return Fit(std::bit_cast<T>(static_cast<Bits>(in.Fixed<sizeof(T)>())));
  }
  void Encode(const Repr& value, ByteSink& out) const {
    out.Fixed<sizeof(T)>(std::bit_cast<Bits>(value));
  }
  const Value& Get(const Repr& value) const { return value; }
  size_t BytesMin() const { return sizeof(T); }

  void Mutate(Repr& value, Mutation& mutation) const {
    constexpr T kSpecial[] = {T{0},
                              T{-0.0},
                              T{1},
                              T{-1},
                              std::numeric_limits<T>::infinity(),
                              -std::numeric_limits<T>::infinity(),
                              std::numeric_limits<T>::quiet_NaN(),
                              std::numeric_limits<T>::max(),
                              std::numeric_limits<T>::min(),
                              std::numeric_limits<T>::denorm_min(),
                              std::numeric_limits<T>::epsilon()};
    Random& random = mutation.random();
    switch (random.Below(4)) {
      case 0:
        value = Fit(value + (random.OneIn(2) ? T{1} : T{-1}));
        break;
      case 1:
        value = Fit(value * (random.OneIn(2) ? T{2} : T{0.5}));
        break;
      case 2:
        value = Fit(kSpecial[random.Below(std::size(kSpecial))]);
        break;
      default: {
        auto bits = std::bit_cast<Bits>(value);
        mutation.MutateBytes(reinterpret_cast<uint8_t*>(&bits), sizeof bits,
                             sizeof bits, sizeof bits);
        value = Fit(std::bit_cast<T>(bits));
      }
    }
  }

  bool Shrink(Repr& value, Arena&, Accept<Repr> accept) const {
    const Bits size = std::bit_cast<Bits>(value);
    for (const T candidate : {Fit(T{0}), Fit(T{1}), Fit(std::trunc(value))}) {
      if (std::bit_cast<Bits>(candidate) >= size) continue;
      if (!accept(candidate)) continue;
      value = candidate;
      return true;
    }
    return false;
  }

  void Print(const Repr& value, TextSink& out) const {
    out.PutNumber(static_cast<double>(value));
  }
  bool Parse(TextSource& in, Repr* value) const {
    double number = 0;
    if (!in.ParseDouble(&number)) return false;
    *value = Fit(static_cast<T>(number));
    if (in.lenient() || !bounded_ || *value == static_cast<T>(number)) {
      return true;
    }
    return in.Fail("a number in the range of this field");
  }
  Schema Describe() const {
    return Schema{.kind = "float",
                  .text = sizeof(T) == 4 ? "32" : "64",
                  .lowest = bounded_ ? std::bit_cast<Bits>(lowest_) : 0,
                  .highest = bounded_ ? std::bit_cast<Bits>(highest_) : 0};
  }

 private:
  // The value itself where it is inside; else a point of the range that its
  // bits choose.
  T Fit(T value) const {
    if (std::isnan(value)) value = std::numeric_limits<T>::quiet_NaN();
    if (!bounded_ || (value >= lowest_ && value <= highest_)) return value;
    constexpr double kScale = 0x1p-64;
    const double part =
        static_cast<double>(Mix(std::bit_cast<Bits>(value))) * kScale;
    if (value == T{0}) return lowest_ > T{0} ? lowest_ : highest_;
    return std::clamp(static_cast<T>(lowest_ + part * (highest_ - lowest_)),
                      lowest_, highest_);
  }

  bool bounded_ = false;
  T lowest_ = 0;
  T highest_ = 0;
};

// Whole numbers or floating point, both ends included.
template <class T>
auto InRange(T lowest, T highest) {
  if constexpr (std::floating_point<T>) {
    return FloatDomain<T>(lowest, highest);
  } else {
    return IntegerDomain<T>(lowest, highest);
  }
}

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_DOMAIN_NUMBERS_H_
