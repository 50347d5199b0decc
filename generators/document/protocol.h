// SPDX-License-Identifier: Apache-2.0
// Messages of a protocol, or files of a format, from a short description:
//
//   const ProtocolSpec frame{{Magic("magic", "FF01"), LengthOf("size", 2, 3),
//                             Number("kind", 1), Content("body", 64),
//                             Crc32Of("check", 3)}};
//   auto domain = ProtocolMessages(frame);      // of std::vector<uint8_t>
//
// Lengths and checksums follow the fields that they are about, so that a
// message gets past them; one field at a time may lie.
#ifndef FORMFUZZ_GENERATORS_DOCUMENT_PROTOCOL_H_
#define FORMFUZZ_GENERATORS_DOCUMENT_PROTOCOL_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framework/base/bytes.h"
#include "framework/domain/arbitrary.h"
#include "generators/mostly_first.h"

namespace formfuzz {

enum class FieldKind : uint8_t {
  kMagic,
  kNumber,
  kContent,
  kLength,  // bytes of the fields from `about` up to `until`
  kCrc32,   // of the same fields, as zlib and PNG have it
  kSum16,   // of the same fields: the Internet's checksum
};

struct FieldSpec {
  std::string name;
  FieldKind kind;
  std::string magic = {};
  size_t bytes = 0;  // of a number or a length; at most, of a content
  size_t about = 0;  // first field that a length or checksum is about
  size_t until = 0;  // and the last
};

// A field of each kind. Fields are counted from 0.
FieldSpec Magic(std::string name, std::string bytes);
FieldSpec Number(std::string name, size_t bytes);
FieldSpec Content(std::string name, size_t bytes_max);
FieldSpec LengthOf(std::string name, size_t bytes, size_t about,
                   size_t until = 0);
FieldSpec Crc32Of(std::string name, size_t about, size_t until = 0);
FieldSpec Sum16Of(std::string name, size_t about, size_t until = 0);

struct ProtocolSpec {
  std::vector<FieldSpec> fields;
  bool little_endian = false;
};

enum class FieldLie : uint8_t { kNone, kOneLess, kOneMore, kZero, kAllOnes };

// What a message is made of: a number and a content for each field, of which
// its kind uses one.
struct FieldDraft {
  uint32_t number;
  std::string_view content;
};
struct MessageDraft {
  std::span<const FieldDraft> fields;
  uint8_t liar;  // which field
  FieldLie lie;
};

// Draft fields beyond those of the description are passed over, those that
// are missing are zero.
std::vector<uint8_t> WriteMessage(const ProtocolSpec& spec,
                                  const MessageDraft& draft);
uint32_t Crc32(Bytes bytes);

// All messages of the description.
inline auto ProtocolMessages(ProtocolSpec spec) {
  const size_t count = spec.fields.size();
  const auto liars = static_cast<uint8_t>(count == 0 ? 0 : count - 1);
  return Map(
      [spec = std::move(spec)](const MessageDraft& draft) {
        return WriteMessage(spec, draft);
      },
      StructOf<MessageDraft>(
          SpanOf(StructOf<FieldDraft>(Arbitrary<uint32_t>(),
                                      BytesString<std::string_view>()))
              .WithSize(count),
          InRange<uint8_t>(0, liars), MostlyFirst<FieldLie>()));
}

// Ready-made: a picture of one IDAT chunk (PNG), and a RIFF file of one chunk.
ProtocolSpec PngSpec();
ProtocolSpec RiffSpec();

}  // namespace formfuzz

#endif  // FORMFUZZ_GENERATORS_DOCUMENT_PROTOCOL_H_
