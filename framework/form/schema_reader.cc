// SPDX-License-Identifier: Apache-2.0
// One function a kind of schema; each the mirror of a domain's Decode and
// Print. tests/framework/form holds the two to the same text.
#include "framework/form/schema_reader.h"

#include <bit>
#include <cstdlib>

#include "framework/domain/numbers.h"
#include "framework/domain/range_code.h"
#include "framework/domain/strings.h"
#include "framework/input/handle_counts.h"

namespace formfuzz {
namespace {

using Made = SchemaReader::Made;

void PrintInteger(const Schema& schema, ByteSource& in, TextSink& out) {
  const auto print = [&](const auto& domain) {
    domain.Print(domain.Decode(in), out);
  };
  if (schema.is_signed) {
    print(IntegerDomain<int64_t>(static_cast<int64_t>(schema.lowest),
                                 static_cast<int64_t>(schema.highest)));
  } else {
    print(IntegerDomain<uint64_t>(schema.lowest, schema.highest));
  }
}

template <class T>
void PrintFloat(const Schema& schema, ByteSource& in, TextSink& out) {
  using Bits = typename FloatDomain<T>::Bits;
  const bool bounded = schema.lowest != 0 || schema.highest != 0;
  const auto bound = [](uint64_t bits) {
    return std::bit_cast<T>(static_cast<Bits>(bits));
  };
  const FloatDomain<T> domain =
      bounded ? FloatDomain<T>(bound(schema.lowest), bound(schema.highest))
              : FloatDomain<T>();
  domain.Print(domain.Decode(in), out);
}

void PrintOption(const Schema& schema, ByteSource& in, TextSink& out) {
  if (schema.options.empty()) return;
  const RangeCode code(schema.options.size() - 1);
  const std::string& word = schema.options[code.Decode(in)];
  const bool number =
      word.find_first_not_of("0123456789+-.einfa") == std::string::npos;
  IsName(word) || (number && !word.empty()) ? out.Put(word)
                                            : out.PutQuoted(word);
}

// The alphabet is written "lowest+count".
void PrintString(const Schema& schema, ByteSource& in, TextSink& out) {
  char* end = nullptr;
  const auto lowest =
      static_cast<uint8_t>(std::strtoul(schema.text.c_str(), &end, 10));
  const auto count = static_cast<uint16_t>(
      std::strtoul(*end == '+' ? end + 1 : end, nullptr, 10));
  StringDomain<std::string_view> domain(
      Alphabet{lowest, count == 0 ? uint16_t{256} : count});
  domain.WithMaxSize(schema.highest).WithMinSize(schema.lowest);
  domain.Print(domain.Decode(in), out);
}

bool PrintRegexp(const Schema& schema, ByteSource& in, TextSink& out) {
  if (!Regexp::Compile(schema.text).ok()) return false;
  RegexpDomain<std::string_view> domain(schema.text);
  domain.WithMaxSize(schema.highest);
  domain.Print(domain.Decode(in), out);
  return true;
}

void PrintHandle(const Schema& schema, const Made& made, ByteSource& in,
                 TextSink& out) {
  const uint64_t raw = in.Fixed<1>();
  const auto found = made.find(schema.text);
  uint16_t index = kNoHandle;
  if (raw != kNoHandle && found != made.end() && !found->second.empty()) {
    index = found->second[raw % found->second.size()];
  }
  if (index == kNoHandle) {
    out.Put("no_").Put(schema.text);
  } else {
    out.Put(schema.text).PutNumber(index + 1);
  }
}

bool PrintList(const Schema& schema, const Made& made, ByteSource& in,
               TextSink& out) {
  const Schema& element = schema.children.front();
  const RangeCode code(schema.highest - schema.lowest);
  size_t count = schema.lowest + code.Decode(in);
  const size_t each = SchemaReader::BytesMin(element);
  if (each > 0 && count * each > in.left()) {
    count = std::max<size_t>(schema.lowest, in.left() / each);
  }
  out.Put("[");
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out.Put(", ");
    if (!SchemaReader::Print(element, made, in, out)) return false;
  }
  out.Put("]");
  return true;
}

bool PrintStruct(const Schema& schema, const Made& made, ByteSource& in,
                 TextSink& out) {
  out.Put("{");
  bool first = true;
  for (const Schema& field : schema.children) {
    if (!std::exchange(first, false)) out.Put(", ");
    out.Put(field.name).Put(": ");
    if (!SchemaReader::Print(field, made, in, out)) return false;
  }
  out.Put("}");
  return true;
}

bool PrintTuple(const Schema& schema, const Made& made, ByteSource& in,
                TextSink& out) {
  std::string_view before = "(";
  for (const Schema& part : schema.children) {
    out.Put(std::exchange(before, ", "));
    if (!SchemaReader::Print(part, made, in, out)) return false;
  }
  out.Put(")");
  return true;
}

bool PrintAlternative(const Schema& schema, const Made& made, ByteSource& in,
                      TextSink& out) {
  if (schema.children.empty()) return false;
  const size_t chosen = in.Fixed<1>() % schema.children.size();
  out.PutNumber(chosen + 1).Put("(");
  if (!SchemaReader::Print(schema.children[chosen], made, in, out)) {
    return false;
  }
  out.Put(")");
  return true;
}

bool PrintOptional(const Schema& schema, const Made& made, ByteSource& in,
                   TextSink& out) {
  if ((in.Fixed<1>() & 1) == 0) {
    out.Put("none");
    return true;
  }
  out.Put("some(");
  if (!SchemaReader::Print(schema.children.front(), made, in, out)) {
    return false;
  }
  out.Put(")");
  return true;
}

}  // namespace

