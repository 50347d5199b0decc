// SPDX-License-Identifier: Apache-2.0
// Canonical bytes to request, for bytes that nobody has vouched for yet: every
// length is compared with what is left before it is used.
#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

#include "components/vm_manager/request/request.h"
#include "components/vm_manager/request/wire.h"

namespace vm_manager {
namespace {

// After the first failure every read gives zero or nothing.
class Reader {
 public:
  explicit Reader(std::span<const uint8_t> bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return ok_ && rest_.empty(); }

  std::span<const uint8_t> Take(size_t size) {
    if (!ok_ || size > rest_.size()) {
      ok_ = false;
      return {};
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  template <typename T>
  void Number(T& value) {
    std::make_unsigned_t<T> number = 0;
    const auto bytes = Take(sizeof(T));
    for (size_t i = 0; i < bytes.size(); ++i) {
      number |= static_cast<std::make_unsigned_t<T>>(
          static_cast<std::make_unsigned_t<T>>(bytes[i]) << (8 * i));
    }
    value = static_cast<T>(number);
  }
  void Text(std::string_view& text) {
    uint16_t size = 0;
    Number(size);
    const auto bytes = Take(size);
    text = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  void Bytes(PublicKey& key) {
    const auto bytes = Take(key.size());
    if (ok_) std::memcpy(key.data(), bytes.data(), key.size());
  }
  // A value above `most` has no meaning, and accepting it would give the
  // meaningful ones a second encoding.
  uint8_t Small(uint8_t most) {
    uint8_t value = 0;
    Number(value);
    if (value > most) ok_ = false;
    return ok_ ? value : uint8_t{0};
  }
  void Flag(bool& value) { value = Small(1) == 1; }
  void LevelByte(Level& level) {
    level = static_cast<Level>(Small(static_cast<uint8_t>(Level::kOwner)));
  }
  template <typename List>
  void Length(List& list) {
    const uint8_t length = Small(List::capacity());
    list.clear();
    for (uint8_t i = 0; i < length; ++i) list.push_back({});
  }

 private:
  std::span<const uint8_t> rest_;
  bool ok_ = true;
};

template <size_t kIndex>
void ReadOperation(Reader& reader, Operation& operation) {
  Walk(reader, operation.emplace<kIndex>());
}

using ReadFunction = void (*)(Reader&, Operation&);
constexpr size_t kOperations = std::variant_size_v<Operation>;

template <size_t... kIndex>
constexpr std::array<ReadFunction, kOperations> ReadTable(
    std::index_sequence<kIndex...>) {
  return {&ReadOperation<kIndex>...};
}
constexpr auto kRead = ReadTable(std::make_index_sequence<kOperations>());

bool HasTag(std::span<const uint8_t> bytes) {
  return bytes.size() == kWireTag.size() &&
         std::memcmp(bytes.data(), kWireTag.data(), bytes.size()) == 0;
}

}  // namespace

bool DecodeRequest(std::span<const uint8_t> bytes, Request* request) {
  Reader reader(bytes);
  if (!HasTag(reader.Take(kWireTag.size()))) return false;
  const uint8_t operation = reader.Small(kOperations - 1);
  WalkHeader(reader, *request);
  if (!reader.ok()) return false;
  if (request->issued_at_ms < 0 || request->expires_at_ms < 0) return false;
  kRead[operation](reader, request->operation);
  return reader.AtEnd();
}

}  // namespace vm_manager
