// SPDX-License-Identifier: Apache-2.0
// First every field of its own, then lengths, then checksums, which may be
// about lengths; the lie comes where the field is written.
#include "generators/document/protocol.h"

#include <algorithm>
#include <utility>

#include "generators/network/internet.h"

namespace formfuzz {
namespace {

using Parts = std::vector<std::vector<uint8_t>>;

std::vector<uint8_t> Encoded(uint64_t number, size_t bytes, bool little) {
  std::vector<uint8_t> out(bytes);
  for (size_t i = 0; i < bytes; ++i) {
    const size_t at = little ? i : bytes - 1 - i;
    out[at] = i < 8 ? static_cast<uint8_t>(number >> (8 * i)) : 0;
  }
  return out;
}

uint64_t Lied(FieldLie lie, uint64_t number) {
  switch (lie) {
    case FieldLie::kNone:
      return number;
    case FieldLie::kOneLess:
      return number - 1;
    case FieldLie::kOneMore:
      return number + 1;
    case FieldLie::kZero:
      return 0;
    case FieldLie::kAllOnes:
      return ~uint64_t{0};
  }
  return number;
}

std::vector<uint8_t> OwnBytes(const FieldSpec& spec, const FieldDraft& draft,
                              bool little) {
  switch (spec.kind) {
    case FieldKind::kMagic:
      return {spec.magic.begin(), spec.magic.end()};
    case FieldKind::kNumber:
      return Encoded(draft.number, spec.bytes, little);
    case FieldKind::kContent: {
      const std::string_view content = draft.content.substr(0, spec.bytes);
      return {content.begin(), content.end()};
    }
    case FieldKind::kLength:
    case FieldKind::kCrc32:
    case FieldKind::kSum16:
      return std::vector<uint8_t>(spec.bytes);
  }
  return {};
}

std::vector<uint8_t> Joined(const Parts& parts, size_t first, size_t last) {
  std::vector<uint8_t> all;
  for (size_t i = first; i <= last && i < parts.size(); ++i) {
    all.insert(all.end(), parts[i].begin(), parts[i].end());
  }
  return all;
}

uint64_t Derived(const FieldSpec& spec, const Parts& parts) {
  const std::vector<uint8_t> about = Joined(parts, spec.about, spec.until);
  if (spec.kind == FieldKind::kLength) return about.size();
  return spec.kind == FieldKind::kCrc32 ? Crc32(about)
                                        : InternetChecksum(about);
}

}  // namespace

FieldSpec Magic(std::string name, std::string bytes) {
  return {.name = std::move(name),
          .kind = FieldKind::kMagic,
          .magic = std::move(bytes)};
}
FieldSpec Number(std::string name, size_t bytes) {
  return {.name = std::move(name), .kind = FieldKind::kNumber, .bytes = bytes};
}
FieldSpec Content(std::string name, size_t bytes_max) {
  return {
      .name = std::move(name), .kind = FieldKind::kContent, .bytes = bytes_max};
}
FieldSpec LengthOf(std::string name, size_t bytes, size_t about, size_t until) {
  return {.name = std::move(name),
          .kind = FieldKind::kLength,
          .bytes = bytes,
          .about = about,
          .until = std::max(about, until)};
}
FieldSpec Crc32Of(std::string name, size_t about, size_t until) {
  return {.name = std::move(name),
          .kind = FieldKind::kCrc32,
          .bytes = 4,
          .about = about,
          .until = std::max(about, until)};
}
FieldSpec Sum16Of(std::string name, size_t about, size_t until) {
  return {.name = std::move(name),
          .kind = FieldKind::kSum16,
          .bytes = 2,
          .about = about,
          .until = std::max(about, until)};
}

uint32_t Crc32(Bytes bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) {
      crc = crc >> 1 ^ (crc % 2 == 0 ? 0 : 0xedb88320);
    }
  }
  return ~crc;
}

std::vector<uint8_t> WriteMessage(const ProtocolSpec& spec,
                                  const MessageDraft& draft) {
  Parts parts;
  for (size_t i = 0; i < spec.fields.size(); ++i) {
    const FieldDraft field =
        i < draft.fields.size() ? draft.fields[i] : FieldDraft{};
    parts.push_back(OwnBytes(spec.fields[i], field, spec.little_endian));
  }
  const auto set = [&](bool lengths) {
    for (size_t i = 0; i < spec.fields.size(); ++i) {
      const FieldSpec& field = spec.fields[i];
      const bool derived = field.kind == FieldKind::kLength ||
                           field.kind == FieldKind::kCrc32 ||
                           field.kind == FieldKind::kSum16;
      if (!derived || (field.kind == FieldKind::kLength) != lengths) continue;
      const FieldLie lie = i == draft.liar ? draft.lie : FieldLie::kNone;
      parts[i] = Encoded(Lied(lie, Derived(field, parts)), field.bytes,
                         spec.little_endian);
    }
  };
  set(/*lengths=*/true);
  set(/*lengths=*/false);
  return Joined(parts, 0, parts.size());
}

ProtocolSpec PngSpec() {
  return {
      .fields = {
          Magic("signature", "\x89PNG\r\n\x1a\n"),
          LengthOf("header_length", 4, 3, 6), Magic("header_type", "IHDR"),
          Number("width", 4), Number("height", 4), Number("depth_and_color", 2),
          Magic("methods", std::string(3, '\0')), Crc32Of("header_crc", 2, 6),
          LengthOf("pixels_length", 4, 10), Magic("type", "IDAT"),
          Content("pixels", 64), Crc32Of("pixels_crc", 9, 10),
          Magic("end", std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12))}};
}

ProtocolSpec RiffSpec() {
  return {.fields = {Magic("riff", "RIFF"), LengthOf("size", 4, 2, 9),
                     Magic("kind", "WAVE"), Magic("format", "fmt "),
                     LengthOf("format_size", 4, 5, 6), Number("codec", 2),
                     Content("format_rest", 14), Magic("data", "data"),
                     LengthOf("data_size", 4, 9), Content("samples", 64)},
          .little_endian = true};
}

}  // namespace formfuzz
