// SPDX-License-Identifier: Apache-2.0
// Decodes values by their schema alone, straight into text.
#ifndef FORMFUZZ_FRAMEWORK_FORM_SCHEMA_READER_H_
#define FORMFUZZ_FRAMEWORK_FORM_SCHEMA_READER_H_

#include <map>
#include <string>
#include <vector>

#include "framework/input/byte_source.h"
#include "framework/input/schema.h"
#include "framework/input/text_sink.h"

namespace formfuzz {

class SchemaReader {
 public:
  // What the steps before made, by the name of the kind of handle: the index
  // that each has now, or kNoHandle where it is made no more.
  using Made = std::map<std::string, std::vector<uint16_t>>;

  // False if the schema does not say how the value is encoded; then nothing
  // behind it can be read either.
  static bool Print(const Schema& schema, const Made& made, ByteSource& in,
                    TextSink& out);

  // The fewest bytes that a value of it takes.
  static size_t BytesMin(const Schema& schema);
};

}  // namespace formfuzz

#endif  // FORMFUZZ_FRAMEWORK_FORM_SCHEMA_READER_H_