bool SchemaReader::Print(const Schema& schema, const Made& made, ByteSource& in,
                         TextSink& out) {
  const std::string& kind = schema.kind;
  const bool has_child = !schema.children.empty();
  if (kind == "struct") return PrintStruct(schema, made, in, out);
  if (kind == "tuple") return PrintTuple(schema, made, in, out);
  if (kind == "list") return has_child && PrintList(schema, made, in, out);
  if (kind == "one_of" || kind == "variant") {
    return PrintAlternative(schema, made, in, out);
  }
  if (kind == "optional") {
    return has_child && PrintOptional(schema, made, in, out);
  }
  if (kind == "regexp") return PrintRegexp(schema, in, out);
  if (kind == "bool") {
    out.Put((in.Fixed<1>() & 1) != 0 ? "true" : "false");
  } else if (kind == "integer") {
    PrintInteger(schema, in, out);
  } else if (kind == "float") {
    schema.text == "32" ? PrintFloat<float>(schema, in, out)
                        : PrintFloat<double>(schema, in, out);
  } else if (kind == "option") {
    PrintOption(schema, in, out);
  } else if (kind == "string") {
    PrintString(schema, in, out);
  } else if (kind == "handle") {
    PrintHandle(schema, made, in, out);
  } else {
    return false;
  }
  return true;
}

size_t SchemaReader::BytesMin(const Schema& schema) {
  const std::string& kind = schema.kind;
  if (kind == "integer") {
    return RangeCode(schema.highest - schema.lowest).width();
  }
  if (kind == "float") return schema.text == "32" ? 4 : 8;
  if (kind == "option") {
    return schema.options.empty()
               ? 0
               : RangeCode(schema.options.size() - 1).width();
  }
  if (kind == "string") {
    return RangeCode(schema.highest - schema.lowest).width() + schema.lowest;
  }
  if (kind == "list" && !schema.children.empty()) {
    return RangeCode(schema.highest - schema.lowest).width() +
           schema.lowest * BytesMin(schema.children.front());
  }
  if (kind == "struct" || kind == "tuple" || kind == "dependent") {
    size_t bytes = 0;
    for (const Schema& field : schema.children) bytes += BytesMin(field);
    return bytes;
  }
  return kind == "regexp" ? 0 : 1;
}

}  // namespace formfuzz
