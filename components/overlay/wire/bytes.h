// SPDX-License-Identifier: Apache-2.0
// Reading and writing big-endian numbers in buffers that others own.
//
// A Reader that is asked for more than there is gives zeros and is not ok()
// from then on; a Writer that is given more than fits drops it and is not
// ok(). So code reads or writes a whole packet and asks once.
#ifndef FORMFUZZ_COMPONENTS_OVERLAY_WIRE_BYTES_H_
#define FORMFUZZ_COMPONENTS_OVERLAY_WIRE_BYTES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace overlay {

using Bytes = std::span<const uint8_t>;

class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }
  size_t left() const { return rest_.size(); }

  uint8_t U8() { return static_cast<uint8_t>(Number(1)); }
  uint16_t U16() { return static_cast<uint16_t>(Number(2)); }
  uint32_t U32() { return static_cast<uint32_t>(Number(4)); }
  uint64_t U64() { return Number(8); }

  Bytes Take(size_t size) {
    if (size > rest_.size()) {
      ok_ = false;
      size = 0;
      rest_ = {};
    }
    const Bytes taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  Bytes Rest() { return Take(rest_.size()); }

  template <size_t kSize>
  void Fill(std::array<uint8_t, kSize>& into) {
    const Bytes taken = Take(kSize);
    if (taken.size() == kSize) std::memcpy(into.data(), taken.data(), kSize);
  }

 private:
  uint64_t Number(size_t size) {
    uint64_t number = 0;
    for (const uint8_t byte : Take(size)) number = number << 8 | byte;
    return number;
  }

  Bytes rest_;
  bool ok_ = true;
};

class Writer {
 public:
  explicit Writer(std::span<uint8_t> into) : into_(into) {}

  bool ok() const { return ok_; }
  size_t size() const { return size_; }
  size_t left() const { return into_.size() - size_; }
  Bytes written() const { return into_.first(size_); }

  Writer& U8(uint8_t number) { return Number(number, 1); }
  Writer& U16(uint16_t number) { return Number(number, 2); }
  Writer& U32(uint32_t number) { return Number(number, 4); }
  Writer& U64(uint64_t number) { return Number(number, 8); }

  Writer& Put(Bytes bytes) {
    uint8_t* const at = Reserve(bytes.size());
    if (at != nullptr && !bytes.empty()) {
      std::memcpy(at, bytes.data(), bytes.size());
    }
    return *this;
  }
  // Room to be filled in by the caller; null where there is not as much.
  uint8_t* Reserve(size_t size) {
    if (size > left()) {
      ok_ = false;
      return nullptr;
    }
    uint8_t* const at = into_.data() + size_;
    size_ += size;
    return at;
  }

 private:
  Writer& Number(uint64_t number, size_t size) {
    uint8_t* const at = Reserve(size);
    if (at == nullptr) return *this;
    for (size_t i = 0; i < size; ++i) {
      at[i] = static_cast<uint8_t>(number >> 8 * (size - 1 - i));
    }
    return *this;
  }

  std::span<uint8_t> into_;
  size_t size_ = 0;
  bool ok_ = true;
};

}  // namespace overlay

#endif  // FORMFUZZ_COMPONENTS_OVERLAY_WIRE_BYTES_H_
