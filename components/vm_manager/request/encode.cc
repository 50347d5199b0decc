// SPDX-License-Identifier: Apache-2.0
// Request to canonical bytes: one walk that measures, one that writes.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "components/vm_manager/request/request.h"
#include "components/vm_manager/request/wire.h"

namespace vm_manager {
namespace {

std::string_view Cut(std::string_view text) {
  return text.substr(0, kWireTextMax);
}

class Measure {
 public:
  template <typename T>
  void Number(const T&) {
    size_ += sizeof(T);
  }
  void Text(std::string_view text) { size_ += 2 + Cut(text).size(); }
  void Bytes(const PublicKey& bytes) { size_ += bytes.size(); }
  void Flag(bool) { size_ += 1; }
  void LevelByte(Level) { size_ += 1; }
  template <typename List>
  void Length(const List&) {
    size_ += 1;
  }
  size_t size() const { return size_; }

 private:
  size_t size_ = 0;
};

// Writes to room that Measure has found.
class Writer {
 public:
  explicit Writer(uint8_t* to) : to_(to) {}

  template <typename T>
  void Number(const T& value) {
    auto rest = static_cast<std::make_unsigned_t<T>>(value);
    for (size_t i = 0; i < sizeof(T); ++i) {
      to_[i] = static_cast<uint8_t>(rest >> (8 * i));
    }
    to_ += sizeof(T);
  }
  void Raw(const void* from, size_t size) {
    if (size > 0) std::memcpy(to_, from, size);
    to_ += size;
  }
  void Text(std::string_view text) {
    text = Cut(text);
    Number(static_cast<uint16_t>(text.size()));
    Raw(text.data(), text.size());
  }
  void Bytes(const PublicKey& bytes) { Raw(bytes.data(), bytes.size()); }
  void Flag(bool value) { *to_++ = value ? 1 : 0; }
  void LevelByte(Level level) { *to_++ = static_cast<uint8_t>(level); }
  template <typename List>
  void Length(const List& list) {
    *to_++ = static_cast<uint8_t>(list.size());
  }

 private:
  uint8_t* to_;
};

}  // namespace

void EncodeRequest(const Request& request, std::vector<uint8_t>* out) {
  std::visit(
      [&](const auto& operation) {
        Measure measure;
        WalkHeader(measure, request);
        Walk(measure, operation);
        out->resize(kWireTag.size() + 1 + measure.size());
        Writer writer(out->data());
        writer.Raw(kWireTag.data(), kWireTag.size());
        writer.Number(static_cast<uint8_t>(request.operation.index()));
        WalkHeader(writer, request);
        Walk(writer, operation);
      },
      request.operation);
}

}  // namespace vm_manager
